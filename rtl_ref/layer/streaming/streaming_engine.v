// The engine of a factorised layer as the paper computes it (Fig. 6b): DIL adds z_k V[k,:] to all n sums
// while DCL makes z_{k+1}. Latency, i_start to o_done: II T_u + D + (r - 1) max(II T_u, T_v) + T_v + D_v
// cycles (docs/reference/timing.md). Limits: those of the cells in it.
`default_nettype none

module streaming_engine #(
    parameter integer M = 4,
    parameter integer N = 2,
    parameter integer R = 2,
    parameter integer LanesU = 4,
    parameter integer LanesV = 2,
    parameter integer Issue = 0,
    parameter integer ReadLatency = 0,
    parameter integer MultiplyLatency = 0,
    parameter integer AdderLatency = 0,
    parameter integer RequantiseLatency = 0,
    parameter integer VReadLatency = 0,
    parameter integer PsumStorage = 0,
    parameter integer UBits = 8,
    parameter integer VBits = 8,
    parameter integer ZBits = 16,
    parameter integer ZShift = 0,
    parameter UFile = "",
    parameter VFile = "",
    // derived, not to be set
    parameter integer TilesU = (M + LanesU - 1) / LanesU,
    parameter integer TilesV = (N + LanesV - 1) / LanesV,
    parameter integer UWords = R * TilesU,
    parameter integer VWords = R * TilesV,
    parameter integer TileUBits = TilesU < 2 ? 1 : $clog2(TilesU),
    parameter integer TileVBits = TilesV < 2 ? 1 : $clog2(TilesV),
    parameter integer UWordBits = UWords < 2 ? 1 : $clog2(UWords),
    parameter integer VWordBits = VWords < 2 ? 1 : $clog2(VWords)
) (
    input wire i_clk,
    input wire i_rst_n,
    input wire i_start,
    output wire o_done,
    // input buffer, prefetched
    output wire o_read,
    output wire [TileUBits-1:0] o_tile,
    input wire [LanesU*8-1:0] i_node,
    // results
    output wire o_write,
    output wire [TileVBits-1:0] o_word,
    output wire [LanesV*32-1:0] o_sums
);
  wire [UWordBits-1:0] w_u_word;
  wire [LanesU*UBits-1:0] w_u_wegt;

  wire w_z_valid;
  wire w_z_ready;
  wire [31:0] w_dot;
  wire [ZBits-1:0] w_z;

  wire w_v_read;
  wire [VWordBits-1:0] w_v_word;
  wire [LanesV*VBits-1:0] w_v_wegt;

  memory #(
      .Words(UWords),
      .WordBits(LanesU * UBits),
      .InitFile(UFile)
  ) u_memory (
      .i_clk(i_clk),
      .i_read(o_read),
      .i_read_word(w_u_word),
      .o_read_data(w_u_wegt),
      .i_write(1'b0),
      .i_write_word({UWordBits{1'b0}}),
      .i_write_data({(LanesU * UBits) {1'b0}})
  );

  dimension_compression_layer #(
      .Operations(R),
      .Tiles(TilesU),
      .Lanes(LanesU),
      .WegtBits(UBits),
      .Issue(Issue),
      .ReadLatency(ReadLatency),
      .MultiplyLatency(MultiplyLatency),
      .AdderLatency(AdderLatency),
      .RequantiseLatency(RequantiseLatency)
  ) dcl (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_start(i_start),
      .o_done(),
      .o_read(o_read),
      .o_word(w_u_word),
      .i_wegt(w_u_wegt),
      .o_next_tile(o_tile),
      .i_node(i_node),
      .o_tile(),
      .o_valid(w_z_valid),
      .i_ready(w_z_ready),
      .o_k(),
      .o_result(w_dot)
  );

  requantise #(
      .Shift(ZShift),
      .OutBits(ZBits)
  ) requantise_z (
      .i_value(w_dot),
      .o_value(w_z)
  );

  memory #(
      .Words(VWords),
      .WordBits(LanesV * VBits),
      .InitFile(VFile)
  ) v_memory (
      .i_clk(i_clk),
      .i_read(w_v_read),
      .i_read_word(w_v_word),
      .o_read_data(w_v_wegt),
      .i_write(1'b0),
      .i_write_word({VWordBits{1'b0}}),
      .i_write_data({(LanesV * VBits) {1'b0}})
  );

  dimension_increase_layer #(
      .Operations(R),
      .Tiles(TilesV),
      .Lanes(LanesV),
      .ZBits(ZBits),
      .WegtBits(VBits),
      .ReadLatency(VReadLatency),
      .MultiplyLatency(MultiplyLatency),
      .RequantiseLatency(RequantiseLatency),
      .PsumStorage(PsumStorage)
  ) dil (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .o_done(o_done),
      .i_valid(w_z_valid),
      .o_ready(w_z_ready),
      .i_z(w_z),
      .o_read(w_v_read),
      .o_word(w_v_word),
      .i_wegt(w_v_wegt),
      .o_write(o_write),
      .o_tile(o_word),
      .o_sums(o_sums)
  );
endmodule
