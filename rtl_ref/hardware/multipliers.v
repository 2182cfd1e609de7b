// Lanes products of nodes and signed weights. Of Stages registers the last stands behind the products, the
// one before between the partial products (node times lower and upper half of the weight) and their sum, all
// others in front of the multipliers.
// Limits: as the guards say. Latency: Stages enabled cycles.
`default_nettype none

module multipliers #(
    parameter integer Lanes = 2,
    parameter integer NodeBits = 8,
    parameter integer NodeSigned = 0,
    parameter integer WegtBits = 8,
    parameter integer Stages = 0,
    parameter integer ProductBits = NodeBits + WegtBits  // derived, not to be set
) (
    input wire i_clk,
    input wire i_rst_n,
    input wire i_enable,
    input wire [Lanes*NodeBits-1:0] i_node,
    input wire [Lanes*WegtBits-1:0] i_wegt,
    output wire [Lanes*ProductBits-1:0] o_products
);
  generate
    if (Lanes < 1) multipliers_Lanes_must_be_at_least_1 limit ();
    if (NodeBits < 1 || NodeBits > 24) multipliers_NodeBits_must_be_1_to_24 limit ();
    if (NodeSigned < 0 || NodeSigned > 1) multipliers_NodeSigned_must_be_0_or_1 limit ();
    if (WegtBits < 2 || WegtBits > 8) multipliers_WegtBits_must_be_2_to_8 limit ();
    if (Stages < 0) multipliers_Stages_must_be_at_least_0 limit ();
  endgenerate

  localparam integer OperandStages = Stages > 2 ? Stages - 2 : 0;
  localparam integer ProductStages = Stages > 0 ? 1 : 0;

  wire [Lanes*NodeBits-1:0] w_node;
  wire [Lanes*WegtBits-1:0] w_wegt;
  reg  [Lanes*ProductBits-1:0] w_mult;

  delay_line #(
      .Width (Lanes * (NodeBits + WegtBits)),
      .Stages(OperandStages)
  ) operands (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(i_enable),
      .i_data({i_node, i_wegt}),
      .o_data({w_node, w_wegt})
  );

  generate
    if (Stages < 2) begin : g_whole
      integer i;
      always @* begin
        for (i = 0; i < Lanes; i = i + 1) begin
          w_mult[i*ProductBits+:ProductBits] =
              $signed({NodeSigned != 0 && w_node[i*NodeBits+NodeBits-1], w_node[i*NodeBits+:NodeBits]}) *
              $signed(w_wegt[i*WegtBits+:WegtBits]);
        end
      end
    end else begin : g_partial
      localparam integer LowerBits = WegtBits / 2;
      localparam integer UpperBits = WegtBits - LowerBits;
      localparam integer LowerProductBits = NodeBits + LowerBits + 1;
      localparam integer UpperProductBits = NodeBits + UpperBits;
      reg [Lanes*LowerProductBits-1:0] w_lower_mult;
      reg [Lanes*UpperProductBits-1:0] w_upper_mult;
      wire [Lanes*LowerProductBits-1:0] w_lower;
      wire [Lanes*UpperProductBits-1:0] w_upper;
      integer i;
      integer j;

      always @* begin
        for (i = 0; i < Lanes; i = i + 1) begin
          w_lower_mult[i*LowerProductBits+:LowerProductBits] =
              $signed({NodeSigned != 0 && w_node[i*NodeBits+NodeBits-1], w_node[i*NodeBits+:NodeBits]}) *
              $signed({1'b0, w_wegt[i*WegtBits+:LowerBits]});
          w_upper_mult[i*UpperProductBits+:UpperProductBits] =
              $signed({NodeSigned != 0 && w_node[i*NodeBits+NodeBits-1], w_node[i*NodeBits+:NodeBits]}) *
              $signed(w_wegt[i*WegtBits+LowerBits+:UpperBits]);
        end
      end

      always @* begin
        for (j = 0; j < Lanes; j = j + 1) begin
          w_mult[j*ProductBits+:ProductBits] =
              $signed({w_upper[j*UpperProductBits+:UpperProductBits], {LowerBits{1'b0}}}) +
              $signed(w_lower[j*LowerProductBits+:LowerProductBits]);
        end
      end

      delay_line #(
          .Width (Lanes * (LowerProductBits + UpperProductBits)),
          .Stages(1)
      ) partial_products (
          .i_clk(i_clk),
          .i_rst_n(i_rst_n),
          .i_enable(i_enable),
          .i_data({w_lower_mult, w_upper_mult}),
          .o_data({w_lower, w_upper})
      );
    end
  endgenerate

  delay_line #(
      .Width (Lanes * ProductBits),
      .Stages(ProductStages)
  ) products (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(i_enable),
      .i_data(w_mult),
      .o_data(o_products)
  );
endmodule
