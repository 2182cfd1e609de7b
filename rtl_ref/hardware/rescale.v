// Multiplier, rounding shift and zero point, combinational:
// clip(((value * multiplier + 2^(shift-1)) >>> shift) + ZeroPoint, Low, High), round half up, to u8; shift 0
// does not round. The product and all that follows have 64 bits, which suffice for a multiplier of 31.
// Limits: as the guards say; i_shift at most 62. Latency: none.
`default_nettype none

module rescale #(
    parameter integer MultiplierBits = 1,
    parameter integer ZeroPoint = 0,
    parameter integer Low = 0,
    parameter integer High = 255
) (
    input wire [31:0] i_value,
    input wire [MultiplierBits-1:0] i_multiplier,
    input wire [5:0] i_shift,
    output wire [7:0] o_value
);
  generate
    if (MultiplierBits < 1 || MultiplierBits > 31) rescale_MultiplierBits_must_be_1_to_31 limit ();
    if (ZeroPoint < 0 || ZeroPoint > 255) rescale_ZeroPoint_must_be_0_to_255 limit ();
    if (Low < 0 || Low > 255) rescale_Low_must_be_0_to_255 limit ();
    if (High < 0 || High > 255) rescale_High_must_be_0_to_255 limit ();
  endgenerate

  localparam signed [63:0] Zero = {32'd0, ZeroPoint};
  localparam signed [63:0] Least = {32'd0, Low};
  localparam signed [63:0] Largest = {32'd0, High};

  wire signed [63:0] w_value = {{32{i_value[31]}}, i_value};
  wire signed [63:0] w_multiplier = {{(64 - MultiplierBits) {1'b0}}, i_multiplier};
  wire signed [63:0] w_half = (i_shift == 6'd0) ? 64'sd0 : 64'sd1 <<< (i_shift - 6'd1);
  wire signed [63:0] w_rounded = w_value * w_multiplier + w_half;
  wire signed [63:0] w_moved = (w_rounded >>> i_shift) + Zero;

  assign o_value = (w_moved < Least) ? Least[7:0]
                 : (w_moved > Largest) ? Largest[7:0]
                 : w_moved[7:0];
endmodule
