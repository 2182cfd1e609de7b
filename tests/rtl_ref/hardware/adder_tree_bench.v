// adder_tree against a log of the sums of everything that went in.
`default_nettype none

module adder_tree_bench;
  parameter integer Lanes = 2;
  parameter integer TermBits = 7;
  parameter integer Stages = 0;
  parameter integer Before = 0;
  parameter integer Behind = 0;
  `include "cell_bench.vh"

  reg i_enable;
  reg [Lanes*TermBits-1:0] i_terms;
  wire [31:0] o_sum;
  integer log[0:Cycles-1];
  integer logged = 0;  // since the last reset
  integer sum;
  reg [31:0] expected;
  integer i;

  adder_tree #(
      .Lanes(Lanes),
      .TermBits(TermBits),
      .Stages(Stages),
      .Before(Before),
      .Behind(Behind)
  ) dut (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(i_enable),
      .i_terms(i_terms),
      .o_sum(o_sum)
  );

  task drive;
    begin
      i_enable = percent(70);
      i_terms = noise(Lanes * TermBits);
      sum = 0;
      for (i = 0; i < Lanes; i = i + 1) sum = sum + signed_value(i_terms[i*TermBits+:TermBits], TermBits);
      log[logged] = sum;
    end
  endtask

  task compare;
    begin
      expected = logged < Stages ? 0 : log[logged-Stages];
      check("o_sum", o_sum, expected);
    end
  endtask

  task advance;
    if (!i_rst_n) logged = 0;
    else if (i_enable) logged = logged + 1;
  endtask
endmodule
