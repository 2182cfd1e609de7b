// Rounding shift, combinational: (value + 2^(Shift-1)) >>> Shift, round half up, clipped to the
// range of OutBits bits, signed or unsigned. Shift 0 only clips.
// Limits: as the guards say. Latency: none.
`default_nettype none

module requantise #(
    parameter integer Shift = 0,
    parameter integer OutBits = 8,
    parameter integer OutSigned = 1
) (
    input wire [31:0] i_value,
    output wire [OutBits-1:0] o_value
);
  generate
    if (Shift < 0 || Shift > 31) requantise_Shift_must_be_0_to_31 limit ();
    if (OutBits < 1 || OutBits > 31) requantise_OutBits_must_be_1_to_31 limit ();
    if (OutSigned < 0 || OutSigned > 1) requantise_OutSigned_must_be_0_or_1 limit ();
  endgenerate

  localparam signed [32:0] Half = (Shift == 0) ? 33'sd0 : 33'sd1 <<< (Shift - 1);
  localparam signed [32:0] Low = (OutSigned == 0) ? 33'sd0 : -(33'sd1 <<< (OutBits - 1));
  localparam signed [32:0] High = (33'sd1 <<< (OutBits - OutSigned)) - 33'sd1;

  wire signed [32:0] w_rounded = $signed({i_value[31], i_value}) + Half;
  wire signed [32:0] w_shifted = w_rounded >>> Shift;

  // A value is in range where all bits above those kept are its sign, or zero; this needs no comparison.
  localparam integer KeptBits = OutBits - OutSigned;
  wire w_negative = w_shifted[32];
  wire w_fits = w_shifted[32:KeptBits] == {(33 - KeptBits) {OutSigned != 0 && w_negative}};

  assign o_value = w_fits ? w_shifted[OutBits-1:0] : w_negative ? Low[OutBits-1:0] : High[OutBits-1:0];
endmodule
