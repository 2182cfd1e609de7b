// Elements in registers, written WriteWidth at a time and read ReadWidth at a time, combinationally.
// Word b of width w holds elements b w to b w + w - 1; what lies beyond the last element is not
// stored and reads as zero.
// Limits: indices below WriteWords and ReadWords; contents are not reset. Latency: what is written can be
// read in the next cycle; none from i_read_word.
`default_nettype none

module register_file #(
    parameter integer Elements = 4,
    parameter integer ElementBits = 8,
    parameter integer WriteWidth = 1,
    parameter integer ReadWidth = 1,
    // derived, not to be set
    parameter integer WriteWords = (Elements + WriteWidth - 1) / WriteWidth,
    parameter integer ReadWords = (Elements + ReadWidth - 1) / ReadWidth,
    parameter integer WriteIndexBits = WriteWords < 2 ? 1 : $clog2(WriteWords),
    parameter integer ReadIndexBits = ReadWords < 2 ? 1 : $clog2(ReadWords)
) (
    input wire i_clk,
    input wire i_write,
    input wire [WriteIndexBits-1:0] i_write_word,
    input wire [WriteWidth*ElementBits-1:0] i_write_data,
    input wire [ReadIndexBits-1:0] i_read_word,
    output wire [ReadWidth*ElementBits-1:0] o_read_data
);
  generate
    if (Elements < 1) register_file_Elements_must_be_at_least_1 limit ();
    if (ElementBits < 1) register_file_ElementBits_must_be_at_least_1 limit ();
    if (WriteWidth < 1) register_file_WriteWidth_must_be_at_least_1 limit ();
    if (ReadWidth < 1) register_file_ReadWidth_must_be_at_least_1 limit ();
  endgenerate

  localparam integer WriteBits = WriteWidth * ElementBits;
  localparam integer ReadBits = ReadWidth * ElementBits;

  reg  [WriteBits-1:0] r_words[0:WriteWords-1];
  wire [WriteWords*WriteBits-1:0] w_words;
  wire [ReadWords*ReadBits-1:0] w_elements;

  assign o_read_data = w_elements[i_read_word*ReadBits+:ReadBits];

  generate
    genvar word;
    for (word = 0; word < WriteWords; word = word + 1) begin : g_word
      assign w_words[word*WriteBits+:WriteBits] = r_words[word];
    end

    genvar e;
    for (e = 0; e < ReadWords * ReadWidth; e = e + 1) begin : g_element
      if (e < Elements) begin : g_stored
        assign w_elements[e*ElementBits+:ElementBits] = w_words[e*ElementBits+:ElementBits];
      end else begin : g_beyond
        assign w_elements[e*ElementBits+:ElementBits] = {ElementBits{1'b0}};
      end
    end
  endgenerate

  wire w_unused = &{1'b0, w_words};  // what the last word holds beyond the last element

  always @(posedge i_clk) begin
    if (i_write) r_words[i_write_word] <= i_write_data;
  end
endmodule
