// dcl_state_control against the closed forms of docs/reference/timing.md (DCL): which tile is issued and
// which retires follows from the number of cycles since the start, stalls not counted. What it asks of
// the weight memory is seen at that memory's port.
`default_nettype none

module dcl_state_control_bench;
  parameter integer Operations = 2;
  parameter integer Tiles = 1;
  parameter integer Issue = 0;
  parameter integer ReadLatency = 0;
  parameter integer MultiplyLatency = 0;
  parameter integer AdderLatency = 0;
  parameter integer RequantiseLatency = 0;
  `include "cell_bench.vh"
  localparam integer Words = Operations * Tiles;
  localparam integer Latency = ReadLatency + MultiplyLatency + AdderLatency;
  localparam integer Period = Issue != 0 ? 3 + Latency : 1;
  localparam integer Idle = 0;
  localparam integer Compute = 1;
  localparam integer Multiply = 2;
  localparam integer Accumulate = 3;

  reg i_start;
  wire o_done;
  wire o_read;
  wire [(Words < 2 ? 1 : $clog2(Words))-1:0] o_word;
  wire [(Tiles < 2 ? 1 : $clog2(Tiles))-1:0] o_tile;
  wire [(Tiles < 2 ? 1 : $clog2(Tiles))-1:0] o_next_tile;
  wire o_enable;
  wire o_retire;
  wire o_first;
  wire o_valid;
  reg i_ready;
  wire [(Operations < 2 ? 1 : $clog2(Operations))-1:0] o_k;

  reg busy = 1'b0;
  integer step = 0;  // cycles since the first one of the run, stalls not counted
  integer port = 0;  // the word at the weight memory's port
  integer port_tile;
  integer reads = 0;  // in this run
  integer last_step;
  integer youngest;  // tile
  integer position;  // where the youngest tile is: cycles since it was issued
  integer retired;  // the tile that retires; outside 0 to Words - 1: none
  integer offered;  // the last tile of the result that is offered; else below 0, or not a last tile
  integer state;
  reg at_ports;
  reg retires;
  reg valid;
  reg stalled;

  dcl_state_control #(
      .Operations(Operations),
      .Tiles(Tiles),
      .Issue(Issue),
      .ReadLatency(ReadLatency),
      .MultiplyLatency(MultiplyLatency),
      .AdderLatency(AdderLatency),
      .RequantiseLatency(RequantiseLatency)
  ) dut (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_start(i_start),
      .o_done(o_done),
      .o_read(o_read),
      .o_word(o_word),
      .o_tile(o_tile),
      .o_next_tile(o_next_tile),
      .o_enable(o_enable),
      .o_retire(o_retire),
      .o_first(o_first),
      .o_valid(o_valid),
      .i_ready(i_ready),
      .o_k(o_k)
  );

  task judge;
    begin
      if (Issue == 0) begin
        last_step = Words - 1 + Latency + RequantiseLatency;
        youngest = step < Words ? step : Words - 1;
        position = step - youngest;
        retired = step - Latency;
        offered = retired - RequantiseLatency;
        at_ports = busy && step < Words;
        if (position <= ReadLatency) state = Compute;
        else if (position <= ReadLatency + MultiplyLatency) state = Multiply;
        else state = Accumulate;
      end else begin
        last_step = Words * Period - 1 + RequantiseLatency;
        youngest = step / Period;
        position = step % Period;
        retired = position == Period - 1 ? youngest : -1;
        offered = (position + 1 - RequantiseLatency) % Period == 0 ? youngest - RequantiseLatency : -1;
        at_ports = busy && step < Words * Period;
        if (step >= Words * Period) state = Accumulate;
        else if (position < 1 + ReadLatency) state = Compute;
        else if (position < 2 + ReadLatency + MultiplyLatency) state = Multiply;
        else state = Accumulate;
      end
      if (!busy) state = Idle;
      retires = busy && retired >= 0 && retired < Words;
      valid = busy && offered >= 0 && offered % Tiles == Tiles - 1;
    end
  endtask

  task drive;
    begin
      judge;
      i_start = !busy && percent(30);
      i_ready = percent(60);
      stalled = valid && !i_ready;
    end
  endtask

  task compare;
    begin
      check("r_state", dut.r_state, state);
      check("w_issue", dut.w_issue, at_ports && position == 0);
      check("w_retire", dut.w_retire, retires);
      check("o_retire", o_retire, retires);
      check("o_valid", o_valid, valid);
      check("o_enable", o_enable, !stalled);
      if (!stalled) check("o_done", o_done, busy && step == last_step);
      if (at_ports) begin
        check("w_k", dut.w_k, youngest / Tiles);
        check("w_tile", dut.w_tile, youngest % Tiles);
        check("o_tile", o_tile, youngest % Tiles);
        check("word at the port", port, youngest);
        check("tile at the port", port_tile, youngest % Tiles);
        check("reads", reads, youngest + 1);
      end
      if (busy && reads == Words) check("o_read", o_read, 0);
      if (retires) check("o_first", o_first, retired % Tiles == 0);
      if (valid) check("o_k", o_k, offered / Tiles);
    end
  endtask

  task advance;
    begin
      if (o_read === 1'b1) begin
        port = o_word;
        port_tile = o_next_tile;
        reads = reads + 1;
      end
      if (!i_rst_n) begin
        busy = 1'b0;
      end else if (!busy) begin
        busy = i_start;
        step = 0;
      end else if (!stalled) begin
        busy = step < last_step;
        step = step + 1;
      end
      if (!busy) reads = 0;
    end
  endtask
endmodule
