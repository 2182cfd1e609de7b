// One image of M elements u8, written InBeatWidth at a time and read Lanes at a time. Where the wider of the
// two is a power of two times the narrower, and there are words enough to be worth it, it is banks of memory,
// a bank as wide as the narrower; else it is registers. What lies beyond the last element reads as zero.
// Limits: indices below Beats and Tiles; contents are not reset; no read while the image is written. Latency:
// a tile stands at the node port in the cycle after its read, until the next one.
`default_nettype none

module input_buffer #(
    parameter integer M = 4,
    parameter integer Lanes = 4,
    parameter integer InBeatWidth = 4,
    // derived, not to be set
    parameter integer Beats = (M + InBeatWidth - 1) / InBeatWidth,
    parameter integer Tiles = (M + Lanes - 1) / Lanes,
    parameter integer BeatIndexBits = Beats < 2 ? 1 : $clog2(Beats),
    parameter integer TileIndexBits = Tiles < 2 ? 1 : $clog2(Tiles)
) (
    input wire i_clk,
    input wire i_write,
    input wire [BeatIndexBits-1:0] i_write_beat,
    input wire [InBeatWidth*8-1:0] i_write_data,
    input wire i_read,
    input wire [TileIndexBits-1:0] i_read_tile,
    output wire [Lanes*8-1:0] o_node
);
  generate
    if (M < 1) input_buffer_M_must_be_at_least_1 limit ();
    if (Lanes < 1) input_buffer_Lanes_must_be_at_least_1 limit ();
    if (InBeatWidth < 1) input_buffer_InBeatWidth_must_be_at_least_1 limit ();
  endgenerate

  localparam integer LeastWords = 8;  // below, registers are smaller than what surrounds a memory's cells
  localparam integer Wide = Lanes > InBeatWidth ? Lanes : InBeatWidth;
  localparam integer Narrow = Lanes > InBeatWidth ? InBeatWidth : Lanes;
  localparam integer Words = (M + Wide - 1) / Wide;
  localparam integer Banks = Wide / Narrow;
  localparam integer BankBits = $clog2(Banks);
  localparam IsBanked = Words >= LeastWords && Banks * Narrow == Wide && (1 << BankBits) == Banks;

  reg [TileIndexBits-1:0] r_tile;

  always @(posedge i_clk) begin
    if (i_read) r_tile <= i_read_tile;
  end

  generate
    if (IsBanked) begin : g_banks
      localparam integer WordBits = Words < 2 ? 1 : $clog2(Words);
      localparam integer BeatShift = Lanes > InBeatWidth ? BankBits : 0;  // beats that share a word
      localparam integer TileShift = Lanes > InBeatWidth ? 0 : BankBits;  // tiles that share a word
      localparam integer LastElements = M - (Tiles - 1) * Lanes;
      wire [BeatIndexBits-1:0] w_write_word = i_write_beat >> BeatShift;
      wire [TileIndexBits-1:0] w_read_word = i_read_tile >> TileShift;
      wire [Wide*8-1:0] w_word;
      wire [Lanes*8-1:0] w_tile;

      genvar bank;
      for (bank = 0; bank < Banks; bank = bank + 1) begin : g_bank
        localparam integer Slice = BeatShift != 0 ? 0 : bank;  // of the beat
        memory #(
            .Words(Words),
            .WordBits(Narrow * 8)
        ) memory (
            .i_clk(i_clk),
            .i_read(i_read && (TileShift == 0 || (i_read_tile & (Banks - 1)) == bank)),
            .i_read_word(w_read_word[WordBits-1:0]),
            .o_read_data(w_word[bank*Narrow*8+:Narrow*8]),
            .i_write(i_write && (BeatShift == 0 || (i_write_beat & (Banks - 1)) == bank)),
            .i_write_word(w_write_word[WordBits-1:0]),
            .i_write_data(i_write_data[Slice*Narrow*8+:Narrow*8])
        );
      end

      if (TileShift == 0) begin : g_all
        assign w_tile = w_word;
      end else begin : g_one
        assign w_tile = w_word[(r_tile&(Banks-1))*Lanes*8+:Lanes*8];
      end

      genvar lane;
      for (lane = 0; lane < Lanes; lane = lane + 1) begin : g_lane
        if (lane < LastElements) begin : g_always
          assign o_node[lane*8+:8] = w_tile[lane*8+:8];
        end else begin : g_not_in_last_tile
          assign o_node[lane*8+:8] = r_tile == Tiles - 1 ? 8'd0 : w_tile[lane*8+:8];
        end
      end
    end else begin : g_registers
      register_file #(
          .Elements(M),
          .ElementBits(8),
          .WriteWidth(InBeatWidth),
          .ReadWidth(Lanes)
      ) registers (
          .i_clk(i_clk),
          .i_write(i_write),
          .i_write_word(i_write_beat),
          .i_write_data(i_write_data),
          .i_read_word(r_tile),
          .o_read_data(o_node)
      );
    end
  endgenerate
endmodule
