// What is proved of DCL-SCM and DIL-SCM together, as the streaming engine couples them, for every
// start and reset. Each z_k is marked with its k: in every cycle in which V-MC multiplies, its operand
// is that of the row of V at the memory port (the hazard of the paper's section 3.1); every tile of
// every row is multiplied once and in order; products reach the sums once and in order, from 0 in the
// first operation; complete sums are written once and in order; and Run takes II T_u + D + (r - 1) max(II T_u, T_v) + T_v + D_v cycles.
`default_nettype none

module proof #(
    parameter integer R = 2,
    parameter integer TilesU = 1,
    parameter integer TilesV = 2,
    parameter integer Issue = 0,
    parameter integer ReadLatency = 0,
    parameter integer MultiplyLatency = 0,
    parameter integer AdderLatency = 0,
    parameter integer RequantiseLatency = 0,
    parameter integer VReadLatency = 0
) (
    input wire i_clk,
    input wire i_reset,
    input wire i_want_start,
    output wire o_bad
);
  localparam integer Latency = ReadLatency + MultiplyLatency + AdderLatency;
  localparam integer UPeriod = (Issue == 0 ? 1 : 3 + Latency) * TilesU;
  localparam integer Slower = UPeriod > TilesV ? UPeriod : TilesV;
  localparam integer Cycles =
      UPeriod + (Issue == 0 ? Latency : 0) + (R - 1) * Slower + TilesV + VReadLatency +
      MultiplyLatency + 2 * RequantiseLatency;
  localparam integer Bits = $clog2(Cycles + 2) + 1;
  localparam integer VWords = R * TilesV;
  localparam integer KBits = R < 2 ? 1 : $clog2(R);
  localparam integer VWordBits = VWords < 2 ? 1 : $clog2(VWords);
  localparam integer TileBits = TilesV < 2 ? 1 : $clog2(TilesV);

  wire w_rst_n;
  wire w_valid;
  wire w_ready;
  wire [KBits-1:0] w_k;
  wire w_done;
  wire [KBits-1:0] w_operand;
  wire w_read;
  wire [VWordBits-1:0] w_word;
  wire w_accumulate;
  wire w_first;
  wire w_last;
  wire [TileBits-1:0] w_tile;
  wire w_write;
  wire [TileBits-1:0] w_write_tile;

  reg r_busy;
  reg [Bits-1:0] r_cycles;
  reg r_at_port;                // a word of V was read at the edge before
  reg [Bits-1:0] r_k;           // its row
  reg [Bits-1:0] r_tile;        // its place in the row
  reg [Bits-1:0] r_sum_k;       // of the products that reach the sums next
  reg [Bits-1:0] r_sum_tile;
  reg r_completes;  // what w_completes was in the cycle before
  reg [TileBits-1:0] r_complete_tile;
  wire w_start = i_want_start && !r_busy;
  wire w_row_ends = r_tile == TilesV - 1;
  wire w_sum_row_ends = r_sum_tile == TilesV - 1;
  wire w_completes = w_accumulate && r_sum_k == R - 1;

  reset_first reset (
      .i_clk(i_clk),
      .i_reset(i_reset),
      .o_rst_n(w_rst_n)
  );

  dcl_state_control #(
      .Operations(R),
      .Tiles(TilesU),
      .Issue(Issue),
      .ReadLatency(ReadLatency),
      .MultiplyLatency(MultiplyLatency),
      .AdderLatency(AdderLatency),
      .RequantiseLatency(RequantiseLatency)
  ) dcl_scm (
      .i_clk(i_clk),
      .i_rst_n(w_rst_n),
      .i_start(w_start),
      .o_done(),
      .o_read(),
      .o_word(),
      .o_tile(),
      .o_next_tile(),
      .o_enable(),
      .o_retire(),
      .o_first(),
      .o_valid(w_valid),
      .i_ready(w_ready),
      .o_k(w_k)
  );

  dil_state_control #(
      .Operations(R),
      .Tiles(TilesV),
      .ZBits(KBits),
      .ReadLatency(VReadLatency),
      .MultiplyLatency(MultiplyLatency),
      .RequantiseLatency(RequantiseLatency)
  ) dil_scm (
      .i_clk(i_clk),
      .i_rst_n(w_rst_n),
      .o_done(w_done),
      .i_valid(w_valid),
      .o_ready(w_ready),
      .i_z(w_k),
      .o_operand(w_operand),
      .o_read(w_read),
      .o_word(w_word),
      .o_accumulate(w_accumulate),
      .o_first(w_first),
      .o_last(w_last),
      .o_tile(w_tile),
      .o_write(w_write),
      .o_write_tile(w_write_tile),
      .o_sum_read(),
      .o_sum_tile()
  );

  always @(posedge i_clk) begin
    r_at_port <= w_rst_n && w_read;
    r_completes <= w_rst_n && w_completes;
    r_complete_tile <= w_tile;
    if (!w_rst_n || w_start) begin
      r_busy <= w_rst_n;
      r_cycles <= {Bits{1'b0}};
      r_k <= {Bits{1'b0}};
      r_tile <= {Bits{1'b0}};
      r_sum_k <= {Bits{1'b0}};
      r_sum_tile <= {Bits{1'b0}};
    end else begin
      if (r_busy) r_cycles <= r_cycles + 1'b1;
      if (w_done) r_busy <= 1'b0;
      if (r_at_port) begin
        r_tile <= w_row_ends ? {Bits{1'b0}} : r_tile + 1'b1;
        if (w_row_ends) r_k <= r_k + 1'b1;
      end
      if (w_accumulate) begin
        r_sum_tile <= w_sum_row_ends ? {Bits{1'b0}} : r_sum_tile + 1'b1;
        if (w_sum_row_ends) r_sum_k <= r_sum_k + 1'b1;
      end
    end
  end

  // The word that is read stands at the port in the next cycle, so it is the next after that one.
  wire [Bits-1:0] w_next_k = r_at_port && w_row_ends ? r_k + 1'b1 : r_k;
  wire [Bits-1:0] w_next_tile = !r_at_port ? r_tile : w_row_ends ? {Bits{1'b0}} : r_tile + 1'b1;
  wire w_wrong_operand = r_at_port && w_operand != r_k[KBits-1:0];
  wire w_wrong_word = w_read && (w_next_k >= R || w_word != w_next_k * TilesV + w_next_tile);
  wire w_wrong_sum = w_accumulate && (w_tile != r_sum_tile[TileBits-1:0] ||
                                      w_first != (r_sum_k == 0) || w_last != (r_sum_k == R - 1));
  wire w_wrong_end = r_busy ? w_done != (r_cycles == Cycles - 1) : w_done;
  wire w_all_summed = RequantiseLatency == 0 ? r_sum_k == R - 1 && w_sum_row_ends
                                             : r_sum_k == R && r_sum_tile == 0;
  wire w_incomplete = w_done && !w_all_summed;
  wire w_writes = RequantiseLatency == 0 ? w_completes : r_completes;
  wire w_wrong_write = w_write != w_writes ||
                       w_write && w_write_tile != (RequantiseLatency == 0 ? w_tile : r_complete_tile);

  assign o_bad = w_rst_n && (w_wrong_operand || w_wrong_word || w_wrong_sum || w_wrong_end ||
                             w_incomplete || w_wrong_write);
endmodule
