// v_matrix_calculator against running sums of integers. Sums in a memory are asked for a cycle ahead, and
// only where they are needed.
`default_nettype none

module v_matrix_calculator_bench;
  parameter integer Lanes = 2;
  parameter integer Tiles = 1;
  parameter integer NodeBits = 16;
  parameter integer WegtBits = 8;
  parameter integer ReadStages = 0;
  parameter integer MultiplyStages = 0;
  parameter integer PsumStorage = 0;
  parameter integer ResultStages = 0;
  `include "cell_bench.vh"
  localparam integer Stages = ReadStages + MultiplyStages;

  reg [NodeBits-1:0] i_node;
  reg [Lanes*WegtBits-1:0] i_wegt;
  reg i_first;
  reg i_write;
  reg [(Tiles < 2 ? 1 : $clog2(Tiles))-1:0] i_tile;
  reg i_sum_read = 1'b0;
  reg [(Tiles < 2 ? 1 : $clog2(Tiles))-1:0] i_sum_tile = 0;
  wire [Lanes*32-1:0] o_result;

  integer products[0:Cycles*Lanes-1];  // by cycle
  integer reset_cycle = 0;  // the last one
  reg [31:0] sums[0:Tiles*Lanes-1];
  reg [31:0] expected;
  reg [Lanes*32-1:0] before = 0;  // results of the cycle before
  integer product;
  integer i;

  v_matrix_calculator #(
      .Lanes(Lanes),
      .Tiles(Tiles),
      .NodeBits(NodeBits),
      .WegtBits(WegtBits),
      .ReadStages(ReadStages),
      .MultiplyStages(MultiplyStages),
      .PsumStorage(PsumStorage),
      .ResultStages(ResultStages)
  ) dut (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_node(i_node),
      .i_wegt(i_wegt),
      .i_first(i_first),
      .i_write(i_write),
      .i_tile(i_tile),
      .i_sum_read(i_sum_read),
      .i_sum_tile(i_sum_tile),
      .o_result(o_result)
  );

  task drive;
    begin
      i_node = noise(NodeBits);
      i_wegt = noise(Lanes * WegtBits);
      i_tile = i_sum_tile;  // as the cycle before announced it
      i_first = !i_sum_read;
      i_write = percent(80);
      i_sum_read = percent(70);
      i_sum_tile = below(Tiles);
      for (i = 0; i < Lanes; i = i + 1)
        products[cycle*Lanes+i] = signed_value(i_node, NodeBits) *
            signed_value(i_wegt[i*WegtBits+:WegtBits], WegtBits);
    end
  endtask

  // A sum that was never stored is unknown on both sides.
  task expect_lane(input integer lane);
    begin
      product = 0;
      if (Stages == 0 || cycle - Stages > reset_cycle)
        product = products[(cycle-Stages)*Lanes+lane];
      expected = (i_first ? 32'd0 : sums[i_tile*Lanes+lane]) + product;
    end
  endtask

  task compare;
    for (i = 0; i < Lanes; i = i + 1) begin
      expect_lane(i);
      check("result", dut.result[i*32+:32], expected);
      check("o_result", o_result[i*32+:32], ResultStages == 0 ? expected : before[i*32+:32]);
    end
  endtask

  task advance;
    begin
      for (i = 0; i < Lanes; i = i + 1) begin
        expect_lane(i);
        if (i_write) sums[i_tile*Lanes+i] = expected;
        before[i*32+:32] = i_rst_n ? expected : 32'd0;
      end
      if (!i_rst_n) reset_cycle = cycle;
    end
  endtask
endmodule
