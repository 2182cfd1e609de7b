// A factorised layer as the paper computes it (Fig. 6b): DIL adds z_k V[k,:] to all n sums while DCL
// makes z_{k+1}. Parameters: docs/reference/rtl.md; timing: docs/reference/timing.md.
`default_nettype none

module compressed_layer #(
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
    parameter integer LinkWidth = 2,
    parameter integer InputBuffers = 1,
    parameter integer PsumStorage = 0,
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
    output wire [LinkWidth*OutBits-1:0] o_data
);
  localparam integer InputBeats = (M + InBeatWidth - 1) / InBeatWidth;
  localparam integer OutputBeats = (N + LinkWidth - 1) / LinkWidth;
  localparam integer TilesU = (M + LanesU - 1) / LanesU;
  localparam integer TilesV = (N + LanesV - 1) / LanesV;
  localparam integer UWords = R * TilesU;
  localparam integer VWords = R * TilesV;
  localparam integer LoadBits = InputBeats < 2 ? 1 : $clog2(InputBeats);
  localparam integer SendBits = OutputBeats < 2 ? 1 : $clog2(OutputBeats);
  localparam integer TileUBits = TilesU < 2 ? 1 : $clog2(TilesU);
  localparam integer TileVBits = TilesV < 2 ? 1 : $clog2(TilesV);
  localparam integer UWordBits = UWords < 2 ? 1 : $clog2(UWords);
  localparam integer VWordBits = VWords < 2 ? 1 : $clog2(VWords);

  wire w_load;
  wire w_load_last;
  wire [LoadBits-1:0] w_load_beat;
  wire [SendBits-1:0] w_send_beat;
  wire w_start;
  wire w_done;

  wire w_u_read;
  wire [UWordBits-1:0] w_u_word;
  wire [LanesU*UBits-1:0] w_u_wegt;
  wire [TileUBits-1:0] w_u_tile;
  wire [LanesU*8-1:0] w_u_node;

  wire w_z_valid;
  wire w_z_ready;
  wire [31:0] w_dot;
  wire [ZBits-1:0] w_z;

  wire w_v_read;
  wire [VWordBits-1:0] w_v_word;
  wire [LanesV*VBits-1:0] w_v_wegt;

  wire w_sums_write;
  wire [TileVBits-1:0] w_sums_tile;
  wire [LanesV*32-1:0] w_sums;
  wire [LanesV*OutBits-1:0] w_activated;

  layer_state_control #(
      .InputBeats(InputBeats),
      .OutputBeats(OutputBeats),
      .InputBuffers(InputBuffers),
      .Streaming(1)
  ) l_scm (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_valid(i_valid),
      .o_ready(o_ready),
      .o_load(w_load),
      .o_load_last(w_load_last),
      .o_load_beat(w_load_beat),
      .o_start(w_start),
      .i_result(1'b0),
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
  ) dcl (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_start(w_start),
      .o_done(),
      .o_read(w_u_read),
      .o_word(w_u_word),
      .i_wegt(w_u_wegt),
      .o_tile(w_u_tile),
      .i_node(w_u_node),
      .o_valid(w_z_valid),
      .i_ready(w_z_ready),
      .o_operation(),
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
      .MultiplyLatency(MultiplyLatency),
      .PsumStorage(PsumStorage)
  ) dil (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .o_done(w_done),
      .i_valid(w_z_valid),
      .o_ready(w_z_ready),
      .i_data(w_z),
      .o_read(w_v_read),
      .o_word(w_v_word),
      .i_wegt(w_v_wegt),
      .o_write(w_sums_write),
      .o_tile(w_sums_tile),
      .o_sums(w_sums)
  );

  activation #(
      .Lanes(LanesV),
      .Words(TilesV),
      .HasActivation(HasActivation),
      .Shift(ActivationShift),
      .BiasFile(BiasFile)
  ) activation (
      .i_word(w_sums_tile),
      .i_sums(w_sums),
      .o_data(w_activated)
  );

  register_file #(
      .Elements(N),
      .ElementBits(OutBits),
      .WriteWidth(LanesV),
      .ReadWidth(LinkWidth)
  ) output_memory (
      .i_clk(i_clk),
      .i_write(w_sums_write),
      .i_write_word(w_sums_tile),
      .i_write_data(w_activated),
      .i_read_word(w_send_beat),
      .o_read_data(o_data)
  );
endmodule
