// register_file against its elements one by one; what was never written is unknown.
`default_nettype none

module register_file_bench;
  parameter integer Elements = 4;
  parameter integer ElementBits = 8;
  parameter integer WriteWidth = 1;
  parameter integer ReadWidth = 1;
  `include "cell_bench.vh"
  localparam integer WriteWords = (Elements + WriteWidth - 1) / WriteWidth;
  localparam integer ReadWords = (Elements + ReadWidth - 1) / ReadWidth;

  reg i_write;
  reg [(WriteWords < 2 ? 1 : $clog2(WriteWords))-1:0] i_write_word;
  reg [WriteWidth*ElementBits-1:0] i_write_data;
  reg [(ReadWords < 2 ? 1 : $clog2(ReadWords))-1:0] i_read_word;
  wire [ReadWidth*ElementBits-1:0] o_read_data;

  reg [ElementBits-1:0] elements[0:Elements-1];
  integer i;

  register_file #(
      .Elements(Elements),
      .ElementBits(ElementBits),
      .WriteWidth(WriteWidth),
      .ReadWidth(ReadWidth)
  ) dut (
      .i_clk(i_clk),
      .i_write(i_write),
      .i_write_word(i_write_word),
      .i_write_data(i_write_data),
      .i_read_word(i_read_word),
      .o_read_data(o_read_data)
  );

  task drive;
    begin
      i_write = percent(50);
      i_write_word = below(WriteWords);
      i_write_data = noise(WriteWidth * ElementBits);
      i_read_word = below(ReadWords);
    end
  endtask

  task compare;
    for (i = 0; i < ReadWidth; i = i + 1) begin
      if (i_read_word * ReadWidth + i < Elements)
        check("element", o_read_data[i*ElementBits+:ElementBits],
              elements[i_read_word*ReadWidth+i]);
      else check("beyond", o_read_data[i*ElementBits+:ElementBits], 0);
    end
  endtask

  task advance;
    if (i_write) begin
      for (i = 0; i < WriteWidth; i = i + 1)
        if (i_write_word * WriteWidth + i < Elements)
          elements[i_write_word*WriteWidth+i] = i_write_data[i*ElementBits+:ElementBits];
    end
  endtask
endmodule
