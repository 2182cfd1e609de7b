// Watches the L-SCM of a layer in the middle of each cycle: every Run lasts Cycles cycles, and the
// layer is Idle exactly while no beat of an image is in it.
`default_nettype none

module layer_monitor #(
    parameter integer Layer = 1,
    parameter integer Cycles = 1,
    parameter integer InputBeats = 1
) (
    input wire i_clk,
    input wire i_rst_n,
    input wire i_load,  // a beat is transferred in this cycle
    input wire [1:0] i_state
);
  localparam [1:0] Idle = 2'd0;
  localparam [1:0] Run = 2'd2;
  localparam [1:0] Send = 2'd3;

  reg [1:0] r_previous = Idle;
  integer r_length = 0;  // of the present Run
  integer r_good_runs = 0;
  integer r_beats = 0;  // of images in the layer

  task check_run;
    if (r_length == Cycles) r_good_runs = r_good_runs + 1;
    else $display("FAIL layer %0d: Run of %0d cycles, expected %0d", Layer, r_length, Cycles);
  endtask

  always @(negedge i_clk) begin
    if (!i_rst_n) begin
      r_previous = Idle;
      r_length = 0;
      r_good_runs = 0;
      r_beats = 0;
    end else begin
      if (r_previous == Send && i_state != Send) r_beats = r_beats - InputBeats;
      if (r_previous == Run && i_state != Run) check_run;
      if ((i_state === Idle) != (r_beats == 0))
        $display("FAIL layer %0d: state %0d with %0d beats", Layer, i_state, r_beats);
      r_length = (i_state == Run) ? r_length + 1 : 0;
      if (i_load) r_beats = r_beats + 1;
      r_previous = i_state;
    end
  end
endmodule
