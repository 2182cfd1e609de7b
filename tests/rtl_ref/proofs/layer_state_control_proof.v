// What is proved of L-SCM for every neighbour, every engine and every reset: an image that has been
// loaded is run exactly once, none is run before its last beat, no more are taken than there are
// buffers; every result is sent once and in order, none before it is made; an offered beat stands until
// it is taken; and with a fair neighbour something always moves.
// The engine is any that keeps the block's limits: it begins with o_start, ends some time later, and
// announces each of OutputBeats results, the last one with i_done (AtOnce: none).
`default_nettype none

module proof #(
    parameter integer InputBeats = 2,
    parameter integer OutputBeats = 2,
    parameter integer InputBuffers = 2,
    parameter integer AtOnce = 0
) (
    input wire i_clk,
    input wire i_reset,
    input wire i_valid,
    input wire i_ready,
    input wire i_engine_steps,  // the engine makes a result, or ends
    output wire o_bad
);
  localparam integer LoadBits = InputBeats < 2 ? 1 : $clog2(InputBeats);
  localparam integer SendBits = OutputBeats < 2 ? 1 : $clog2(OutputBeats);
  localparam integer Bits = 4;

  wire w_rst_n;
  wire w_ready;
  wire w_load;
  wire w_load_last;
  wire [LoadBits-1:0] w_load_beat;
  wire w_start;
  wire w_valid;
  wire [SendBits-1:0] w_send_beat;

  reg [Bits-1:0] r_beat;   // expected next on the input link
  reg [Bits-1:0] r_whole;  // complete images that the engine has not done with
  reg r_runs;
  reg [Bits-1:0] r_made;   // results of the image in the output memory
  reg [Bits-1:0] r_sent;
  reg r_sends;             // the engine has done, its results are being sent
  reg r_waited;
  reg [SendBits-1:0] r_waited_beat;

  wire w_last_result = AtOnce != 0 || r_made == OutputBeats - 1;
  wire w_result = r_runs && i_engine_steps && AtOnce == 0;
  wire w_done = r_runs && i_engine_steps && w_last_result;
  wire w_takes = w_valid && i_ready;
  wire w_sent_all = w_takes && r_sent == OutputBeats - 1;

  reset_first reset (
      .i_clk(i_clk),
      .i_reset(i_reset),
      .o_rst_n(w_rst_n)
  );

  layer_state_control #(
      .InputBeats(InputBeats),
      .OutputBeats(OutputBeats),
      .InputBuffers(InputBuffers),
      .AtOnce(AtOnce)
  ) dut (
      .i_clk(i_clk),
      .i_rst_n(w_rst_n),
      .i_valid(i_valid),
      .o_ready(w_ready),
      .o_load(w_load),
      .o_load_last(w_load_last),
      .o_load_beat(w_load_beat),
      .o_start(w_start),
      .i_result(w_result),
      .i_done(w_done),
      .o_valid(w_valid),
      .i_ready(i_ready),
      .o_send_beat(w_send_beat)
  );

  wire w_image_ends = w_load && r_beat == InputBeats - 1;

  always @(posedge i_clk) begin
    r_waited <= w_rst_n && w_valid && !i_ready;
    r_waited_beat <= w_send_beat;
    if (!w_rst_n) begin
      r_beat <= 0;
      r_whole <= 0;
      r_runs <= 1'b0;
      r_made <= 0;
      r_sent <= 0;
      r_sends <= 1'b0;
    end else begin
      if (w_load) r_beat <= w_image_ends ? 0 : r_beat + 1'b1;
      r_whole <= r_whole + w_image_ends - w_done;
      if (w_start) r_runs <= 1'b1;
      else if (w_done) r_runs <= 1'b0;
      if (w_done) r_sends <= 1'b1;
      else if (w_sent_all) r_sends <= 1'b0;
      if (w_sent_all) begin
        r_made <= 0;
        r_sent <= 0;
      end else begin
        if (AtOnce != 0 && w_done) r_made <= OutputBeats;
        else if (w_result) r_made <= r_made + 1'b1;
        if (w_takes) r_sent <= r_sent + 1'b1;
      end
    end
  end

  wire w_wrong_ready = w_ready != (r_whole < InputBuffers);
  wire w_wrong_load = w_load != (i_valid && w_ready);
  wire w_wrong_beat = w_load && (w_load_beat != r_beat[LoadBits-1:0] ||
                                 w_load_last != (r_beat == InputBeats - 1));
  wire w_early_start = w_start && (r_runs || r_sends || r_whole == 0);
  wire w_wrong_valid = w_valid != (r_sent < r_made);
  wire w_wrong_sent = w_valid && w_send_beat != r_sent[SendBits-1:0];
  wire w_dropped = r_waited && (!w_valid || w_send_beat != r_waited_beat);

  // Nothing runs or is sent and a whole image waits: then L-SCM starts within two cycles (Idle, Load).
  reg [1:0] r_stuck;
  wire w_could_start = r_whole != 0 && !r_runs && !r_sends;
  always @(posedge i_clk) begin
    if (!w_rst_n || w_start || !w_could_start) r_stuck <= 2'd0;
    else r_stuck <= r_stuck + 2'd1;
  end

  assign o_bad = w_rst_n && (w_wrong_ready || w_wrong_load || w_wrong_beat || w_early_start ||
                             w_wrong_valid || w_wrong_sent || w_dropped || r_stuck == 2'd3);
endmodule
