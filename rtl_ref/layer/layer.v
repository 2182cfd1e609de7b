// A layer: a shell (L-SCM, MCM, output memory, activation) round the engine that Schedule names. Takes
// an image of M elements u8 from the input link and sends N results. Latency: the compute cycles of
// docs/reference/timing.md, and Load and Send as long as the links take.
// Limits: as the guards below say; what a parameter means is in docs/reference/rtl.md.
`default_nettype none

module layer #(
    parameter integer Schedule = 0,  // 0 dense, 1 sequential, 2 streaming
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
    parameter integer InBeatWidth = 4,
    parameter integer LinkWidth = 1,
    parameter integer InputBuffers = 1,
    parameter integer PsumStorage = 0,
    parameter integer WBits = 8,
    parameter integer UBits = 8,
    parameter integer VBits = 8,
    parameter integer ZBits = 16,
    parameter integer ZShift = 0,
    parameter integer HasActivation = 1,
    parameter integer ActivationShift = 0,
    parameter integer MultiplierBits = 1,
    parameter integer Multiplier = 1,
    parameter integer PerOutput = 0,
    parameter integer ZeroPoint = 0,
    parameter integer Low = 0,
    parameter integer High = 255,
    parameter WFile = "",
    parameter UFile = "",
    parameter VFile = "",
    parameter BiasFile = "",
    parameter ScaleFile = "",
    // derived, not to be set: whether the results are complete all at once, when the engine is done
    // (else one after the other), and how many sums it completes in a cycle
    parameter integer AtOnce = Schedule == 2 ? 1 : 0,
    parameter integer SumLanes = AtOnce != 0 ? LanesV : 1,
    parameter integer OutBits = HasActivation != 0 ? 8 : 32
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
  generate
    if (M < 1) layer_M_must_be_at_least_1 limit ();
    if (N < 1) layer_N_must_be_at_least_1 limit ();
    if (R < 1) layer_R_must_be_at_least_1 limit ();
    if (LanesU < 1) layer_LanesU_must_be_at_least_1 limit ();
    if (LanesV < 1) layer_LanesV_must_be_at_least_1 limit ();
    if (InBeatWidth < 1) layer_InBeatWidth_must_be_at_least_1 limit ();
    if (LinkWidth < 1) layer_LinkWidth_must_be_at_least_1 limit ();
    if (AtOnce == 0 && LinkWidth > 1) layer_LinkWidth_must_be_1_unless_AtOnce limit ();
    if (WBits < 2 || WBits > 8) layer_WBits_must_be_2_to_8 limit ();
    if (UBits < 2 || UBits > 8) layer_UBits_must_be_2_to_8 limit ();
    if (VBits < 2 || VBits > 8) layer_VBits_must_be_2_to_8 limit ();
    if (ZBits < 2 || ZBits > 24) layer_ZBits_must_be_2_to_24 limit ();
  endgenerate

  localparam integer InputBeats = (M + InBeatWidth - 1) / InBeatWidth;
  localparam integer OutputBeats = (N + LinkWidth - 1) / LinkWidth;
  localparam integer Tiles = (M + LanesU - 1) / LanesU;
  localparam integer Words = (N + SumLanes - 1) / SumLanes;
  localparam integer LoadBits = InputBeats < 2 ? 1 : $clog2(InputBeats);
  localparam integer SendBits = OutputBeats < 2 ? 1 : $clog2(OutputBeats);
  localparam integer TileBits = Tiles < 2 ? 1 : $clog2(Tiles);
  localparam integer WordBits = Words < 2 ? 1 : $clog2(Words);

  wire w_load;
  wire w_load_last;
  wire [LoadBits-1:0] w_load_beat;
  wire [SendBits-1:0] w_send_beat;

  wire w_start;
  wire w_done;
  wire w_read;
  wire [TileBits-1:0] w_tile;
  wire [LanesU*8-1:0] w_node;
  wire w_write;
  wire [WordBits-1:0] w_word;
  wire [SumLanes*32-1:0] w_sums;
  wire [SumLanes*OutBits-1:0] w_activated;

  layer_state_control #(
      .InputBeats(InputBeats),
      .OutputBeats(OutputBeats),
      .InputBuffers(InputBuffers),
      .AtOnce(AtOnce)
  ) l_scm (
      .i_clk(i_clk),
      .i_rst_n(i_rst_n),
      .i_valid(i_valid),
      .o_ready(o_ready),
      .o_load(w_load),
      .o_load_last(w_load_last),
      .o_load_beat(w_load_beat),
      .o_start(w_start),
      .i_result(w_write),
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
      .i_read(w_read),
      .i_tile(w_tile),
      .o_node(w_node)
  );

  // Every engine has these ports: it starts, reads the tiles that it wants from the input buffer, and writes
  // sums without bias, word by word, into the output memory until it is done.
  generate
    case (Schedule)
      0: begin : dense
        dense_engine #(
            .M(M),
            .N(N),
            .LanesU(LanesU),
            .Issue(Issue),
            .ReadLatency(ReadLatency),
            .MultiplyLatency(MultiplyLatency),
            .AdderLatency(AdderLatency),
            .RequantiseLatency(RequantiseLatency),
            .WBits(WBits),
            .WFile(WFile)
        ) engine (
            .i_clk(i_clk),
            .i_rst_n(i_rst_n),
            .i_start(w_start),
            .o_done(w_done),
            .o_read(w_read),
            .o_tile(w_tile),
            .i_node(w_node),
            .o_write(w_write),
            .o_word(w_word),
            .o_sums(w_sums)
        );
      end
      1: begin : sequential
        sequential_engine #(
            .M(M),
            .N(N),
            .R(R),
            .LanesU(LanesU),
            .LanesV(LanesV),
            .Issue(Issue),
            .ReadLatency(ReadLatency),
            .MultiplyLatency(MultiplyLatency),
            .AdderLatency(AdderLatency),
            .RequantiseLatency(RequantiseLatency),
            .UBits(UBits),
            .VBits(VBits),
            .ZBits(ZBits),
            .ZShift(ZShift),
            .UFile(UFile),
            .VFile(VFile)
        ) engine (
            .i_clk(i_clk),
            .i_rst_n(i_rst_n),
            .i_start(w_start),
            .o_done(w_done),
            .o_read(w_read),
            .o_tile(w_tile),
            .i_node(w_node),
            .o_write(w_write),
            .o_word(w_word),
            .o_sums(w_sums)
        );
      end
      2: begin : streaming
        streaming_engine #(
            .M(M),
            .N(N),
            .R(R),
            .LanesU(LanesU),
            .LanesV(LanesV),
            .Issue(Issue),
            .ReadLatency(ReadLatency),
            .MultiplyLatency(MultiplyLatency),
            .AdderLatency(AdderLatency),
            .RequantiseLatency(RequantiseLatency),
            .VReadLatency(VReadLatency),
            .PsumStorage(PsumStorage),
            .UBits(UBits),
            .VBits(VBits),
            .ZBits(ZBits),
            .ZShift(ZShift),
            .UFile(UFile),
            .VFile(VFile)
        ) engine (
            .i_clk(i_clk),
            .i_rst_n(i_rst_n),
            .i_start(w_start),
            .o_done(w_done),
            .o_read(w_read),
            .o_tile(w_tile),
            .i_node(w_node),
            .o_write(w_write),
            .o_word(w_word),
            .o_sums(w_sums)
        );
      end
      default: layer_Schedule_must_be_0_to_2 limit ();
    endcase
  endgenerate

  activation #(
      .Lanes(SumLanes),
      .Words(Words),
      .HasActivation(HasActivation),
      .Shift(ActivationShift),
      .MultiplierBits(MultiplierBits),
      .Multiplier(Multiplier),
      .PerOutput(PerOutput),
      .ZeroPoint(ZeroPoint),
      .Low(Low),
      .High(High),
      .BiasFile(BiasFile),
      .ScaleFile(ScaleFile)
  ) activation (
      .i_word(w_word),
      .i_sums(w_sums),
      .o_data(w_activated)
  );

  register_file #(
      .Elements(N),
      .ElementBits(OutBits),
      .WriteWidth(SumLanes),
      .ReadWidth(LinkWidth)
  ) output_memory (
      .i_clk(i_clk),
      .i_write(w_write),
      .i_write_word(w_word),
      .i_write_data(w_activated),
      .i_read_word(w_send_beat),
      .o_read_data(o_data)
  );
endmodule
