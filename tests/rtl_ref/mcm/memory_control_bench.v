// memory_control against the images themselves, numbered as they come.
`default_nettype none

module memory_control_bench;
  parameter integer M = 4;
  parameter integer Lanes = 4;
  parameter integer InBeatWidth = 4;
  parameter integer InputBuffers = 1;
  `include "cell_bench.vh"
  localparam integer Beats = (M + InBeatWidth - 1) / InBeatWidth;
  localparam integer Tiles = (M + Lanes - 1) / Lanes;
  localparam integer Kept = 4;  // images that the bench remembers

  reg i_load;
  reg i_load_last;
  reg [(Beats < 2 ? 1 : $clog2(Beats))-1:0] i_load_beat;
  reg [InBeatWidth*8-1:0] i_data;
  reg i_done;
  reg i_read;
  reg [(Tiles < 2 ? 1 : $clog2(Tiles))-1:0] i_tile;
  wire [Lanes*8-1:0] o_node;

  reg [7:0] images[0:Kept*M-1];
  integer beats = 0;
  integer done = 0;  // images
  integer shown = -1;  // the tile at the node port; -1: of no image that is there
  integer element;
  integer i;

  memory_control #(
      .M(M),
      .Lanes(Lanes),
      .InBeatWidth(InBeatWidth),
      .InputBuffers(InputBuffers)
  ) dut (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_load(i_load),
      .i_load_last(i_load_last),
      .i_load_beat(i_load_beat),
      .i_data(i_data),
      .i_done(i_done),
      .i_read(i_read),
      .i_tile(i_tile),
      .o_node(o_node)
  );

  task drive;
    begin
      i_load = beats / Beats - done < InputBuffers && percent(60);
      i_load_beat = beats % Beats;
      i_load_last = beats % Beats == Beats - 1;
      i_data = noise(InBeatWidth * 8);
      i_done = beats / Beats > done && percent(15);
      i_read = beats / Beats > done && !i_done && percent(50);
      i_tile = below(Tiles);
    end
  endtask

  task compare;
    begin
      check("r_state", dut.r_state, beats / Beats > done);
      for (i = 0; shown >= 0 && i < Lanes; i = i + 1) begin
        element = shown * Lanes + i;
        if (element < M) check("o_node", o_node[i*8+:8], images[(done%Kept)*M+element]);
        else check("beyond", o_node[i*8+:8], 0);
      end
    end
  endtask

  task advance;
    if (!i_rst_n) begin
      beats = 0;
      done = 0;
      shown = -1;
    end else begin
      if (i_load) begin
        for (i = 0; i < InBeatWidth; i = i + 1) begin
          element = (beats % Beats) * InBeatWidth + i;
          if (element < M) images[(beats/Beats%Kept)*M+element] = i_data[i*8+:8];
        end
        beats = beats + 1;
      end
      if (i_read) shown = i_tile;
      if (i_done) begin
        done = done + 1;
        shown = -1;
      end
    end
  endtask
endmodule
