// What is proved of requantise, for every value: it is the rounded quotient by 2^Shift, half up, clipped
// to its range. The definition here divides nothing: the result is the one number q in the range for
// which 2^Shift (2 q - 1) <= 2 value < 2^Shift (2 q + 1), or an end of the range beyond which value lies.
`default_nettype none

module proof #(
    parameter integer Shift = 3,
    parameter integer OutBits = 8,
    parameter integer OutSigned = 1
) (
    input wire i_clk,
    input wire signed [31:0] i_value,
    output reg o_bad
);
  localparam signed [63:0] Largest = (64'sd1 <<< (OutBits - OutSigned)) - 64'sd1;
  localparam signed [63:0] Smallest = OutSigned != 0 ? -Largest - 64'sd1 : 64'sd0;

  wire [OutBits-1:0] w_out;
  wire signed [63:0] w_q = OutSigned != 0 ? {{(64 - OutBits) {w_out[OutBits-1]}}, w_out}
                                          : {{(64 - OutBits) {1'b0}}, w_out};
  wire signed [63:0] w_twice = {{31{i_value[31]}}, i_value, 1'b0};
  wire w_above = w_twice >= ((2 * w_q + 64'sd1) <<< Shift);
  wire w_below = w_twice < ((2 * w_q - 64'sd1) <<< Shift);

  requantise #(
      .Shift(Shift),
      .OutBits(OutBits),
      .OutSigned(OutSigned)
  ) dut (
      .i_value(i_value),
      .o_value(w_out)
  );

  always @(posedge i_clk) o_bad <= (w_above && w_q != Largest) || (w_below && w_q != Smallest);
  initial o_bad = 1'b0;
endmodule
