// requantise against a floor division of 64 bits and comparisons.
`default_nettype none

module requantise_bench;
  parameter integer Shift = 0;
  parameter integer OutBits = 8;
  parameter integer OutSigned = 1;
  `include "cell_bench.vh"
  localparam signed [63:0] One = 64'sd1;
  localparam signed [63:0] High = (One << (OutBits - OutSigned)) - One;
  localparam signed [63:0] Low = OutSigned != 0 ? -High - One : 64'sd0;
  localparam signed [63:0] Divisor = One << (Shift + 1);  // of twice the value

  reg signed [31:0] i_value;
  wire [OutBits-1:0] o_value;
  reg signed [63:0] doubled;
  reg signed [63:0] rounded;

  requantise #(
      .Shift(Shift),
      .OutBits(OutBits),
      .OutSigned(OutSigned)
  ) dut (
      .i_value(i_value),
      .o_value(o_value)
  );

  // Half of the values lie round the limits and the halves between two results.
  task drive;
    begin
      i_value = noise(32);
      if (percent(25)) i_value = i_value >>> below(31);
      if (percent(25)) i_value = Low * Divisor / 2 + below(5) - 2;
      if (percent(25)) i_value = High * Divisor / 2 + Divisor / 4 + below(5) - 2;
    end
  endtask

  task compare;
    begin
      doubled = 2 * i_value + (Shift == 0 ? 64'sd0 : Divisor / 2);
      rounded = doubled / Divisor;
      if (doubled < 0 && rounded * Divisor != doubled) rounded = rounded - 1;
      if (rounded < Low) rounded = Low;
      if (rounded > High) rounded = High;
      check("o_value", o_value, rounded[OutBits-1:0]);
    end
  endtask

  task advance;  // nothing is stored
    begin
    end
  endtask
endmodule
