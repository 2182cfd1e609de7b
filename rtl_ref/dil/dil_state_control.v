// DIL-SCM: loads an operand z_k only when V-MC is not working on another one (the hazard), walks the
// Tiles tiles of V[k,:] in Run, and tells V-MC, MultiplyLatency cycles later, which sums to add to.
// Timing: docs/reference/timing.md, DIL.
`default_nettype none

module dil_state_control #(
    parameter integer Operations = 2,
    parameter integer Tiles = 1,
    parameter integer ZBits = 16,
    parameter integer MultiplyLatency = 0,
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
    input wire [ZBits-1:0] i_data,
    output wire [ZBits-1:0] o_operand,
    // V memory: the word to stand at the port in the next cycle
    output wire o_read,
    output wire [WordIndexBits-1:0] o_word,
    // running sums: the products of this tile are there
    output wire o_accumulate,
    output wire o_first,
    output wire o_last,
    output wire [TileIndexBits-1:0] o_tile,
    // the tile of the next sums, and whether they have to be read
    output wire o_sum_read,
    output wire [TileIndexBits-1:0] o_sum_tile
);
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
  wire w_tile_last;
  wire w_k_last;
  wire [OperationIndexBits-1:0] w_k;  // of the tile in Run; outside Run of the operation to come
  wire w_sum_tile_last;
  wire [OperationIndexBits-1:0] w_sum_k;

  assign o_operand = r_operand;
  assign o_ready = r_state == Idle
                || r_state == Wait && w_k != {OperationIndexBits{1'b0}}
                || w_run && w_tile_last && !w_k_last;
  assign o_done = o_accumulate && o_last && w_sum_tile_last;
  assign o_read = w_transfer || w_run && !w_tile_last;
  assign o_first = w_sum_k == {OperationIndexBits{1'b0}};
  assign o_sum_read = o_accumulate && (w_sum_tile_last ? !o_last : !o_first);

  always @* begin
    w_state_next = r_state;
    if (o_done) w_state_next = Idle;
    else if (w_transfer) w_state_next = Run;
    else if (w_run && w_tile_last) w_state_next = Wait;
  end

  always @* begin
    w_operand_next = r_operand;
    if (w_transfer) w_operand_next = i_data;
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
      .o_last()
  );

  counter #(
      .Count(Tiles)
  ) tile (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(w_run),
      .o_value(),
      .o_next(),
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
      .o_last(w_k_last)
  );

  delay_line #(
      .Stages(MultiplyLatency)
  ) accumulate (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_enable(1'b1),
      .i_data(w_run),
      .o_data(o_accumulate)
  );

  counter #(
      .Count(Tiles)
  ) sum_tile (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(o_accumulate),
      .o_value(o_tile),
      .o_next(o_sum_tile),
      .o_last(w_sum_tile_last)
  );

  counter #(
      .Count(Operations)
  ) sum_k (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_step(o_accumulate && w_sum_tile_last),
      .o_value(w_sum_k),
      .o_next(),
      .o_last(o_last)
  );
endmodule
