// Drives the accelerator of a random case with gaps and stalls, holds every output beat against the
// expected one, every Run against its closed form, and, where it is known, the total of cycles.
`default_nettype none

module bench;
  `include "case.vh"

  reg r_clk = 1'b0;
  reg r_rst_n = 1'b0;
  reg r_valid = 1'b0;
  reg r_ready = 1'b0;
  reg [InBits-1:0] r_data = {InBits{1'b0}};
  wire w_ready;
  wire w_valid;
  wire [OutBits-1:0] w_data;

  reg [InBits-1:0] r_stimuli[0:Images*InBeats-1];
  reg [OutBits-1:0] r_expected[0:Images*OutBeats-1];
  integer r_offered = 0;  // beats offered, the present one included
  integer r_received = 0;
  integer r_errors = 0;
  integer r_cycle = 0;
  integer r_first_cycle = 0;  // in which the first beat is offered
  integer r_random = Seed;

  accelerator dut (
      .i_clk(r_clk),
      .i_rst_n(r_rst_n),
      .i_valid(r_valid),
      .o_ready(w_ready),
      .i_data(r_data),
      .o_valid(w_valid),
      .i_ready(r_ready),
      .o_data(w_data)
  );

  function percent(input integer chance);
    percent = $unsigned($random(r_random)) % 100 < chance;
  endfunction

  task offer;
    if (r_offered < Images * InBeats && !percent(GapPercent)) begin
      r_valid <= 1'b1;
      r_data <= r_stimuli[r_offered];
      if (r_offered == 0) r_first_cycle = r_cycle + 1;
      r_offered = r_offered + 1;
    end else begin
      r_valid <= 1'b0;
    end
  endtask

  task receive;
    begin
      if (w_data !== r_expected[r_received]) begin
        $display("FAIL image %0d beat %0d cycle %0d: o_data %h, expected %h",
                 r_received / OutBeats, r_received % OutBeats, r_cycle, w_data,
                 r_expected[r_received]);
        r_errors = r_errors + 1;
      end
      r_received = r_received + 1;
      if (r_received == Images * OutBeats) finish;
    end
  endtask

  task finish;
    begin
      if (TotalCycles != 0 && r_cycle - r_first_cycle + 1 != TotalCycles) begin
        $display("FAIL total of %0d cycles, expected %0d", r_cycle - r_first_cycle + 1,
                 TotalCycles);
        r_errors = r_errors + 1;
      end
      if (!w_runs_good) $display("FAIL not every Run was seen with its closed form");
      else if (r_errors == 0) $display("PASS %0d images, %0d cycles", Images, r_cycle);
      $finish;
    end
  endtask

  initial begin
    $readmemh("stimuli.mem", r_stimuli);
    $readmemh("expected.mem", r_expected);
  end

  always #5 r_clk = !r_clk;

  always @(posedge r_clk) begin
    r_ready <= !percent(StallPercent);
    r_rst_n <= r_cycle > 1 && r_cycle != ResetCycle;
    if (!r_rst_n) begin
      r_valid <= 1'b0;
      r_offered = 0;
      r_received = 0;
    end else begin
      if (!r_valid || w_ready) offer;
      if (w_valid && r_ready) receive;
    end
    if (r_cycle > MaxCycles) begin
      $display("FAIL %0d of %0d beats in %0d cycles", r_received, Images * OutBeats, r_cycle);
      $finish;
    end
    r_cycle = r_cycle + 1;
  end
endmodule
