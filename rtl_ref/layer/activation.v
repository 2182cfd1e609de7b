// Bias, ReLU and rounding shift of Lanes sums, combinational, on their way to the output memory:
// u8 clip((max(0, y + bias) + 2^(Shift-1)) >>> Shift, 0, 255), or s32 y + bias without activation.
// The biases are a ROM of Words words of Lanes s32.
// Limits: i_word below Words; y + bias wraps at 32 bits. Latency: none.
`default_nettype none

module activation #(
    parameter integer Lanes = 1,
    parameter integer Words = 2,
    parameter integer HasActivation = 1,
    parameter integer Shift = 0,
    parameter BiasFile = "",
    // derived, not to be set
    parameter integer OutBits = HasActivation != 0 ? 8 : 32,
    parameter integer IndexBits = Words < 2 ? 1 : $clog2(Words)
) (
    input wire [IndexBits-1:0] i_word,
    input wire [Lanes*32-1:0] i_sums,
    output wire [Lanes*OutBits-1:0] o_data
);
  generate
    if (Lanes < 1) activation_Lanes_must_be_at_least_1 limit ();
    if (Words < 1) activation_Words_must_be_at_least_1 limit ();
    if (HasActivation < 0 || HasActivation > 1) activation_HasActivation_must_be_0_or_1 limit ();
    if (Shift < 0 || Shift > 31) activation_Shift_must_be_0_to_31 limit ();
  endgenerate

  reg  [Lanes*32-1:0] r_biases[0:Words-1];
  wire [Lanes*32-1:0] w_bias = r_biases[i_word];

  generate
    if (BiasFile != "") begin : g_contents
      initial $readmemh(BiasFile, r_biases);
    end

    genvar lane;
    for (lane = 0; lane < Lanes; lane = lane + 1) begin : g_lane
      wire [31:0] w_biased = i_sums[lane*32+:32] + w_bias[lane*32+:32];

      if (HasActivation != 0) begin : g_activation
        // Clipping at 0 is the ReLU.
        requantise #(
            .Shift(Shift),
            .OutBits(OutBits),
            .OutSigned(0)
        ) requantise (
            .i_value(w_biased),
            .o_value(o_data[lane*OutBits+:OutBits])
        );
      end else begin : g_logit
        assign o_data[lane*OutBits+:OutBits] = w_biased;
      end
    end
  endgenerate
endmodule
