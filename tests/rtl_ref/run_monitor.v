// Counts the cycles of each Run of a layer, in the middle of each cycle.
`default_nettype none

module run_monitor #(
    parameter integer Layer  = 1,
    parameter integer Cycles = 1
) (
    input wire i_clk,
    input wire i_rst_n,
    input wire [1:0] i_state
);
  localparam [1:0] Run = 2'd2;

  integer r_length = 0;
  integer r_good_runs = 0;

  always @(negedge i_clk) begin
    if (!i_rst_n) begin
      r_length = 0;
      r_good_runs = 0;
    end else if (i_state === Run) begin
      r_length = r_length + 1;
    end else begin
      if (r_length == Cycles) r_good_runs = r_good_runs + 1;
      else if (r_length != 0)
        $display("FAIL layer %0d: Run of %0d cycles, expected %0d", Layer, r_length, Cycles);
      r_length = 0;
    end
  end
endmodule
