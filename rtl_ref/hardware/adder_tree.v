// The sum of Lanes signed terms of TermBits, as a balanced binary tree: level l adds neighbours of level
// l - 1, an odd one out goes through. Stages registers stand between the levels, where they make the longest
// path shortest: a path costs a level for each adder that it crosses, Before levels for what lies in front of
// the tree and Behind for what follows it. A stage for which no level is left goes in front or behind.
// Limits: as the guards say; sums wrap at 32 bits. Latency: Stages enabled cycles.
`default_nettype none

module adder_tree #(
    parameter integer Lanes = 2,
    parameter integer TermBits = 16,
    parameter integer Stages = 0,
    parameter integer Before = 0,
    parameter integer Behind = 0
) (
    input wire i_clk,
    input wire i_rst_n,
    input wire i_enable,
    input wire [Lanes*TermBits-1:0] i_terms,
    output wire [31:0] o_sum
);
  generate
    if (Lanes < 1) adder_tree_Lanes_must_be_at_least_1 limit ();
    if (TermBits < 1 || TermBits > 32) adder_tree_TermBits_must_be_1_to_32 limit ();
    if (Stages < 0) adder_tree_Stages_must_be_at_least_0 limit ();
    if (Before < 0) adder_tree_Before_must_be_at_least_0 limit ();
    if (Behind < 0) adder_tree_Behind_must_be_at_least_0 limit ();
  endgenerate

  localparam integer Levels = $clog2(Lanes);

  function integer sums_of(input integer level);
    sums_of = (Lanes + (1 << level) - 1) >> level;
  endfunction

  function integer bits_of(input integer level);
    bits_of = TermBits + level < 32 ? TermBits + level : 32;
  endfunction

  // The level behind which a stage stands, counted from 1, and how many stand behind a level.
  function integer level_of(input integer stage);
    begin
      level_of = (stage * (Before + Levels + Behind) + Stages) / (Stages + 1) - Before;
      if (level_of < 0) level_of = 0;
      if (level_of > Levels) level_of = Levels;
    end
  endfunction

  function integer stages_behind(input integer level);
    integer stage;
    begin
      stages_behind = 0;
      for (stage = 1; stage <= Stages; stage = stage + 1)
        if (level_of(stage) == level) stages_behind = stages_behind + 1;
    end
  endfunction

  generate
    genvar level;
    for (level = 0; level <= Levels; level = level + 1) begin : g_level
      localparam integer Sums = sums_of(level);
      localparam integer Bits = bits_of(level);
      wire [Sums*Bits-1:0] w_added;
      wire [Sums*Bits-1:0] w_sums;

      if (level == 0) begin : g_terms
        assign w_added = i_terms;
      end else begin : g_adders
        localparam integer Operands = sums_of(level - 1);
        localparam integer OperandBits = bits_of(level - 1);
        wire [Operands*OperandBits-1:0] w_operands = g_level[level-1].w_sums;
        reg [Sums*Bits-1:0] w_pairs;
        integer i;

        always @* begin
          for (i = 0; i < Operands / 2; i = i + 1) begin
            w_pairs[i*Bits+:Bits] = $signed(w_operands[2*i*OperandBits+:OperandBits])
                                  + $signed(w_operands[(2*i+1)*OperandBits+:OperandBits]);
          end
          if (Operands % 2 != 0) begin
            w_pairs[(Sums-1)*Bits+:Bits] = $signed(w_operands[(Operands-1)*OperandBits+:OperandBits])
                                         + $signed({OperandBits{1'b0}});
          end
        end
        assign w_added = w_pairs;
      end

      delay_line #(
          .Width (Sums * Bits),
          .Stages(stages_behind(level))
      ) stages (
          .i_clk(i_clk),
          .i_rst_n(i_rst_n),
          .i_enable(i_enable),
          .i_data(w_added),
          .o_data(w_sums)
      );
    end
  endgenerate

  localparam integer SumBits = bits_of(Levels);
  assign o_sum = {{(32 - SumBits) {g_level[Levels].w_sums[SumBits-1]}}, g_level[Levels].w_sums};
endmodule
