// What is proved of DCL-SCM for every input, stall and reset: every tile of every operation is read
// once and in order, retires once and in order, results come with the last tile of their operation or a cycle after it,
// an offered result stands until it is taken, and a run takes II N + D cycles, stalls not counted.
`default_nettype none

module proof #(
    parameter integer Operations = 2,
    parameter integer Tiles = 2,
    parameter integer Issue = 0,
    parameter integer ReadLatency = 0,
    parameter integer MultiplyLatency = 0,
    parameter integer AdderLatency = 0,
    parameter integer RequantiseLatency = 0
) (
    input wire i_clk,
    input wire i_reset,
    input wire i_want_start,
    input wire i_ready,
    output wire o_bad
);
  localparam integer Words = Operations * Tiles;
  localparam integer Latency = ReadLatency + MultiplyLatency + AdderLatency;
  localparam integer Cycles = (Issue == 0 ? Words + Latency : (3 + Latency) * Words) + RequantiseLatency;
  localparam integer Bits = $clog2(Cycles + 2) + 1;
  localparam integer WordBits = Words < 2 ? 1 : $clog2(Words);
  localparam integer KBits = Operations < 2 ? 1 : $clog2(Operations);

  wire w_rst_n;
  wire w_done;
  wire w_read;
  wire w_enable;
  wire w_retire;
  wire w_first;
  wire w_valid;
  wire [WordBits-1:0] w_word;
  wire [KBits-1:0] w_k;

  reg r_busy;
  reg [Bits-1:0] r_cycles;  // of the run, those of standing still not counted
  reg [Bits-1:0] r_read;    // words read in the run
  reg [Bits-1:0] r_k;       // of the tile that retires next
  reg [Bits-1:0] r_tile;
  reg [Bits-1:0] r_results;  // taken in the run
  reg r_complete;  // the last tile of an operation retired in the enabled cycle before
  reg r_waited;  // a result was offered and not taken in the cycle before
  reg [KBits-1:0] r_waited_k;
  wire w_start = i_want_start && !r_busy;  // the limit of the block: only in Idle
  wire w_takes = w_retire && w_enable;
  wire w_completes = w_retire && r_tile == Tiles - 1;

  reset_first reset (
      .i_clk(i_clk),
      .i_reset(i_reset),
      .o_rst_n(w_rst_n)
  );

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
      .i_rst_n(w_rst_n),
      .i_start(w_start),
      .o_done(w_done),
      .o_read(w_read),
      .o_word(w_word),
      .o_tile(),
      .o_next_tile(),
      .o_enable(w_enable),
      .o_retire(w_retire),
      .o_first(w_first),
      .o_valid(w_valid),
      .i_ready(i_ready),
      .o_k(w_k)
  );

  always @(posedge i_clk) begin
    r_waited <= w_rst_n && w_valid && !i_ready;
    r_waited_k <= w_k;
    if (!w_rst_n) begin
      r_busy <= 1'b0;
      r_cycles <= {Bits{1'b0}};
      r_read <= {Bits{1'b0}};
      r_k <= {Bits{1'b0}};
      r_tile <= {Bits{1'b0}};
      r_results <= {Bits{1'b0}};
      r_complete <= 1'b0;
    end else begin
      if (w_start) begin
        r_busy <= 1'b1;
        r_cycles <= {Bits{1'b0}};
        r_read <= {{(Bits - 1) {1'b0}}, w_read};
        r_k <= {Bits{1'b0}};
        r_tile <= {Bits{1'b0}};
        r_results <= {Bits{1'b0}};
      end else if (r_busy && w_enable) begin
        r_cycles <= r_cycles + 1'b1;
        if (w_read) r_read <= r_read + 1'b1;
        if (w_valid) r_results <= r_results + 1'b1;
        if (w_done) r_busy <= 1'b0;
      end
      if (w_enable) r_complete <= w_completes;
      if (w_takes) begin
        r_tile <= r_tile == Tiles - 1 ? {Bits{1'b0}} : r_tile + 1'b1;
        if (r_tile == Tiles - 1) r_k <= r_k + 1'b1;
      end
    end
  end

  wire w_wrong_word = w_read && (w_start ? w_word != 0 : w_word != r_read[WordBits-1:0]);
  wire w_read_too_often = w_read && !w_start && r_read == Words;
  wire w_idle_retires = w_retire && !r_busy;
  wire w_wrong_first = w_retire && w_first != (r_tile == 0);
  wire w_wrong_valid = w_valid != (RequantiseLatency == 0 ? w_completes : r_complete);
  wire w_wrong_k = w_valid && w_k != r_results[KBits-1:0];
  wire w_dropped = r_waited && (!w_valid || w_k != r_waited_k);
  wire w_wrong_stall = w_enable != !(w_valid && !i_ready);
  wire w_wrong_end = r_busy && (w_done != (r_cycles == Cycles - 1));
  wire w_all_retired = RequantiseLatency == 0 ? r_k == Operations - 1 && r_tile == Tiles - 1
                                              : r_k == Operations && r_tile == 0;
  wire w_incomplete = w_done && (r_read != Words || r_results != Operations - 1 || !w_all_retired);

  assign o_bad = w_rst_n && (w_wrong_word || w_read_too_often || w_idle_retires || w_wrong_first ||
                             w_wrong_valid || w_wrong_k || w_dropped || w_wrong_stall ||
                             w_wrong_end || w_incomplete);
endmodule
