// V-MC: multiplies one operand with Lanes weights and adds the products to Lanes running sums.
// ReadStages registers follow operand and weights, MultiplyStages stand in the multipliers. The n running sums are kept in registers
// (PsumStorage 0) or in a memory, prefetched (1). result is the sums with this tile's products, o_result the
// same ResultStages cycles later.
// Limits: those of the cells in it; sums wrap at 32 bits; sums in a memory are read with
// i_sum_read in the cycle before. Latency, operands to result: ReadStages + MultiplyStages cycles, to o_result ResultStages more.
`default_nettype none

module v_matrix_calculator #(
    parameter integer Lanes = 2,
    parameter integer Tiles = 1,
    parameter integer NodeBits = 16,
    parameter integer WegtBits = 8,
    parameter integer ReadStages = 0,
    parameter integer MultiplyStages = 0,
    parameter integer PsumStorage = 0,
    parameter integer ResultStages = 0,
    // derived, not to be set
    parameter integer TileIndexBits = Tiles < 2 ? 1 : $clog2(Tiles)
) (
    input wire i_clk,
    input wire i_rst_n,
    input wire [NodeBits-1:0] i_node,
    input wire [Lanes*WegtBits-1:0] i_wegt,
    input wire i_first,
    input wire i_write,
    input wire [TileIndexBits-1:0] i_tile,
    input wire i_sum_read,
    input wire [TileIndexBits-1:0] i_sum_tile,
    output wire [Lanes*32-1:0] o_result
);
  generate
    if (Lanes < 1) v_matrix_calculator_Lanes_must_be_at_least_1 limit ();
    if (Tiles < 1) v_matrix_calculator_Tiles_must_be_at_least_1 limit ();
    if (PsumStorage < 0 || PsumStorage > 1) v_matrix_calculator_PsumStorage_must_be_0_or_1 limit ();
  endgenerate

  localparam integer ProductBits = NodeBits + WegtBits;

  wire [NodeBits-1:0] w_node;
  wire [Lanes*WegtBits-1:0] w_wegt;
  wire [Lanes*ProductBits-1:0] w_mult;
  wire [Lanes*32-1:0] w_stored;
  reg [Lanes*32-1:0] result;
  wire [Lanes*32-1:0] w_sums = i_first ? {(Lanes * 32) {1'b0}} : w_stored;
  integer i;

  always @* begin
    for (i = 0; i < Lanes; i = i + 1) begin
      result[i*32+:32] =
          $signed(w_sums[i*32+:32]) + $signed(w_mult[i*ProductBits+:ProductBits]);
    end
  end

  delay_line #(
      .Width (NodeBits + Lanes * WegtBits),
      .Stages(ReadStages)
  ) operands (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(1'b1),
      .i_data({i_node, i_wegt}),
      .o_data({w_node, w_wegt})
  );

  multipliers #(
      .Lanes(Lanes),
      .NodeBits(NodeBits),
      .NodeSigned(1),
      .WegtBits(WegtBits),
      .Stages(MultiplyStages)
  ) products (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(1'b1),
      .i_node({Lanes{w_node}}),
      .i_wegt(w_wegt),
      .o_products(w_mult)
  );

  delay_line #(
      .Width (Lanes * 32),
      .Stages(ResultStages)
  ) complete (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(1'b1),
      .i_data(result),
      .o_data(o_result)
  );

  generate
    if (PsumStorage == 0) begin : g_registers
      register_file #(
          .Elements(Tiles),
          .ElementBits(Lanes * 32)
      ) psum (
          .i_clk(i_clk),
          .i_write(i_write),
          .i_write_word(i_tile),
          .i_write_data(result),
          .i_read_word(i_tile),
          .o_read_data(w_stored)
      );
      wire w_unused = &{1'b0, i_sum_read, i_sum_tile};
    end else begin : g_memory
      memory #(
          .Words(Tiles),
          .WordBits(Lanes * 32)
      ) psum (
          .i_clk(i_clk),
          .i_read(i_sum_read),
          .i_read_word(i_sum_tile),
          .o_read_data(w_stored),
          .i_write(i_write),
          .i_write_word(i_tile),
          .i_write_data(result)
      );
    end
  endgenerate
endmodule
