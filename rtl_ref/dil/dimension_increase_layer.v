// DIL: y += z_k V[k,:] for Operations operands z_k, Tiles tiles of Lanes sums each. The products of
// the last operation complete the sums, which leave tile by tile, without bias, at o_sums.
// Timing: docs/reference/timing.md, DIL. Limits and latency: those of the two cells in it.
`default_nettype none

module dimension_increase_layer #(
    parameter integer Operations = 2,
    parameter integer Tiles = 1,
    parameter integer Lanes = 2,
    parameter integer ZBits = 16,
    parameter integer WegtBits = 8,
    parameter integer ReadLatency = 0,
    parameter integer MultiplyLatency = 0,
    parameter integer RequantiseLatency = 0,
    parameter integer PsumStorage = 0,  // 0 registers, 1 memory
    // derived, not to be set
    parameter integer Words = Operations * Tiles,
    parameter integer WordIndexBits = Words < 2 ? 1 : $clog2(Words),
    parameter integer TileIndexBits = Tiles < 2 ? 1 : $clog2(Tiles)
) (
    input wire i_clk,
    input wire i_rst_n,
    output wire o_done,
    // operands
    input wire i_valid,
    output wire o_ready,
    input wire [ZBits-1:0] i_z,
    // V memory, prefetched
    output wire o_read,
    output wire [WordIndexBits-1:0] o_word,
    input wire [Lanes*WegtBits-1:0] i_wegt,
    // complete sums
    output wire o_write,
    output wire [TileIndexBits-1:0] o_tile,
    output wire [Lanes*32-1:0] o_sums
);
  wire [ZBits-1:0] w_operand;
  wire w_accumulate;
  wire w_first;
  wire w_last;
  wire w_sum_read;
  wire [TileIndexBits-1:0] w_tile;
  wire [TileIndexBits-1:0] w_sum_tile;

  dil_state_control #(
      .Operations(Operations),
      .Tiles(Tiles),
      .ZBits(ZBits),
      .ReadLatency(ReadLatency),
      .MultiplyLatency(MultiplyLatency),
      .RequantiseLatency(RequantiseLatency)
  ) dil_scm (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .o_done(o_done),
      .i_valid(i_valid),
      .o_ready(o_ready),
      .i_z(i_z),
      .o_operand(w_operand),
      .o_read(o_read),
      .o_word(o_word),
      .o_accumulate(w_accumulate),
      .o_first(w_first),
      .o_last(w_last),
      .o_tile(w_tile),
      .o_write(o_write),
      .o_write_tile(o_tile),
      .o_sum_read(w_sum_read),
      .o_sum_tile(w_sum_tile)
  );

  v_matrix_calculator #(
      .Lanes(Lanes),
      .Tiles(Tiles),
      .NodeBits(ZBits),
      .WegtBits(WegtBits),
      .ReadStages(ReadLatency),
      .MultiplyStages(MultiplyLatency),
      .PsumStorage(PsumStorage),
      .ResultStages(RequantiseLatency)
  ) v_mc (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_node(w_operand),
      .i_wegt(i_wegt),
      .i_first(w_first),
      .i_write(w_accumulate && !w_last),
      .i_tile(w_tile),
      .i_sum_read(w_sum_read),
      .i_sum_tile(w_sum_tile),
      .o_result(o_sums)
  );
endmodule
