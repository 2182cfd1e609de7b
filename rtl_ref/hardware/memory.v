// One read and one write port, synchronous read, inferred as block RAM. With i_write tied low it is
// a ROM, filled from InitFile ($readmemh). The word read stands at o_read_data until the next read;
// reading the word that is being written gives the new one.
// Limits: indices below Words; contents are not reset. Latency: a word read stands at the port in the next
// cycle.
`default_nettype none

module memory #(
    parameter integer Words = 2,
    parameter integer WordBits = 8,
    parameter InitFile = "",
    parameter integer IndexBits = Words < 2 ? 1 : $clog2(Words)  // derived, not to be set
) (
    input wire i_clk,
    input wire i_read,
    input wire [IndexBits-1:0] i_read_word,
    output wire [WordBits-1:0] o_read_data,
    input wire i_write,
    input wire [IndexBits-1:0] i_write_word,
    input wire [WordBits-1:0] i_write_data
);
  generate
    if (Words < 1) memory_Words_must_be_at_least_1 limit ();
    if (WordBits < 1) memory_WordBits_must_be_at_least_1 limit ();
  endgenerate

  reg [WordBits-1:0] r_words[0:Words-1];
  reg [WordBits-1:0] r_read_data;

  assign o_read_data = r_read_data;

  generate
    if (InitFile != "") begin : g_contents
      initial $readmemh(InitFile, r_words);
    end
  endgenerate

  always @(posedge i_clk) begin
    if (i_write) r_words[i_write_word] <= i_write_data;
    if (i_read) begin
      if (i_write && i_write_word == i_read_word) r_read_data <= i_write_data;
      else r_read_data <= r_words[i_read_word];
    end
  end
endmodule
