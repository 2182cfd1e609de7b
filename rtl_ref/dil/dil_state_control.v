// DIL-SCM: loads an operand z_k only when V-MC is not working on another one (the hazard), walks the
// Tiles tiles of V[k,:] in Run, and tells V-MC, ReadLatency + MultiplyLatency cycles later, which sums to add to.
// Complete sums are written RequantiseLatency cycles after that. Timing: docs/reference/timing.md, DIL.
// Limits: Operations Tiles below 2^31. Latency: an operand's first tile is in Run in the cycle after its
// transfer, its last products reach the sums Tiles - 1 + ReadLatency + MultiplyLatency cycles after that.
`default_nettype none

module dil_state_control #(
    parameter integer Operations = 2,
    parameter integer Tiles = 1,
    parameter integer ZBits = 16,
    parameter integer ReadLatency = 0,
    parameter integer MultiplyLatency = 0,
    parameter integer RequantiseLatency = 0,
    // derived, not to be set
    parameter integer Words = Operations * Tiles,
    parameter integer WordIndexBits = Words < 2 ? 1 : $clog2(Words),
    parameter integer TileIndexBits = Tiles < 2 ? 1 : $clog2(Tiles)
) (
    input wire i_clk,
    input wire i_rst_n,
    output wire o_done,
    // operands
    input wire i_valid,
    output wire o_ready,
    input wire [ZBits-1:0] i_z,
    output wire [ZBits-1:0] o_operand,
    // V memory: the word to stand at the port in the next cycle
    output wire o_read,
    output wire [WordIndexBits-1:0] o_word,
    // running sums: the products of this tile are there
    output wire o_accumulate,
    output wire o_first,
    output wire o_last,
    output wire [TileIndexBits-1:0] o_tile,
    // complete sums: this tile is written
    output wire o_write,
    output wire [TileIndexBits-1:0] o_write_tile,
    // the tile of the next sums, and whether they have to be read
    output wire o_sum_read,
    output wire [TileIndexBits-1:0] o_sum_tile
);
  generate
    if (Operations < 1) dil_state_control_Operations_must_be_at_least_1 limit ();
    if (Tiles < 1) dil_state_control_Tiles_must_be_at_least_1 limit ();
    if (ZBits < 1) dil_state_control_ZBits_must_be_at_least_1 limit ();
    if (ReadLatency < 0) dil_state_control_ReadLatency_must_be_at_least_0 limit ();
    if (MultiplyLatency < 0) dil_state_control_MultiplyLatency_must_be_at_least_0 limit ();
    if (RequantiseLatency < 0 || RequantiseLatency > 1)
      dil_state_control_RequantiseLatency_must_be_0_or_1 limit ();
  endgenerate

  localparam [1:0] Idle = 2'd0;
  localparam [1:0] Run = 2'd1;
  localparam [1:0] Wait = 2'd2;
  localparam integer OperationIndexBits = Operations < 2 ? 1 : $clog2(Operations);

  reg [1:0] r_state;
  reg [1:0] w_state_next;
  reg [ZBits-1:0] r_operand;
  reg [ZBits-1:0] w_operand_next;

  wire w_run = r_state == Run;
  wire w_transfer = i_valid && o_ready;
  // The tile in Run; outside Run the first one of the operation to come.
  wire [OperationIndexBits-1:0] w_k;
  wire [TileIndexBits-1:0] w_tile;
  wire w_k_last;
  wire w_tile_last;
  wire w_retire;  // the products of a tile reach the running sums
  wire w_sum_tile_last;
  wire w_sum_k_first;

  assign o_operand = r_operand;
  assign o_accumulate = w_retire;
  assign o_ready = r_state == Idle
                || r_state == Wait && w_k != {OperationIndexBits{1'b0}}
                || w_run && w_tile_last && !w_k_last;
  assign o_read = w_transfer || w_run && !w_tile_last;
  assign o_first = w_sum_k_first;
  assign o_sum_read = w_retire && (w_sum_tile_last ? !o_last : !o_first);

  always @* begin
    w_state_next = r_state;
    if (o_done) w_state_next = Idle;
    else if (w_transfer) w_state_next = Run;
    else if (w_run && w_tile_last) w_state_next = Wait;
  end

  always @* begin
    w_operand_next = r_operand;
    if (w_transfer) w_operand_next = i_z;
  end

  always @(posedge i_clk) begin
    if (!i_rst_n) begin
      r_state   <= Idle;
      r_operand <= {ZBits{1'b0}};
    end else begin
      r_state   <= w_state_next;
      r_operand <= w_operand_next;
    end
  end

  counter #(
      .Count(Words)
  ) word (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(w_run),
      .o_value(),
      .o_next(o_word),
      .o_first(),
      .o_last()
  );

  counter #(
      .Count(Tiles)
  ) tile (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(w_run),
      .o_value(w_tile),
      .o_next(),
      .o_first(),
      .o_last(w_tile_last)
  );

  counter #(
      .Count(Operations)
  ) k (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(w_run && w_tile_last),
      .o_value(w_k),
      .o_next(),
      .o_first(),
      .o_last(w_k_last)
  );

  delay_line #(
      .Stages(ReadLatency + MultiplyLatency)
  ) retire (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(1'b1),
      .i_data(w_run),
      .o_data(w_retire)
  );

  counter #(
      .Count(Tiles)
  ) sum_tile (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(w_retire),
      .o_value(o_tile),
      .o_next(o_sum_tile),
      .o_first(),
      .o_last(w_sum_tile_last)
  );

  delay_line #(
      .Width (2 + TileIndexBits),
      .Stages(RequantiseLatency)
  ) complete (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(1'b1),
      .i_data({w_retire && o_last && w_sum_tile_last, w_retire && o_last, o_tile}),
      .o_data({o_done, o_write, o_write_tile})
  );

  counter #(
      .Count(Operations)
  ) sum_k (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(w_retire && w_sum_tile_last),
      .o_value(),
      .o_next(),
      .o_first(w_sum_k_first),
      .o_last(o_last)
  );
endmodule
