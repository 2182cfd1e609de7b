// input_buffer against the elements written, in images that come beat by beat.
`default_nettype none

module input_buffer_bench;
  parameter integer M = 4;
  parameter integer Lanes = 4;
  parameter integer InBeatWidth = 4;
  `include "cell_bench.vh"
  localparam integer Beats = (M + InBeatWidth - 1) / InBeatWidth;
  localparam integer Tiles = (M + Lanes - 1) / Lanes;

  reg i_write;
  reg [(Beats < 2 ? 1 : $clog2(Beats))-1:0] i_write_beat;
  reg [InBeatWidth*8-1:0] i_write_data;
  reg i_read;
  reg [(Tiles < 2 ? 1 : $clog2(Tiles))-1:0] i_read_tile;
  wire [Lanes*8-1:0] o_node;

  reg [7:0] image[0:M-1];
  integer beat = 0;  // of the image that is written; Beats: it is complete
  integer shown = -1;  // the tile at the node port; -1: of no complete image
  integer element;
  integer i;

  input_buffer #(
      .M(M),
      .Lanes(Lanes),
      .InBeatWidth(InBeatWidth)
  ) dut (
      .i_clk(i_clk),
      .i_write(i_write),
      .i_write_beat(i_write_beat),
      .i_write_data(i_write_data),
      .i_read(i_read),
      .i_read_tile(i_read_tile),
      .o_node(o_node)
  );

  task drive;
    begin
      if (beat == Beats && percent(5)) begin
        beat = 0;
        shown = -1;
      end
      i_write = beat < Beats && percent(70);
      i_write_beat = beat < Beats ? beat : below(Beats);
      i_write_data = noise(InBeatWidth * 8);
      i_read = beat == Beats && percent(60);
      i_read_tile = below(Tiles);
    end
  endtask

  task compare;
    for (i = 0; shown >= 0 && i < Lanes; i = i + 1) begin
      element = shown * Lanes + i;
      check("o_node", o_node[i*8+:8], element < M ? image[element] : 0);
    end
  endtask

  task advance;
    begin
      for (i = 0; i_write && i < InBeatWidth; i = i + 1) begin
        element = beat * InBeatWidth + i;
        if (element < M) image[element] = i_write_data[i*8+:8];
      end
      if (i_write) beat = beat + 1;
      if (i_read) shown = i_read_tile;
    end
  endtask
endmodule
