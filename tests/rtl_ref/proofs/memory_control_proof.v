// What is proved of MCM for every image, every tile that the engine asks for and every reset: while an
// image is complete, each of its pixels stands at its place of the node port in whichever tile is read that
// has it, as it came, until the next read; and nothing that is loaded meanwhile changes it.
// One pixel is watched, any one: the prover chooses which before it begins.
// Its neighbours keep the block's limits: beats come in order and only while a buffer is free, the engine
// reads only an image that is there, and is done only with such a one.
`default_nettype none

module proof #(
    parameter integer M = 3,
    parameter integer Lanes = 2,
    parameter integer InBeatWidth = 2,
    parameter integer InputBuffers = 2
) (
    input wire i_clk,
    input wire i_reset,
    input wire i_offers,
    input wire i_engine_done,
    input wire i_engine_reads,
    input wire [3:0] i_watched,
    input wire [3:0] i_wanted_tile,
    input wire [InBeatWidth*8-1:0] i_data,
    output wire o_bad
);
  localparam integer Beats = (M + InBeatWidth - 1) / InBeatWidth;
  localparam integer Tiles = (M + Lanes - 1) / Lanes;
  localparam integer BeatIndexBits = Beats < 2 ? 1 : $clog2(Beats);
  localparam integer TileIndexBits = Tiles < 2 ? 1 : $clog2(Tiles);

  wire w_rst_n;
  reg r_chosen = 1'b0;
  reg [3:0] r_watched;
  reg [3:0] r_beat;      // the next on the link
  reg [1:0] r_complete;  // images
  reg [7:0] r_coming;    // the watched pixel of the image that is being loaded
  reg [7:0] r_first;     // of the complete images, the older first
  reg [7:0] r_second;

  reset_first reset (
      .i_clk(i_clk),
      .i_reset(i_reset),
      .o_rst_n(w_rst_n)
  );

  wire w_load = i_offers && r_complete < InputBuffers;
  wire w_last = r_beat == Beats - 1;
  wire w_done = i_engine_done && r_complete != 2'd0;
  wire w_read = i_engine_reads && !w_done && r_complete != 2'd0;
  wire [3:0] w_tile = i_wanted_tile < Tiles ? i_wanted_tile : 4'd0;
  reg r_shown = 1'b0;  // a tile of the oldest image stands at the node port
  reg [3:0] r_tile;
  wire [Lanes*8-1:0] w_node;

  memory_control #(
      .M(M),
      .Lanes(Lanes),
      .InBeatWidth(InBeatWidth),
      .InputBuffers(InputBuffers)
  ) dut (
      .i_clk(i_clk),
      .i_rst_n(w_rst_n),
      .i_load(w_load),
      .i_load_last(w_last),
      .i_load_beat(r_beat[BeatIndexBits-1:0]),
      .i_data(i_data),
      .i_done(w_done),
      .i_read(w_read),
      .i_tile(w_tile[TileIndexBits-1:0]),
      .o_node(w_node)
  );

  wire [7:0] w_place_in_beat = r_watched - r_beat * InBeatWidth;
  wire w_watched_comes = w_load && r_watched >= r_beat * InBeatWidth && w_place_in_beat < InBeatWidth;
  wire [7:0] w_coming = w_watched_comes ? i_data[w_place_in_beat*8+:8] : r_coming;
  wire w_completes = w_load && w_last;

  always @(posedge i_clk) begin
    r_chosen <= 1'b1;
    if (!r_chosen) r_watched <= i_watched < M ? i_watched : 4'd0;
    if (!w_rst_n) begin
      r_beat <= 4'd0;
      r_complete <= 2'd0;
      r_shown <= 1'b0;
    end else begin
      if (w_read) r_tile <= w_tile;
      r_shown <= !w_done && (r_shown || w_read);
      if (w_load) r_beat <= w_last ? 4'd0 : r_beat + 4'd1;
      r_complete <= r_complete + w_completes - w_done;
      r_coming <= w_coming;
      if (w_done) r_first <= r_complete == 2'd2 ? r_second : w_coming;
      else if (w_completes && r_complete == 2'd0) r_first <= w_coming;
      if (w_completes) r_second <= w_coming;
    end
  end

  wire [7:0] w_place_in_tile = r_watched - r_tile * Lanes;
  wire w_in_tile = r_watched >= r_tile * Lanes && w_place_in_tile < Lanes;

  assign o_bad = w_rst_n && r_shown && w_in_tile && w_node[w_place_in_tile*8+:8] != r_first;
endmodule
