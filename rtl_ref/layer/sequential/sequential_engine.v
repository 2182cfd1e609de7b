// The engine of a factorised layer computed in two passes (Fig. 6a of the paper twice): r dot products
// over U into the z memory, then n over V. Latency, i_start to o_done: r II T_u + D + n II T_z + D
// cycles (docs/reference/timing.md). Limits: those of the cells in it.
`default_nettype none

module sequential_engine #(
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
    parameter integer UBits = 8,
    parameter integer VBits = 8,
    parameter integer ZBits = 16,
    parameter integer ZShift = 0,
    parameter UFile = "",
    parameter VFile = "",
    // derived, not to be set
    parameter integer TilesU = (M + LanesU - 1) / LanesU,
    parameter integer TilesZ = (R + LanesV - 1) / LanesV,
    parameter integer UWords = R * TilesU,
    parameter integer VWords = N * TilesZ,
    parameter integer TileUBits = TilesU < 2 ? 1 : $clog2(TilesU),
    parameter integer TileZBits = TilesZ < 2 ? 1 : $clog2(TilesZ),
    parameter integer UWordBits = UWords < 2 ? 1 : $clog2(UWords),
    parameter integer VWordBits = VWords < 2 ? 1 : $clog2(VWords),
    parameter integer RankBits = R < 2 ? 1 : $clog2(R),
    parameter integer ElementBits = N < 2 ? 1 : $clog2(N)
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
    output wire [ElementBits-1:0] o_word,
    output wire [31:0] o_sums
);
  wire [UWordBits-1:0] w_u_word;
  wire [LanesU*UBits-1:0] w_u_wegt;
  wire w_u_done;

  wire w_z_valid;
  wire [RankBits-1:0] w_z_k;
  wire [31:0] w_dot;
  wire [ZBits-1:0] w_z;

  wire w_v_read;
  wire [VWordBits-1:0] w_v_word;
  wire [LanesV*VBits-1:0] w_v_wegt;
  wire [TileZBits-1:0] w_v_tile;
  wire [LanesV*ZBits-1:0] w_v_node;

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
  ) dcl_u (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_start(i_start),
      .o_done(w_u_done),
      .o_read(o_read),
      .o_word(w_u_word),
      .i_wegt(w_u_wegt),
      .o_next_tile(o_tile),
      .i_node(i_node),
      .o_tile(),
      .o_valid(w_z_valid),
      .i_ready(1'b1),
      .o_k(w_z_k),
      .o_result(w_dot)
  );

  requantise #(
      .Shift(ZShift),
      .OutBits(ZBits)
  ) requantise_z (
      .i_value(w_dot),
      .o_value(w_z)
  );

  register_file #(
      .Elements(R),
      .ElementBits(ZBits),
      .ReadWidth(LanesV)
  ) z_memory (
      .i_clk(i_clk),
      .i_write(w_z_valid),
      .i_write_word(w_z_k),
      .i_write_data(w_z),
      .i_read_word(w_v_tile),
      .o_read_data(w_v_node)
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

  dimension_compression_layer #(
      .Operations(N),
      .Tiles(TilesZ),
      .Lanes(LanesV),
      .NodeBits(ZBits),
      .NodeSigned(1),
      .WegtBits(VBits),
      .Issue(Issue),
      .ReadLatency(ReadLatency),
      .MultiplyLatency(MultiplyLatency),
      .AdderLatency(AdderLatency),
      .RequantiseLatency(RequantiseLatency)
  ) dcl_v (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_start(w_u_done),
      .o_done(o_done),
      .o_read(w_v_read),
      .o_word(w_v_word),
      .i_wegt(w_v_wegt),
      .o_next_tile(),
      .i_node(w_v_node),
      .o_tile(w_v_tile),
      .o_valid(o_write),
      .i_ready(1'b1),
      .o_k(o_word),
      .o_result(o_sums)
  );
endmodule
