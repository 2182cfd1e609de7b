// dil_state_control against a log of Run: the tile that was in Run Latency cycles ago is the one
// whose products reach the sums, and RequantiseLatency cycles later the last ones complete a tile of the
// results (docs/reference/timing.md, DIL). What it asks of the V memory and of
// the sums is seen at their ports.
`default_nettype none

module dil_state_control_bench;
  parameter integer Operations = 2;
  parameter integer Tiles = 1;
  parameter integer ZBits = 16;
  parameter integer ReadLatency = 0;
  parameter integer MultiplyLatency = 0;
  parameter integer RequantiseLatency = 0;
  `include "cell_bench.vh"
  localparam integer Words = Operations * Tiles;
  localparam integer Latency = ReadLatency + MultiplyLatency;
  localparam integer Idle = 0;
  localparam integer Run = 1;
  localparam integer Wait = 2;

  wire o_done;
  reg i_valid;
  wire o_ready;
  reg [ZBits-1:0] i_z;
  wire [ZBits-1:0] o_operand;
  wire o_read;
  wire [(Words < 2 ? 1 : $clog2(Words))-1:0] o_word;
  wire o_accumulate;
  wire o_first;
  wire o_last;
  wire [(Tiles < 2 ? 1 : $clog2(Tiles))-1:0] o_tile;
  wire o_write;
  wire [(Tiles < 2 ? 1 : $clog2(Tiles))-1:0] o_write_tile;
  wire o_sum_read;
  wire [(Tiles < 2 ? 1 : $clog2(Tiles))-1:0] o_sum_tile;

  integer state = Idle;
  integer word = 0;  // in Run, of V; outside Run the next one
  integer log[0:Cycles];  // by cycle: the word in Run, -1 where there is none
  integer reset_cycle = 0;  // the last one
  integer port = 0;  // the word at the V memory's port
  integer sum_port = 0;  // the tile at the sums' port
  reg [ZBits-1:0] operand = {ZBits{1'b0}};
  integer retired;
  integer completed;
  reg ready;
  reg done;
  reg transfer;

  dil_state_control #(
      .Operations(Operations),
      .Tiles(Tiles),
      .ZBits(ZBits),
      .ReadLatency(ReadLatency),
      .MultiplyLatency(MultiplyLatency),
      .RequantiseLatency(RequantiseLatency)
  ) dut (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .o_done(o_done),
      .i_valid(i_valid),
      .o_ready(o_ready),
      .i_z(i_z),
      .o_operand(o_operand),
      .o_read(o_read),
      .o_word(o_word),
      .o_accumulate(o_accumulate),
      .o_first(o_first),
      .o_last(o_last),
      .o_tile(o_tile),
      .o_write(o_write),
      .o_write_tile(o_write_tile),
      .o_sum_read(o_sum_read),
      .o_sum_tile(o_sum_tile)
  );

  function integer run_before(input integer cycles);
    run_before = cycle - cycles > reset_cycle ? log[cycle-cycles] : -1;
  endfunction

  task judge;
    begin
      log[cycle] = state == Run ? word : -1;
      retired = run_before(Latency);
      completed = run_before(Latency + RequantiseLatency);
      done = completed == Words - 1;
      case (state)
        Idle: ready = 1'b1;
        Run: ready = word % Tiles == Tiles - 1 && word != Words - 1;
        default: ready = word != Words;
      endcase
    end
  endtask

  task drive;
    begin
      judge;
      i_valid = percent(60);
      i_z = noise(ZBits);
      transfer = i_valid && ready;
    end
  endtask

  task compare;
    begin
      check("r_state", dut.r_state, state);
      check("o_ready", o_ready, ready);
      check("o_done", o_done, done);
      check("w_retire", dut.w_retire, retired >= 0);
      check("o_accumulate", o_accumulate, retired >= 0);
      if (state == Run) begin
        check("o_operand", o_operand, operand);
        check("w_k", dut.w_k, word / Tiles);
        check("w_tile", dut.w_tile, word % Tiles);
        check("word at the port", port, word);
      end
      if (retired >= 0) begin
        check("o_first", o_first, retired / Tiles == 0);
        check("o_last", o_last, retired / Tiles == Operations - 1);
        check("o_tile", o_tile, retired % Tiles);
        if (retired >= Tiles) check("tile of the sums", sum_port, retired % Tiles);
      end
      check("o_write", o_write, completed >= Words - Tiles && completed >= 0);
      if (o_write === 1'b1) check("o_write_tile", o_write_tile, completed % Tiles);
    end
  endtask

  task advance;
    begin
      if (o_read === 1'b1) port = o_word;
      if (o_sum_read === 1'b1) sum_port = o_sum_tile;
      if (!i_rst_n) begin
        state = Idle;
        word = 0;
        reset_cycle = cycle;
      end else begin
        if (transfer) operand = i_z;
        if (state == Run) word = word + 1;
        if (done) begin
          state = Idle;
          word = 0;
        end else if (transfer) begin
          state = Run;
        end else if (state == Run && word % Tiles == 0) begin
          state = Wait;
        end
      end
    end
  endtask
endmodule
