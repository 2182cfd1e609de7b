// MCM: takes the beats of an image into the input buffer that is being filled (Write) and, as soon as
// one is complete, shows the engine the tiles of it that it reads (Read); with two buffers both at once.
// Timing: docs/reference/timing.md, MCM.
// Limits: i_load only while a buffer is free, i_read and i_done only in Read. Latency: a tile stands at the
// node port in the cycle after i_read, until the next one.
`default_nettype none

module memory_control #(
    parameter integer M = 4,
    parameter integer Lanes = 4,
    parameter integer InBeatWidth = 4,
    parameter integer InputBuffers = 1,
    // derived, not to be set
    parameter integer Beats = (M + InBeatWidth - 1) / InBeatWidth,
    parameter integer Tiles = (M + Lanes - 1) / Lanes,
    parameter integer BeatIndexBits = Beats < 2 ? 1 : $clog2(Beats),
    parameter integer TileIndexBits = Tiles < 2 ? 1 : $clog2(Tiles)
) (
    input wire i_clk,
    input wire i_rst_n,
    // input link, beats as L-SCM numbers them
    input wire i_load,
    input wire i_load_last,
    input wire [BeatIndexBits-1:0] i_load_beat,
    input wire [InBeatWidth*8-1:0] i_data,
    // engine
    input wire i_done,
    input wire i_read,
    input wire [TileIndexBits-1:0] i_tile,
    output wire [Lanes*8-1:0] o_node
);
  generate
    if (InputBuffers < 1 || InputBuffers > 2) memory_control_InputBuffers_must_be_1_or_2 limit ();
  endgenerate

  localparam [1:0] Write = 2'd0;
  localparam [1:0] Read = 2'd1;

  reg [1:0] r_state;
  reg [1:0] w_state_next;
  reg [1:0] r_complete;
  reg [1:0] w_complete_next;
  wire w_completes = i_load && i_load_last;
  wire w_fill;  // the buffer that is being filled
  wire w_read;  // the buffer that the engine reads
  wire [InputBuffers*Lanes*8-1:0] w_tiles;

  wire w_shown = InputBuffers == 1 ? 1'b0 : w_read;
  assign o_node = w_tiles[w_shown*Lanes*8+:Lanes*8];

  always @* begin
    w_complete_next = r_complete;
    if (w_completes && !i_done) w_complete_next = r_complete + 2'd1;
    if (!w_completes && i_done) w_complete_next = r_complete - 2'd1;
  end

  always @* begin
    w_state_next = Write;
    if (w_complete_next != 2'd0) w_state_next = Read;
  end

  always @(posedge i_clk) begin
    if (!i_rst_n) begin
      r_state <= Write;
      r_complete <= 2'd0;
    end else begin
      r_state <= w_state_next;
      r_complete <= w_complete_next;
    end
  end

  counter #(
      .Count(InputBuffers)
  ) fill (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(w_completes),
      .o_value(w_fill),
      .o_next(),
      .o_first(),
      .o_last()
  );

  counter #(
      .Count(InputBuffers)
  ) read (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(i_done),
      .o_value(w_read),
      .o_next(),
      .o_first(),
      .o_last()
  );

  generate
    genvar b;
    for (b = 0; b < InputBuffers; b = b + 1) begin : g_input
      input_buffer #(
          .M(M),
          .Lanes(Lanes),
          .InBeatWidth(InBeatWidth)
      ) memory (
          .i_clk(i_clk),
          .i_write(i_load && w_fill == b),
          .i_write_beat(i_load_beat),
          .i_write_data(i_data),
          .i_read(i_read && w_read == b),
          .i_read_tile(i_tile),
          .o_node(w_tiles[b*Lanes*8+:Lanes*8])
      );
    end
  endgenerate
endmodule
