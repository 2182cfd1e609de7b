// A plain FC layer (FFNN_k, Fig. 6a of the paper): n dot products over m, one after the other, each
// sent as it is made. Parameters: docs/reference/rtl.md; timing: docs/reference/timing.md.
`default_nettype none

module dense_layer #(
    parameter integer M = 4,
    parameter integer N = 2,
    parameter integer LanesU = 4,
    parameter integer Issue = 0,
    parameter integer ReadLatency = 0,
    parameter integer MultiplyLatency = 0,
    parameter integer AdderLatency = 0,
    parameter integer InBeatWidth = 4,
    parameter integer InputBuffers = 1,
    parameter integer WBits = 8,
    parameter integer HasActivation = 1,
    parameter integer ActivationShift = 0,
    parameter WFile = "",
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
  localparam integer Tiles = (M + LanesU - 1) / LanesU;
  localparam integer Words = N * Tiles;
  localparam integer LoadBits = InputBeats < 2 ? 1 : $clog2(InputBeats);
  localparam integer TileBits = Tiles < 2 ? 1 : $clog2(Tiles);
  localparam integer WordBits = Words < 2 ? 1 : $clog2(Words);
  localparam integer ElementBits = N < 2 ? 1 : $clog2(N);

  wire w_load;
  wire w_load_last;
  wire [LoadBits-1:0] w_load_beat;
  wire [ElementBits-1:0] w_send_beat;
  wire w_start;
  wire w_done;

  wire w_read;
  wire [WordBits-1:0] w_word;
  wire [LanesU*WBits-1:0] w_wegt;
  wire [TileBits-1:0] w_tile;
  wire [LanesU*8-1:0] w_node;

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
      .i_tile(w_tile),
      .o_node(w_node)
  );

  memory #(
      .Words(Words),
      .WordBits(LanesU * WBits),
      .InitFile(WFile)
  ) w_memory (
      .i_clk(i_clk),
      .i_read(w_read),
      .i_read_word(w_word),
      .o_read_data(w_wegt),
      .i_write(1'b0),
      .i_write_word({WordBits{1'b0}}),
      .i_write_data({(LanesU * WBits) {1'b0}})
  );

  dimension_compression_layer #(
      .Operations(N),
      .Tiles(Tiles),
      .Lanes(LanesU),
      .WegtBits(WBits),
      .Issue(Issue),
      .ReadLatency(ReadLatency),
      .MultiplyLatency(MultiplyLatency),
      .AdderLatency(AdderLatency)
  ) dcl (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_start(w_start),
      .o_done(w_done),
      .o_read(w_read),
      .o_word(w_word),
      .i_wegt(w_wegt),
      .o_tile(w_tile),
      .i_node(w_node),
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
