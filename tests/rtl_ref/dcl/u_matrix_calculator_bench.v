// u_matrix_calculator against dot products of integers, made when a tile goes in and logged until it
// retires.
`default_nettype none

module u_matrix_calculator_bench;
  parameter integer Lanes = 2;
  parameter integer NodeBits = 8;
  parameter integer NodeSigned = 0;
  parameter integer WegtBits = 8;
  parameter integer ReadStages = 0;
  parameter integer MultiplyStages = 0;
  parameter integer AdderStages = 0;
  parameter integer ResultStages = 0;
  `include "cell_bench.vh"
  localparam integer Stages = ReadStages + MultiplyStages + AdderStages;

  reg i_enable;
  reg i_retire;
  reg i_first;
  reg [Lanes*NodeBits-1:0] i_node;
  reg [Lanes*WegtBits-1:0] i_wegt;
  wire [31:0] o_result;

  integer log[0:Cycles];  // dot products of enabled cycles
  integer logged = 0;  // since the last reset
  integer total = 0;
  integer dot;
  reg [31:0] expected;
  integer node;
  integer i;

  u_matrix_calculator #(
      .Lanes(Lanes),
      .NodeBits(NodeBits),
      .NodeSigned(NodeSigned),
      .WegtBits(WegtBits),
      .ReadStages(ReadStages),
      .MultiplyStages(MultiplyStages),
      .AdderStages(AdderStages),
      .ResultStages(ResultStages)
  ) dut (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(i_enable),
      .i_retire(i_retire),
      .i_first(i_first),
      .i_node(i_node),
      .i_wegt(i_wegt),
      .o_result(o_result)
  );

  task drive;
    begin
      i_enable = percent(70);
      i_retire = percent(70);
      i_first = percent(20);
      i_node = noise(Lanes * NodeBits);
      i_wegt = noise(Lanes * WegtBits);
      dot = 0;
      for (i = 0; i < Lanes; i = i + 1) begin
        node = i_node[i*NodeBits+:NodeBits];
        if (NodeSigned != 0) node = signed_value(node, NodeBits);
        dot = dot + node * signed_value(i_wegt[i*WegtBits+:WegtBits], WegtBits);
      end
      log[logged] = dot;
      dot = logged < Stages ? 0 : log[logged-Stages];
    end
  endtask

  task compare;
    begin
      expected = (i_first ? 0 : total) + dot;
      check("result", dut.result, expected);
      check("o_result", o_result, ResultStages == 0 ? expected : total);
    end
  endtask

  task advance;
    if (!i_rst_n) begin
      logged = 0;
      total = 0;
    end else if (i_enable) begin
      logged = logged + 1;
      if (i_retire) total = expected;
    end
  endtask
endmodule
