// A factorised layer computed in two passes (Fig. 6a of the paper twice): r dot products over U into
// the z memory, then n over V. Parameters: docs/reference/rtl.md; timing: docs/reference/timing.md.
`default_nettype none

module sequential_layer #(
    parameter integer M = 4,
    parameter integer N = 2,
    parameter integer R = 2,
    parameter integer LanesU = 4,
    parameter integer LanesV = 2,
    parameter integer Issue = 0,
    parameter integer ReadLatency = 0,
    parameter integer MultiplyLatency = 0,
    parameter integer AdderLatency = 0,
    parameter integer InBeatWidth = 4,
    parameter integer InputBuffers = 1,
    parameter integer UBits = 8,
    parameter integer VBits = 8,
    parameter integer ZBits = 16,
    parameter integer ZShift = 0,
    parameter integer HasActivation = 1,
    parameter integer ActivationShift = 0,
    parameter UFile = "",
    parameter VFile = "",
    parameter BiasFile = "",
    parameter integer OutBits = HasActivation != 0 ? 8 : 32  // derived, not to be set
) (
    input wire i_clk,
    input wire i_rst_n,
    input wire i_valid,
    output wire o_ready,
    input wire [InBeatWidth*8-1:0] i_data,
    output wire o_valid,
    input wire i_ready,
    output wire [OutBits-1:0] o_data
);
  localparam integer InputBeats = (M + InBeatWidth - 1) / InBeatWidth;
  localparam integer TilesU = (M + LanesU - 1) / LanesU;
  localparam integer TilesZ = (R + LanesV - 1) / LanesV;
  localparam integer UWords = R * TilesU;
  localparam integer VWords = N * TilesZ;
  localparam integer LoadBits = InputBeats < 2 ? 1 : $clog2(InputBeats);
  localparam integer TileUBits = TilesU < 2 ? 1 : $clog2(TilesU);
  localparam integer TileZBits = TilesZ < 2 ? 1 : $clog2(TilesZ);
  localparam integer UWordBits = UWords < 2 ? 1 : $clog2(UWords);
  localparam integer VWordBits = VWords < 2 ? 1 : $clog2(VWords);
  localparam integer RankBits = R < 2 ? 1 : $clog2(R);
  localparam integer ElementBits = N < 2 ? 1 : $clog2(N);

  wire w_load;
  wire w_load_last;
  wire [LoadBits-1:0] w_load_beat;
  wire [ElementBits-1:0] w_send_beat;
  wire w_start;
  wire w_start_v;  // the first pass is done
  wire w_done;

  wire w_u_read;
  wire [UWordBits-1:0] w_u_word;
  wire [LanesU*UBits-1:0] w_u_wegt;
  wire [TileUBits-1:0] w_u_tile;
  wire [LanesU*8-1:0] w_u_node;

  wire w_dot_valid;
  wire [RankBits-1:0] w_dot_k;
  wire [31:0] w_dot;
  wire [ZBits-1:0] w_z;

  wire w_v_read;
  wire [VWordBits-1:0] w_v_word;
  wire [LanesV*VBits-1:0] w_v_wegt;
  wire [TileZBits-1:0] w_v_tile;
  wire [LanesV*ZBits-1:0] w_v_node;

  wire w_result_valid;
  wire [ElementBits-1:0] w_element;
  wire [31:0] w_result;
  wire [OutBits-1:0] w_activated;

  layer_state_control #(
      .InputBeats(InputBeats),
      .OutputBeats(N),
      .InputBuffers(InputBuffers)
  ) l_scm (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_valid(i_valid),
      .o_ready(o_ready),
      .o_load(w_load),
      .o_load_last(w_load_last),
      .o_load_beat(w_load_beat),
      .o_start(w_start),
      .i_result(w_result_valid),
      .i_done(w_done),
      .o_valid(o_valid),
      .i_ready(i_ready),
      .o_send_beat(w_send_beat)
  );

  memory_control #(
      .M(M),
      .Lanes(LanesU),
      .InBeatWidth(InBeatWidth),
      .InputBuffers(InputBuffers)
  ) mcm (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_load(w_load),
      .i_load_last(w_load_last),
      .i_load_beat(w_load_beat),
      .i_data(i_data),
      .i_done(w_done),
      .i_tile(w_u_tile),
      .o_node(w_u_node)
  );

  memory #(
      .Words(UWords),
      .WordBits(LanesU * UBits),
      .InitFile(UFile)
  ) u_memory (
      .i_clk(i_clk),
      .i_read(w_u_read),
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
      .AdderLatency(AdderLatency)
  ) dcl_u (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_start(w_start),
      .o_done(w_start_v),
      .o_read(w_u_read),
      .o_word(w_u_word),
      .i_wegt(w_u_wegt),
      .o_tile(w_u_tile),
      .i_node(w_u_node),
      .o_valid(w_dot_valid),
      .i_ready(1'b1),
      .o_operation(w_dot_k),
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
      .i_write(w_dot_valid),
      .i_write_word(w_dot_k),
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
      .AdderLatency(AdderLatency)
  ) dcl_v (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_start(w_start_v),
      .o_done(w_done),
      .o_read(w_v_read),
      .o_word(w_v_word),
      .i_wegt(w_v_wegt),
      .o_tile(w_v_tile),
      .i_node(w_v_node),
      .o_valid(w_result_valid),
      .i_ready(1'b1),
      .o_operation(w_element),
      .o_result(w_result)
  );

  activation #(
      .Words(N),
      .HasActivation(HasActivation),
      .Shift(ActivationShift),
      .BiasFile(BiasFile)
  ) activation (
      .i_word(w_element),
      .i_sums(w_result),
      .o_data(w_activated)
  );

  register_file #(
      .Elements(N),
      .ElementBits(OutBits)
  ) output_memory (
      .i_clk(i_clk),
      .i_write(w_result_valid),
      .i_write_word(w_element),
      .i_write_data(w_activated),
      .i_read_word(w_send_beat),
      .o_read_data(o_data)
  );
endmodule
