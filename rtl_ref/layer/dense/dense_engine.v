// The engine of a plain FC layer (FFNN_k, Fig. 6a of the paper): n dot products over m, one after the
// other. Latency, i_start to o_done: n II T_u + D cycles (docs/reference/timing.md).
// Limits: those of the cells in it.
`default_nettype none

module dense_engine #(
    parameter integer M = 4,
    parameter integer N = 2,
    parameter integer LanesU = 4,
    parameter integer Issue = 0,
    parameter integer ReadLatency = 0,
    parameter integer MultiplyLatency = 0,
    parameter integer AdderLatency = 0,
    parameter integer RequantiseLatency = 0,
    parameter integer WBits = 8,
    parameter WFile = "",
    // derived, not to be set
    parameter integer Tiles = (M + LanesU - 1) / LanesU,
    parameter integer Words = N * Tiles,
    parameter integer TileBits = Tiles < 2 ? 1 : $clog2(Tiles),
    parameter integer WordBits = Words < 2 ? 1 : $clog2(Words),
    parameter integer ElementBits = N < 2 ? 1 : $clog2(N)
) (
    input wire i_clk,
    input wire i_rst_n,
    input wire i_start,
    output wire o_done,
    // input buffer, prefetched
    output wire o_read,
    output wire [TileBits-1:0] o_tile,
    input wire [LanesU*8-1:0] i_node,
    // results
    output wire o_write,
    output wire [ElementBits-1:0] o_word,
    output wire [31:0] o_sums
);
  wire [WordBits-1:0] w_w_word;
  wire [LanesU*WBits-1:0] w_w_wegt;

  memory #(
      .Words(Words),
      .WordBits(LanesU * WBits),
      .InitFile(WFile)
  ) w_memory (
      .i_clk(i_clk),
      .i_read(o_read),
      .i_read_word(w_w_word),
      .o_read_data(w_w_wegt),
      .i_write(1'b0),
      .i_write_word({WordBits{1'b0}}),
      .i_write_data({(LanesU * WBits) {1'b0}})
  );

  dimension_compression_layer #(
      .Operations(N),
      .Tiles(Tiles),
      .Lanes(LanesU),
      .WegtBits(WBits),
      .Issue(Issue),
      .ReadLatency(ReadLatency),
      .MultiplyLatency(MultiplyLatency),
      .AdderLatency(AdderLatency),
      .RequantiseLatency(RequantiseLatency)
  ) dcl (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_start(i_start),
      .o_done(o_done),
      .o_read(o_read),
      .o_word(w_w_word),
      .i_wegt(w_w_wegt),
      .o_next_tile(o_tile),
      .i_node(i_node),
      .o_tile(),
      .o_valid(o_write),
      .i_ready(1'b1),
      .o_k(o_word),
      .o_result(o_sums)
  );
endmodule
