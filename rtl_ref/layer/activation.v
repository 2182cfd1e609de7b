// What follows Lanes sums on their way to the output memory, combinational: bias, and requantisation to u8,
// or s32 y + bias without activation. Requantisation is ReLU and rounding shift by Shift (`requantise`), or
// in general `rescale` by Multiplier and Shift. With PerOutput these two are those of each output: a ROM of
// Words words of Lanes {multiplier, shift of 6 bits}. The biases are a ROM of Words words of Lanes s32.
// Limits: as the guards say; i_word below Words; y + bias wraps at 32 bits. Latency: none.
`default_nettype none

module activation #(
    parameter integer Lanes = 1,
    parameter integer Words = 2,
    parameter integer HasActivation = 1,
    parameter integer Shift = 0,
    parameter integer MultiplierBits = 1,
    parameter integer Multiplier = 1,
    parameter integer PerOutput = 0,
    parameter integer ZeroPoint = 0,
    parameter integer Low = 0,
    parameter integer High = 255,
    parameter BiasFile = "",
    parameter ScaleFile = "",
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
    if (Shift < 0 || Shift > 62) activation_Shift_must_be_0_to_62 limit ();
    if (Multiplier < 1) activation_Multiplier_must_be_at_least_1 limit ();
    if (PerOutput < 0 || PerOutput > 1) activation_PerOutput_must_be_0_or_1 limit ();
  endgenerate

  localparam IsShift = PerOutput == 0 && Shift < 32 && Multiplier == 1 && ZeroPoint == 0 && Low == 0 &&
      High == 255;
  localparam integer ScaleBits = MultiplierBits + 6;

  reg  [Lanes*32-1:0] r_biases[0:Words-1];
  wire [Lanes*32-1:0] w_bias = r_biases[i_word];

  generate
    if (BiasFile != "") begin : g_contents
      initial $readmemh(BiasFile, r_biases);
    end

    if (HasActivation != 0 && PerOutput != 0) begin : g_scales
      reg  [Lanes*ScaleBits-1:0] r_scales[0:Words-1];
      wire [Lanes*ScaleBits-1:0] w_scale = r_scales[i_word];
      if (ScaleFile != "") begin : g_contents
        initial $readmemh(ScaleFile, r_scales);
      end
    end

    genvar lane;
    for (lane = 0; lane < Lanes; lane = lane + 1) begin : g_lane
      wire [31:0] w_biased = i_sums[lane*32+:32] + w_bias[lane*32+:32];

      if (HasActivation == 0) begin : g_logit
        assign o_data[lane*OutBits+:OutBits] = w_biased;
      end else if (IsShift) begin : g_activation
        // Clipping at 0 is the ReLU.
        requantise #(
            .Shift(Shift),
            .OutBits(OutBits),
            .OutSigned(0)
        ) requantise (
            .i_value(w_biased),
            .o_value(o_data[lane*OutBits+:OutBits])
        );
      end else begin : g_scaled
        wire [ScaleBits-1:0] w_scale;
        if (PerOutput != 0) begin : g_own
          assign w_scale = g_scales.w_scale[lane*ScaleBits+:ScaleBits];
        end else begin : g_common
          assign w_scale = {Multiplier[MultiplierBits-1:0], Shift[5:0]};
        end
        rescale #(
            .MultiplierBits(MultiplierBits),
            .ZeroPoint(ZeroPoint),
            .Low(Low),
            .High(High)
        ) rescale (
            .i_value(w_biased),
            .i_multiplier(w_scale[ScaleBits-1:6]),
            .i_shift(w_scale[5:0]),
            .o_value(o_data[lane*OutBits+:OutBits])
        );
      end
    end
  endgenerate
endmodule
