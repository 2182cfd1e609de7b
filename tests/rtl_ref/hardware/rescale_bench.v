// rescale against a floor division and comparisons, in 128 bits.
`default_nettype none

module rescale_bench;
  parameter integer MultiplierBits = 1;
  parameter integer ZeroPoint = 0;
  parameter integer Low = 0;
  parameter integer High = 255;
  `include "cell_bench.vh"
  localparam signed [127:0] One = 128'sd1;

  reg signed [31:0] i_value;
  reg [MultiplierBits-1:0] i_multiplier;
  reg [5:0] i_shift;
  wire [7:0] o_value;
  reg signed [127:0] doubled;
  reg signed [127:0] divisor;
  reg signed [127:0] expected;
  integer bits;

  rescale #(
      .MultiplierBits(MultiplierBits),
      .ZeroPoint(ZeroPoint),
      .Low(Low),
      .High(High)
  ) dut (
      .i_value(i_value),
      .i_multiplier(i_multiplier),
      .i_shift(i_shift),
      .o_value(o_value)
  );

  // Most results lie in or near 0 to 255; a quarter of the products lie at a half between two results.
  task drive;
    begin
      bits = below(32);
      i_value = noise(32);
      i_value = i_value >>> (31 - bits);
      i_multiplier = noise(32);
      if (percent(10)) i_multiplier = {MultiplierBits{1'b1}};
      if (i_multiplier == 0) i_multiplier = 1;
      i_shift = below(63);
      if (percent(70)) i_shift = (bits + MultiplierBits > 9 ? bits + MultiplierBits - 9 : 0) + below(4);
      if (percent(25)) begin
        i_multiplier = 1;
        i_shift = 1 + below(22);
        i_value = (1 << i_shift) * (below(300) - 20) + (1 << (i_shift - 1)) - below(2);
      end
    end
  endtask

  task compare;
    begin
      divisor = One << i_shift;
      doubled = i_value;
      doubled = 2 * doubled * {97'd0, i_multiplier} + (i_shift == 0 ? 128'sd0 : divisor);
      expected = doubled / (2 * divisor);
      if (doubled < 0 && expected * 2 * divisor != doubled) expected = expected - 1;
      expected = expected + ZeroPoint;
      if (expected < Low) expected = Low;
      if (expected > High) expected = High;
      check("o_value", o_value, expected[7:0]);
    end
  endtask

  task advance;  // nothing is stored
    begin
    end
  endtask
endmodule
