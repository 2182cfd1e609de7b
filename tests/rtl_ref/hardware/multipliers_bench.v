// multipliers against a log of products of everything that went in.
`default_nettype none

module multipliers_bench;
  parameter integer Lanes = 2;
  parameter integer NodeBits = 8;
  parameter integer NodeSigned = 0;
  parameter integer WegtBits = 8;
  parameter integer Stages = 0;
  `include "cell_bench.vh"
  localparam integer ProductBits = NodeBits + WegtBits;

  reg i_enable;
  reg [Lanes*NodeBits-1:0] i_node;
  reg [Lanes*WegtBits-1:0] i_wegt;
  wire [Lanes*ProductBits-1:0] o_products;
  reg [Lanes*ProductBits-1:0] products;
  reg [Lanes*ProductBits-1:0] log[0:Cycles-1];
  integer logged = 0;  // since the last reset
  integer node;
  integer i;

  multipliers #(
      .Lanes(Lanes),
      .NodeBits(NodeBits),
      .NodeSigned(NodeSigned),
      .WegtBits(WegtBits),
      .Stages(Stages)
  ) dut (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(i_enable),
      .i_node(i_node),
      .i_wegt(i_wegt),
      .o_products(o_products)
  );

  task drive;
    begin
      i_enable = percent(70);
      i_node = noise(Lanes * NodeBits);
      i_wegt = noise(Lanes * WegtBits);
      for (i = 0; i < Lanes; i = i + 1) begin
        node = i_node[i*NodeBits+:NodeBits];
        if (NodeSigned != 0) node = signed_value(node, NodeBits);
        products[i*ProductBits+:ProductBits] = node * signed_value(i_wegt[i*WegtBits+:WegtBits], WegtBits);
      end
      log[logged] = products;
    end
  endtask

  task compare;
    check("o_products", o_products, logged < Stages ? 0 : log[logged-Stages]);
  endtask

  task advance;
    if (!i_rst_n) logged = 0;
    else if (i_enable) logged = logged + 1;
  endtask
endmodule
