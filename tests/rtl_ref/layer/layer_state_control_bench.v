// layer_state_control against counts of whole images: how many beats came, how many images were started,
// done and sent, from which state and handshakes follow (docs/reference/timing.md, L-SCM).
`default_nettype none

module layer_state_control_bench;
  parameter integer InputBeats = 1;
  parameter integer OutputBeats = 1;
  parameter integer InputBuffers = 1;
  parameter integer AtOnce = 0;
  `include "cell_bench.vh"
  localparam integer Idle = 0;
  localparam integer Load = 1;
  localparam integer Run = 2;
  localparam integer Send = 3;

  reg i_valid;
  wire o_ready;
  wire o_load;
  wire o_load_last;
  wire [(InputBeats < 2 ? 1 : $clog2(InputBeats))-1:0] o_load_beat;
  wire o_start;
  reg i_result;
  reg i_done;
  wire o_valid;
  reg i_ready;
  wire [(OutputBeats < 2 ? 1 : $clog2(OutputBeats))-1:0] o_send_beat;

  integer beats_in = 0;
  integer started = 0;
  integer done = 0;
  integer results = 0;  // beats of them
  integer beats_out = 0;
  integer speed = 50;  // percent of cycles in which a link moves
  integer full;
  integer sent;  // images
  integer state;
  reg ready;
  reg valid;

  layer_state_control #(
      .InputBeats(InputBeats),
      .OutputBeats(OutputBeats),
      .InputBuffers(InputBuffers),
      .AtOnce(AtOnce)
  ) dut (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_valid(i_valid),
      .o_ready(o_ready),
      .o_load(o_load),
      .o_load_last(o_load_last),
      .o_load_beat(o_load_beat),
      .o_start(o_start),
      .i_result(i_result),
      .i_done(i_done),
      .o_valid(o_valid),
      .i_ready(i_ready),
      .o_send_beat(o_send_beat)
  );

  task judge;
    begin
      full = beats_in / InputBeats - done;
      sent = beats_out / OutputBeats;
      if (started > done) state = Run;
      else if (done > sent) state = Send;
      else if (beats_in > done * InputBeats) state = Load;
      else state = Idle;
      ready = full < InputBuffers;
      valid = beats_out < results && (AtOnce == 0 || state == Send);
    end
  endtask

  // The engine: results at random times in Run, with the last one or some time after it all is done.
  task drive;
    begin
      judge;
      if (percent(1)) speed = percent(50) ? 100 : 10 + below(80);
      i_valid = percent(speed);
      i_ready = percent(speed);
      i_result = state == Run && percent(40);
      if (AtOnce == 0) begin
        i_result = i_result && results < started * OutputBeats;
        i_done = i_result && results + 1 == started * OutputBeats;
      end else begin
        i_done = state == Run && percent(20);
      end
    end
  endtask

  task compare;
    begin
      check("r_state", dut.r_state, state);
      check("o_ready", o_ready, ready);
      check("o_load", o_load, ready && i_valid);
      check("o_load_last", o_load_last, beats_in % InputBeats == InputBeats - 1);
      check("o_load_beat", o_load_beat, beats_in % InputBeats);
      check("o_start", o_start, state == Load && full > 0);
      check("o_valid", o_valid, valid);
      if (valid) check("o_send_beat", o_send_beat, beats_out % OutputBeats);
    end
  endtask

  task advance;
    if (!i_rst_n) begin
      beats_in = 0;
      started = 0;
      done = 0;
      results = 0;
      beats_out = 0;
    end else begin
      if (state == Load && full > 0) started = started + 1;
      if (ready && i_valid) beats_in = beats_in + 1;
      if (valid && i_ready) beats_out = beats_out + 1;
      if (AtOnce == 0 && i_result) results = results + 1;
      if (i_done) begin
        done = done + 1;
        results = done * OutputBeats;
      end
    end
  endtask
endmodule
