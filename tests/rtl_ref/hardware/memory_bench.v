// memory against a log of its writes, searched backwards. What was never written is unknown, or what
// InitFile (memory_contents.mem: 8 words, word i is 37 i + 11 modulo 256) gave it.
`default_nettype none

module memory_bench;
  parameter integer Words = 2;
  parameter integer WordBits = 8;
  parameter InitFile = "";
  `include "cell_bench.vh"
  localparam integer IndexBits = Words < 2 ? 1 : $clog2(Words);

  reg i_read;
  reg [IndexBits-1:0] i_read_word;
  wire [WordBits-1:0] o_read_data;
  reg i_write;
  reg [IndexBits-1:0] i_write_word;
  reg [WordBits-1:0] i_write_data;

  reg [IndexBits-1:0] written_word[0:Cycles-1];
  reg [WordBits-1:0] written_data[0:Cycles-1];
  integer writes = 0;
  reg was_read = 1'b0;
  reg [WordBits-1:0] expected;
  integer i;

  memory #(
      .Words(Words),
      .WordBits(WordBits),
      .InitFile(InitFile)
  ) dut (
      .i_clk(i_clk),
      .i_read(i_read),
      .i_read_word(i_read_word),
      .o_read_data(o_read_data),
      .i_write(i_write),
      .i_write_word(i_write_word),
      .i_write_data(i_write_data)
  );

  task drive;
    begin
      i_read = percent(60);
      i_read_word = below(Words);
      i_write = percent(40);
      i_write_word = percent(30) ? i_read_word : below(Words);
      i_write_data = noise(WordBits);
    end
  endtask

  task compare;
    if (was_read) check("o_read_data", o_read_data, expected);
  endtask

  task advance;
    begin
      if (i_write) begin
        written_word[writes] = i_write_word;
        written_data[writes] = i_write_data;
        writes = writes + 1;
      end
      if (i_read) begin
        was_read = 1'b1;
        expected = {WordBits{1'bx}};
        if (InitFile != "") expected = (37 * i_read_word + 11) % 256;
        for (i = 0; i < writes; i = i + 1)
          if (written_word[i] == i_read_word) expected = written_data[i];
      end
    end
  endtask
endmodule
