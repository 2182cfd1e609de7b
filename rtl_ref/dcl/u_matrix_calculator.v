// U-MC: Lanes products of a tile, their sum, and the accumulator. ReadStages registers follow the
// operands, MultiplyStages stand in the multipliers, AdderStages in the adder tree; i_enable moves them all.
// result is the running sum including the tile that retires in this cycle; o_result is that, or with
// ResultStages 1 the accumulator, which has it in the enabled cycle after.
// Limits: those of the cells in it; sums wrap at 32 bits. Latency, operands to o_result:
// ReadStages + MultiplyStages + AdderStages + ResultStages enabled cycles.
`default_nettype none

module u_matrix_calculator #(
    parameter integer Lanes = 2,
    parameter integer NodeBits = 8,
    parameter integer NodeSigned = 0,
    parameter integer WegtBits = 8,
    parameter integer ReadStages = 0,
    parameter integer MultiplyStages = 0,
    parameter integer AdderStages = 0,
    parameter integer ResultStages = 0
) (
    input wire i_clk,
    input wire i_rst_n,
    input wire i_enable,
    input wire i_retire,
    input wire i_first,
    input wire [Lanes*NodeBits-1:0] i_node,
    input wire [Lanes*WegtBits-1:0] i_wegt,
    output wire [31:0] o_result
);
  generate
    if (Lanes < 1) u_matrix_calculator_Lanes_must_be_at_least_1 limit ();
    if (ResultStages < 0 || ResultStages > 1) u_matrix_calculator_ResultStages_must_be_0_or_1 limit ();
  endgenerate

  localparam integer ProductBits = NodeBits + WegtBits;
  // What a multiplier, and the accumulator with all that takes its result, last in levels of the tree.
  localparam integer MultiplierLevels = 3;
  localparam integer AccumulatorLevels = ResultStages == 0 ? 4 : 2;

  wire [Lanes*NodeBits-1:0] w_node;
  wire [Lanes*WegtBits-1:0] w_wegt;
  wire [Lanes*ProductBits-1:0] w_mult;
  wire [31:0] w_sum;
  reg [31:0] r_accumulator;
  wire [31:0] result = (i_first ? 32'd0 : r_accumulator) + w_sum;

  assign o_result = ResultStages == 0 ? result : r_accumulator;

  always @(posedge i_clk) begin
    if (!i_rst_n) r_accumulator <= 32'd0;
    else if (i_enable && i_retire) r_accumulator <= result;
  end

  delay_line #(
      .Width (Lanes * (NodeBits + WegtBits)),
      .Stages(ReadStages)
  ) operands (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(i_enable),
      .i_data({i_node, i_wegt}),
      .o_data({w_node, w_wegt})
  );

  multipliers #(
      .Lanes(Lanes),
      .NodeBits(NodeBits),
      .NodeSigned(NodeSigned),
      .WegtBits(WegtBits),
      .Stages(MultiplyStages)
  ) products (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(i_enable),
      .i_node(w_node),
      .i_wegt(w_wegt),
      .o_products(w_mult)
  );

  adder_tree #(
      .Lanes(Lanes),
      .TermBits(ProductBits),
      .Stages(AdderStages),
      .Before(MultiplyStages == 0 ? MultiplierLevels : 0),
      .Behind(AccumulatorLevels)
  ) sum (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(i_enable),
      .i_terms(w_mult),
      .o_sum(w_sum)
  );
endmodule
