// delay_line against a log of everything that went in.
`default_nettype none

module delay_line_bench;
  parameter integer Width = 8;
  parameter integer Stages = 0;
  `include "cell_bench.vh"

  reg i_enable;
  reg [Width-1:0] i_data;
  wire [Width-1:0] o_data;
  reg [Width-1:0] log[0:Cycles-1];
  integer logged = 0;  // since the last reset

  delay_line #(
      .Width (Width),
      .Stages(Stages)
  ) dut (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(i_enable),
      .i_data(i_data),
      .o_data(o_data)
  );

  task drive;
    begin
      i_enable = percent(70);
      i_data = noise(Width);
    end
  endtask

  task compare;
    if (Stages == 0) check("o_data", o_data, i_data);
    else if (logged < Stages) check("o_data", o_data, 0);
    else check("o_data", o_data, log[logged-Stages]);
  endtask

  task advance;
    if (!i_rst_n) begin
      logged = 0;
    end else if (i_enable) begin
      log[logged] = i_data;
      logged = logged + 1;
    end
  endtask
endmodule
