// What every bench of a cell has: clock, reset (in mid-run, too), random numbers, verdict. The bench gives
// the tasks drive (inputs of this cycle), compare (outputs against its own computation) and advance
// (that computation, to the next cycle).
parameter integer Seed = 1;
parameter integer Cycles = 2000;
reg i_clk = 1'b0;
reg i_rst_n = 1'b0;
integer random = Seed;
integer cycle = 0;
integer errors = 0;

function integer below(input integer bound);
  below = $unsigned($random(random)) % bound;
endfunction

function percent(input integer chance);
  percent = below(100) < chance;
endfunction

// Random bits, now and then all zeros or all ones.
function [511:0] noise(input integer bits);
  integer i;
  begin
    for (i = 0; i < 16; i = i + 1) noise[i*32+:32] = $random(random);
    if (percent(5)) noise = 512'd0;
    if (percent(5)) noise = ~512'd0;
    noise = noise & ~(~512'd0 << bits);
  end
endfunction

// The value of `bits` bits of two's complement.
function integer signed_value(input integer value, input integer bits);
  signed_value = (value & (1 << (bits - 1))) != 0 ? value - (1 << bits) : value;
endfunction

task check(input [8*16-1:0] name, input [511:0] got, input [511:0] expected);
  if (got !== expected) begin
    errors = errors + 1;
    if (errors <= 3) $display("FAIL cycle %0d: %0s is %0h, expected %0h", cycle, name, got, expected);
  end
endtask

always #5 i_clk = !i_clk;

always @(negedge i_clk) begin
  i_rst_n = cycle > 0 && !percent(1);
  drive;
  #1;
  if (cycle > 0) compare;
  advance;
  cycle = cycle + 1;
  if (cycle == Cycles) begin
    if (errors == 0) $display("PASS %0d cycles, Seed=%0d", cycle, Seed);
    else $display("FAIL %0d values wrong, Seed=%0d", errors, Seed);
    $finish;
  end
end
