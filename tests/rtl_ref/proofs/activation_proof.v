// What is proved of the activation, for every sum and every word of biases.hex: the sum and its bias, then
// the ReLU and the rounded quotient by 2^Shift, half up, clipped to u8; or the sum and its bias alone.
// As for requantise, the definition divides nothing; the bias is written down here a second time.
`default_nettype none

module proof #(
    parameter integer HasActivation = 1,
    parameter integer Shift = 4
) (
    input wire i_clk,
    input wire [1:0] i_word,
    input wire signed [31:0] i_sum,
    output reg o_bad
);
  localparam integer OutBits = HasActivation != 0 ? 8 : 32;

  wire [OutBits-1:0] w_out;

  activation #(
      .Lanes(1),
      .Words(4),
      .HasActivation(HasActivation),
      .Shift(Shift),
      .BiasFile("biases.hex")
  ) dut (
      .i_word(i_word),
      .i_sums(i_sum),
      .o_data(w_out)
  );

  reg signed [31:0] w_bias;
  always @* begin
    case (i_word)
      2'd0: w_bias = 32'sd0;
      2'd1: w_bias = 32'sd1000;
      2'd2: w_bias = -32'sd7;
      default: w_bias = -32'sd2147483648;
    endcase
  end

  wire signed [31:0] w_biased = i_sum + w_bias;  // wraps, which the networks' proof excludes
  wire signed [63:0] w_relu = w_biased < 0 ? 64'sd0 : {32'd0, w_biased};
  wire signed [63:0] w_q = {32'd0, {(32 - OutBits) {1'b0}}, w_out};
  wire w_above = 2 * w_relu >= ((2 * w_q + 64'sd1) <<< Shift);
  wire w_below = 2 * w_relu < ((2 * w_q - 64'sd1) <<< Shift);
  wire w_wrong_activation = (w_above && w_q != 64'sd255) || (w_below && w_q != 64'sd0);
  wire w_wrong_logit = w_out != w_biased[OutBits-1:0];

  always @(posedge i_clk) o_bad <= HasActivation != 0 ? w_wrong_activation : w_wrong_logit;
  initial o_bad = 1'b0;
endmodule
