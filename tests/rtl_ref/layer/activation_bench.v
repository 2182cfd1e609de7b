// activation against floor divisions of 128 bits, lane by lane.
`default_nettype none

module activation_bench;
  parameter integer Lanes = 1;
  parameter integer Words = 2;
  parameter integer HasActivation = 1;
  parameter integer Shift = 0;
  parameter integer MultiplierBits = 1;
  parameter integer Multiplier = 1;
  parameter integer PerOutput = 0;
  parameter integer ZeroPoint = 0;
  parameter integer Low = 0;
  parameter integer High = 255;
  `include "cell_bench.vh"
  localparam integer OutBits = HasActivation != 0 ? 8 : 32;

  reg [(Words < 2 ? 1 : $clog2(Words))-1:0] i_word;
  reg [Lanes*32-1:0] i_sums;
  wire [Lanes*OutBits-1:0] o_data;

  reg signed [31:0] biases[0:Words*Lanes-1];
  reg signed [31:0] sum;
  reg [MultiplierBits-1:0] multipliers[0:Words*Lanes-1];
  reg [5:0] shifts[0:Words*Lanes-1];
  reg signed [127:0] value;
  reg signed [127:0] divisor;
  reg signed [127:0] quotient;
  integer i;

  activation #(
      .Lanes(Lanes),
      .Words(Words),
      .HasActivation(HasActivation),
      .Shift(Shift),
      .MultiplierBits(MultiplierBits),
      .Multiplier(Multiplier),
      .PerOutput(PerOutput),
      .ZeroPoint(ZeroPoint),
      .Low(Low),
      .High(High)
  ) dut (
      .i_word(i_word),
      .i_sums(i_sums),
      .o_data(o_data)
  );

  initial begin
    for (i = 0; i < Words * Lanes; i = i + 1) begin
      biases[i] = below(2000) - 1000;
      dut.r_biases[i/Lanes][(i%Lanes)*32+:32] = biases[i];
      multipliers[i] = PerOutput != 0 ? 1 + noise(MultiplierBits - 1) : Multiplier;
      shifts[i] = PerOutput != 0 ? below(MultiplierBits + 20) : Shift;
    end
  end
  generate
    if (PerOutput != 0) begin : g_scales
      integer k;
      initial begin
        #1;
        for (k = 0; k < Words * Lanes; k = k + 1) begin
          dut.g_scales.r_scales[k/Lanes][(k%Lanes)*(MultiplierBits+6)+:MultiplierBits+6] =
              {multipliers[k], shifts[k]};
        end
      end
    end
  endgenerate

  // Small sums as often as large ones; none that overflows with its bias.
  task drive;
    begin
      i_word = below(Words);
      for (i = 0; i < Lanes; i = i + 1) begin
        sum = $random(random);
        sum = sum >>> 1 + below(30);
        i_sums[i*32+:32] = sum;
      end
    end
  endtask

  task compare;
    for (i = 0; i < Lanes; i = i + 1) begin
      sum = i_sums[i*32+:32];
      value = sum + biases[i_word*Lanes+i];
      if (HasActivation != 0) begin
        divisor = 128'sd1 << shifts[i_word*Lanes+i];
        value = 2 * value * $signed({97'd0, multipliers[i_word*Lanes+i]});
        if (divisor != 1) value = value + divisor;
        quotient = value / (2 * divisor);
        if (value < 0 && quotient * 2 * divisor != value) quotient = quotient - 1;
        value = quotient + ZeroPoint;
        if (value < Low) value = Low;
        if (value > High) value = High;
      end
      check("o_data", o_data[i*OutBits+:OutBits], value[OutBits-1:0]);
    end
  endtask

  task advance;  // nothing is stored
    begin
    end
  endtask
endmodule
