// counter against a total of steps and a division.
`default_nettype none

module counter_bench;
  parameter integer Count = 2;
  parameter integer Bits = Count < 2 ? 1 : $clog2(Count);
  `include "cell_bench.vh"

  reg i_step;
  wire [Bits-1:0] o_value;
  wire [Bits-1:0] o_next;
  wire o_first;
  wire o_last;
  integer steps = 0;  // since the last reset

  counter #(
      .Count(Count),
      .Bits (Bits)
  ) dut (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(i_step),
      .o_value(o_value),
      .o_next(o_next),
      .o_first(o_first),
      .o_last(o_last)
  );

  task drive;
    i_step = percent(70);
  endtask

  task compare;
    begin
      check("o_value", o_value, steps % Count);
      check("o_next", o_next, (steps + (i_step ? 1 : 0)) % Count);
      check("o_first", o_first, steps % Count == 0);
      check("o_last", o_last, steps % Count == Count - 1);
    end
  endtask

  task advance;
    if (!i_rst_n) steps = 0;
    else if (i_step) steps = steps + 1;
  endtask
endmodule
