// U-MC: Lanes products of a tile, their sum, and the accumulator. ReadStages registers follow the
// operands, MultiplyStages the multipliers, AdderStages the adder tree; i_enable moves them all.
// result is the running sum including the tile that retires in this cycle.
// Limits: nodes of 1 to 24 bits, weights of 1 to 8; sums wrap at 32 bits. Latency, operands to result:
// ReadStages + MultiplyStages + AdderStages enabled cycles.
`default_nettype none

module u_matrix_calculator #(
    parameter integer Lanes = 2,
    parameter integer NodeBits = 8,
    parameter integer NodeSigned = 0,
    parameter integer WegtBits = 8,
    parameter integer ReadStages = 0,
    parameter integer MultiplyStages = 0,
    parameter integer AdderStages = 0
) (
    input wire i_clk,
    input wire i_rst_n,
    input wire i_enable,
    input wire i_retire,
    input wire i_first,
    input wire [Lanes*NodeBits-1:0] i_node,
    input wire [Lanes*WegtBits-1:0] i_wegt,
    output wire [31:0] result
);
  generate
    if (Lanes < 1) u_matrix_calculator_Lanes_must_be_at_least_1 limit ();
    if (NodeBits < 1 || NodeBits > 24) u_matrix_calculator_NodeBits_must_be_1_to_24 limit ();
    if (NodeSigned < 0 || NodeSigned > 1) u_matrix_calculator_NodeSigned_must_be_0_or_1 limit ();
    if (WegtBits < 1 || WegtBits > 8) u_matrix_calculator_WegtBits_must_be_1_to_8 limit ();
  endgenerate

  localparam integer ProductBits = NodeBits + WegtBits;

  wire [Lanes*NodeBits-1:0] w_node;
  wire [Lanes*WegtBits-1:0] w_wegt;
  reg [Lanes*ProductBits-1:0] w_mult;
  wire [Lanes*ProductBits-1:0] w_products;
  reg [31:0] w_tree;
  wire [31:0] w_sum;
  reg [31:0] r_accumulator;
  integer i;
  integer j;

  assign result = (i_first ? 32'd0 : r_accumulator) + w_sum;

  always @* begin
    for (i = 0; i < Lanes; i = i + 1) begin
      w_mult[i*ProductBits+:ProductBits] =
          $signed({NodeSigned != 0 && w_node[i*NodeBits+NodeBits-1], w_node[i*NodeBits+:NodeBits]}) *
          $signed(w_wegt[i*WegtBits+:WegtBits]);
    end
  end

  always @* begin
    w_tree = 32'd0;
    for (j = 0; j < Lanes; j = j + 1) begin
      w_tree = $signed(w_tree) + $signed(w_products[j*ProductBits+:ProductBits]);
    end
  end

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

  delay_line #(
      .Width (Lanes * ProductBits),
      .Stages(MultiplyStages)
  ) products (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(i_enable),
      .i_data(w_mult),
      .o_data(w_products)
  );

  delay_line #(
      .Width (32),
      .Stages(AdderStages)
  ) sum (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(i_enable),
      .i_data(w_tree),
      .o_data(w_sum)
  );
endmodule
