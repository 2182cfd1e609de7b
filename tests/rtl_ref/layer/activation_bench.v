// activation against divisions of 64 bits, lane by lane.
`default_nettype none

module activation_bench;
  parameter integer Lanes = 1;
  parameter integer Words = 2;
  parameter integer HasActivation = 1;
  parameter integer Shift = 0;
  `include "cell_bench.vh"
  localparam integer OutBits = HasActivation != 0 ? 8 : 32;

  reg [(Words < 2 ? 1 : $clog2(Words))-1:0] i_word;
  reg [Lanes*32-1:0] i_sums;
  wire [Lanes*OutBits-1:0] o_data;

  reg signed [31:0] biases[0:Words*Lanes-1];
  reg signed [31:0] sum;
  reg signed [63:0] value;
  integer i;

  activation #(
      .Lanes(Lanes),
      .Words(Words),
      .HasActivation(HasActivation),
      .Shift(Shift)
  ) dut (
      .i_word(i_word),
      .i_sums(i_sums),
      .o_data(o_data)
  );

  initial begin
    for (i = 0; i < Words * Lanes; i = i + 1) begin
      biases[i] = below(2000) - 1000;
      dut.r_biases[i/Lanes][(i%Lanes)*32+:32] = biases[i];
    end
  end

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
        if (value < 0) value = 0;
        value = (2 * value + (64'sd1 << Shift)) / (64'sd2 << Shift);
        if (value > 255) value = 255;
      end
      check("o_data", o_data[i*OutBits+:OutBits], value[OutBits-1:0]);
    end
  endtask

  task advance;  // nothing is stored
    begin
    end
  endtask
endmodule
