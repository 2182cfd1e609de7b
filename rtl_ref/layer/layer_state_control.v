// L-SCM: the state of a layer, and its two links. Loads images beat by beat, starts the engine when
// one is complete, sends the results. Timing: docs/reference/timing.md, L-SCM.
// Limits: i_done and i_result only in Run, OutputBeats results in it unless they come AtOnce. Latency: an
// image that is complete starts in the next cycle at the earliest, results are offered in the one after
// i_result, or AtOnce after i_done.
`default_nettype none

module layer_state_control #(
    parameter integer InputBeats = 1,
    parameter integer OutputBeats = 1,
    parameter integer InputBuffers = 1,
    parameter integer AtOnce = 0,  // 1: the results are complete all at once, when the engine is done
    // derived, not to be set
    parameter integer LoadBits = InputBeats < 2 ? 1 : $clog2(InputBeats),
    parameter integer SendBits = OutputBeats < 2 ? 1 : $clog2(OutputBeats)
) (
    input wire i_clk,
    input wire i_rst_n,
    // input link
    input wire i_valid,
    output wire o_ready,
    // MCM
    output wire o_load,
    output wire o_load_last,
    output wire [LoadBits-1:0] o_load_beat,
    // engine
    output wire o_start,
    input wire i_result,  // a result enters the output memory
    input wire i_done,
    // output link
    output wire o_valid,
    input wire i_ready,
    output wire [SendBits-1:0] o_send_beat
);
  generate
    if (InputBeats < 1) layer_state_control_InputBeats_must_be_at_least_1 limit ();
    if (OutputBeats < 1) layer_state_control_OutputBeats_must_be_at_least_1 limit ();
    if (InputBuffers < 1 || InputBuffers > 2) layer_state_control_InputBuffers_must_be_1_or_2 limit ();
    if (AtOnce < 0 || AtOnce > 1) layer_state_control_AtOnce_must_be_0_or_1 limit ();
  endgenerate

  localparam [1:0] Idle = 2'd0;
  localparam [1:0] Load = 2'd1;
  localparam [1:0] Run = 2'd2;
  localparam [1:0] Send = 2'd3;
  localparam integer MadeBits = $clog2(OutputBeats + 1);

  reg [1:0] r_state;
  reg [1:0] w_state_next;
  reg [1:0] r_full;  // complete input buffers, the one in computation included
  reg [1:0] w_full_next;
  reg [MadeBits-1:0] r_made;  // beats of results in the output memory
  reg [MadeBits-1:0] w_made_next;

  wire [MadeBits-1:0] w_sent;
  wire w_send_last;
  wire w_output = o_valid && i_ready;
  wire w_sent_all = r_state == Send && w_output && w_send_last;
  wire w_next_image = r_full != 2'd0 || o_load_beat != {LoadBits{1'b0}} || o_load;

  assign o_ready = r_full < InputBuffers[1:0];
  assign o_load = i_valid && o_ready;
  assign o_start = r_state == Load && r_full != 2'd0;

  assign o_valid = w_sent < r_made;
  assign o_send_beat = w_sent[SendBits-1:0];

  always @* begin
    w_state_next = r_state;
    case (r_state)
      Idle: if (o_load) w_state_next = Load;
      Load: if (o_start) w_state_next = Run;
      Run: if (i_done) w_state_next = Send;
      default: if (w_sent_all) w_state_next = w_next_image ? Load : Idle;
    endcase
  end

  always @* begin
    w_full_next = r_full;
    if (o_load && o_load_last && !i_done) w_full_next = r_full + 2'd1;
    if (!(o_load && o_load_last) && i_done) w_full_next = r_full - 2'd1;
  end

  always @* begin
    w_made_next = r_made;
    if (w_sent_all) w_made_next = {MadeBits{1'b0}};
    else if (AtOnce != 0 && i_done) w_made_next = OutputBeats[MadeBits-1:0];
    else if (AtOnce == 0 && i_result) w_made_next = r_made + 1'b1;
  end

  always @(posedge i_clk) begin
    if (!i_rst_n) begin
      r_state <= Idle;
      r_full  <= 2'd0;
      r_made  <= {MadeBits{1'b0}};
    end else begin
      r_state <= w_state_next;
      r_full  <= w_full_next;
      r_made  <= w_made_next;
    end
  end

  counter #(
      .Count(InputBeats)
  ) load_beat (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(o_load),
      .o_value(o_load_beat),
      .o_next(),
      .o_first(),
      .o_last(o_load_last)
  );

  counter #(
      .Count(OutputBeats),
      .Bits (MadeBits)
  ) sent (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(w_output),
      .o_value(w_sent),
      .o_next(),
      .o_first(),
      .o_last(w_send_last)
  );
endmodule
