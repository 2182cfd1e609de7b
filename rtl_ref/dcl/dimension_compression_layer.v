// DCL: a dot-product engine. Operations results, each the sum of Tiles tiles of Lanes products;
// in a compressed layer z_k = U[:,k] . x. Timing: docs/reference/timing.md, DCL.
// Limits and latency: those of the two cells in it.
`default_nettype none

module dimension_compression_layer #(
    parameter integer Operations = 2,
    parameter integer Tiles = 1,
    parameter integer Lanes = 2,
    parameter integer NodeBits = 8,
    parameter integer NodeSigned = 0,
    parameter integer WegtBits = 8,
    parameter integer Issue = 0,  // 0 overlapped, 1 stepped
    parameter integer ReadLatency = 0,
    parameter integer MultiplyLatency = 0,
    parameter integer AdderLatency = 0,
    parameter integer RequantiseLatency = 0,
    // derived, not to be set
    parameter integer Words = Operations * Tiles,
    parameter integer WordIndexBits = Words < 2 ? 1 : $clog2(Words),
    parameter integer TileIndexBits = Tiles < 2 ? 1 : $clog2(Tiles),
    parameter integer OperationIndexBits = Operations < 2 ? 1 : $clog2(Operations)
) (
    input wire i_clk,
    input wire i_rst_n,
    input wire i_start,
    output wire o_done,
    // weight and input memory, prefetched
    output wire o_read,
    output wire [WordIndexBits-1:0] o_word,
    output wire [TileIndexBits-1:0] o_next_tile,
    input wire [Lanes*WegtBits-1:0] i_wegt,
    input wire [Lanes*NodeBits-1:0] i_node,
    // the tile at the ports, for inputs in registers
    output wire [TileIndexBits-1:0] o_tile,
    // results
    output wire o_valid,
    input wire i_ready,
    output wire [OperationIndexBits-1:0] o_k,
    output wire [31:0] o_result
);
  wire w_enable;
  wire w_retire;
  wire w_first;

  dcl_state_control #(
      .Operations(Operations),
      .Tiles(Tiles),
      .Issue(Issue),
      .ReadLatency(ReadLatency),
      .MultiplyLatency(MultiplyLatency),
      .AdderLatency(AdderLatency),
      .RequantiseLatency(RequantiseLatency)
  ) dcl_scm (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_start(i_start),
      .o_done(o_done),
      .o_read(o_read),
      .o_word(o_word),
      .o_next_tile(o_next_tile),
      .o_tile(o_tile),
      .o_enable(w_enable),
      .o_retire(w_retire),
      .o_first(w_first),
      .o_valid(o_valid),
      .i_ready(i_ready),
      .o_k(o_k)
  );

  // Stepped issue ends Compute and Multiply with a register each; Accumulate ends in the sum's own.
  u_matrix_calculator #(
      .Lanes(Lanes),
      .NodeBits(NodeBits),
      .NodeSigned(NodeSigned),
      .WegtBits(WegtBits),
      .ReadStages(ReadLatency + Issue),
      .MultiplyStages(MultiplyLatency + Issue),
      .AdderStages(AdderLatency),
      .ResultStages(RequantiseLatency)
  ) u_mc (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(w_enable),
      .i_retire(w_retire),
      .i_first(w_first),
      .i_node(i_node),
      .i_wegt(i_wegt),
      .o_result(o_result)
  );
endmodule
