// DCL-SCM: which tile a dot-product engine issues and which it retires in each cycle.
// Tiles of Operations x Tiles are issued in order, one every Period cycles, and retire Latency cycles
// later (overlapped) or in the last cycle of their period (stepped). A result is offered
// RequantiseLatency cycles after its last tile retires. While it is offered and
// not taken everything stands still. Timing: docs/reference/timing.md, DCL.
// Limits: i_start only in Idle; Period Operations Tiles + Depth below 2^31. Latency: the first tile is
// issued in the cycle after i_start, the last result offered Steps cycles after i_start, stalls not counted.
`default_nettype none

module dcl_state_control #(
    parameter integer Operations = 2,
    parameter integer Tiles = 1,
    parameter integer Issue = 0,  // 0 overlapped, 1 stepped
    parameter integer ReadLatency = 0,
    parameter integer MultiplyLatency = 0,
    parameter integer AdderLatency = 0,
    parameter integer RequantiseLatency = 0,
    // derived, not to be set
    parameter integer Words = Operations * Tiles,
    parameter integer WordIndexBits = Words < 2 ? 1 : $clog2(Words),
    parameter integer TileIndexBits = Tiles < 2 ? 1 : $clog2(Tiles),
    parameter integer OperationIndexBits = Operations < 2 ? 1 : $clog2(Operations)
) (
    input wire i_clk,
    input wire i_rst_n,
    input wire i_start,
    output wire o_done,
    // weight and input memory: the word and the tile to stand at the ports in the next cycle
    output wire o_read,
    output wire [WordIndexBits-1:0] o_word,
    output wire [TileIndexBits-1:0] o_next_tile,
    // the tile that stands at the ports now
    output wire [TileIndexBits-1:0] o_tile,
    // U-MC
    output wire o_enable,
    output wire o_retire,
    output wire o_first,
    // results
    output wire o_valid,
    input wire i_ready,
    output wire [OperationIndexBits-1:0] o_k
);
  generate
    if (Operations < 1) dcl_state_control_Operations_must_be_at_least_1 limit ();
    if (Tiles < 1) dcl_state_control_Tiles_must_be_at_least_1 limit ();
    if (Issue < 0 || Issue > 1) dcl_state_control_Issue_must_be_0_or_1 limit ();
    if (ReadLatency < 0) dcl_state_control_ReadLatency_must_be_at_least_0 limit ();
    if (MultiplyLatency < 0) dcl_state_control_MultiplyLatency_must_be_at_least_0 limit ();
    if (AdderLatency < 0) dcl_state_control_AdderLatency_must_be_at_least_0 limit ();
    if (RequantiseLatency < 0 || RequantiseLatency > 1)
      dcl_state_control_RequantiseLatency_must_be_0_or_1 limit ();
  endgenerate

  localparam [1:0] Idle = 2'd0;
  localparam [1:0] Compute = 2'd1;
  localparam [1:0] Multiply = 2'd2;
  localparam [1:0] Accumulate = 2'd3;

  localparam integer Latency = ReadLatency + MultiplyLatency + AdderLatency;
  localparam integer Period = (Issue == 0) ? 1 : 3 + Latency;
  localparam integer RetireDepth = (Issue == 0) ? Latency : 0;
  localparam integer Depth = RetireDepth + RequantiseLatency;
  localparam integer Issued = Period * Words;  // step in which all tiles are issued
  localparam integer Steps = Issued + Depth;
  localparam integer StepBits = $clog2(Steps + 1);
  // Where Compute and Multiply end: of the youngest tile's way (step), or of each tile's (phase).
  localparam integer ComputeEnd = ReadLatency + ((Issue == 0) ? Issued : 1);
  localparam integer MultiplyEnd = ComputeEnd + MultiplyLatency + ((Issue == 0) ? 0 : 1);

  reg [1:0] r_state;
  reg [1:0] w_state_next;
  wire w_busy = r_state != Idle;
  wire w_advance = w_busy && o_enable;

  wire [StepBits-1:0] w_step;
  wire [StepBits-1:0] w_step_next;
  wire [StepBits-1:0] w_phase;
  wire [StepBits-1:0] w_phase_next;
  wire [StepBits-1:0] w_position_next = (Issue == 0) ? w_step_next : w_phase_next;
  wire w_step_last;
  wire w_phase_last;
  wire w_word_last;
  wire w_retire;
  wire w_retire_tile_first;
  wire w_retire_tile_last;
  // Stepped, the last result may be offered behind the period of the last tile.
  localparam HasTail = Issue != 0 && RequantiseLatency != 0;
  wire w_tail = HasTail && w_step >= Issued[StepBits-1:0];
  wire w_tail_next = HasTail && w_step_next >= Issued[StepBits-1:0];

  // The youngest issued tile: issued in the first cycle in which its operands stand at the ports,
  // there to the end of its period; RetireDepth enabled cycles after that end it retires. Waveforms show its k;
  // synthesis drops the division, which nothing else needs.
  wire w_issuing = w_busy && w_step < Issued[StepBits-1:0];
  wire w_issue = w_issuing && w_phase == {StepBits{1'b0}};
  wire w_period_end = w_issuing && w_phase_last;
  wire [WordIndexBits-1:0] w_word;
  wire [31:0] w_k = {{(32 - WordIndexBits) {1'b0}}, w_word} / Tiles;
  wire [TileIndexBits-1:0] w_tile;

  assign o_tile = w_tile;
  assign o_retire = w_retire;
  assign o_enable = !(o_valid && !i_ready);
  assign o_first = w_retire_tile_first;
  assign o_done = w_busy && w_step_last;
  assign o_read = w_busy ? o_enable && w_period_end && !w_word_last : i_start;

  always @* begin
    w_state_next = r_state;
    if (!w_busy) begin
      if (i_start) w_state_next = Compute;
    end else if (o_enable) begin
      if (w_step_last) w_state_next = Idle;
      else if (w_tail_next) w_state_next = Accumulate;
      else if (w_position_next < ComputeEnd[StepBits-1:0]) w_state_next = Compute;
      else if (w_position_next < MultiplyEnd[StepBits-1:0]) w_state_next = Multiply;
      else w_state_next = Accumulate;
    end
  end

  always @(posedge i_clk) begin
    if (!i_rst_n) r_state <= Idle;
    else r_state <= w_state_next;
  end

  counter #(
      .Count(Steps),
      .Bits (StepBits)
  ) step (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(w_advance),
      .o_value(w_step),
      .o_next(w_step_next),
      .o_first(),
      .o_last(w_step_last)
  );

  counter #(
      .Count(Period),
      .Bits (StepBits)
  ) phase (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(w_advance && !w_tail),
      .o_value(w_phase),
      .o_next(w_phase_next),
      .o_first(),
      .o_last(w_phase_last)
  );

  counter #(
      .Count(Words)
  ) word (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(w_advance && w_period_end),
      .o_value(w_word),
      .o_next(o_word),
      .o_first(),
      .o_last(w_word_last)
  );

  counter #(
      .Count(Tiles)
  ) tile (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(w_advance && w_period_end),
      .o_value(w_tile),
      .o_next(o_next_tile),
      .o_first(),
      .o_last()
  );

  delay_line #(
      .Stages(RetireDepth)
  ) retire (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(o_enable),
      .i_data(w_period_end),
      .o_data(w_retire)
  );

  counter #(
      .Count(Tiles)
  ) retire_tile (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(w_retire && o_enable),
      .o_value(),
      .o_next(),
      .o_first(w_retire_tile_first),
      .o_last(w_retire_tile_last)
  );

  delay_line #(
      .Stages(RequantiseLatency)
  ) offer (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(o_enable),
      .i_data(w_retire && w_retire_tile_last),
      .o_data(o_valid)
  );

  counter #(
      .Count(Operations)
  ) result_k (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(o_valid && o_enable),
      .o_value(o_k),
      .o_next(),
      .o_first(),
      .o_last()
  );
endmodule
