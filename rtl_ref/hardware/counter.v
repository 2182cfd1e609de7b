// Counts 0 to Count - 1 and round again, one step in each cycle with i_step.
// o_next is the value of the next cycle: the address with which a synchronous memory is prefetched. o_first
// and o_last are registers, because what they drive is on long paths.
// Limits: Count from 1 to 2^Bits, Bits to 31. Latency: o_value follows a step by a cycle.
`default_nettype none

module counter #(
    parameter integer Count = 2,
    parameter integer Bits  = Count < 2 ? 1 : $clog2(Count)
) (
    input wire i_clk,
    input wire i_rst_n,
    input wire i_step,
    output wire [Bits-1:0] o_value,
    output wire [Bits-1:0] o_next,
    output wire o_first,
    output wire o_last
);
  generate
    if (Count < 1) counter_Count_must_be_at_least_1 limit ();
    if (Bits < 1 || Bits > 31) counter_Bits_must_be_1_to_31 limit ();
    if (Bits > 0 && Count > 1 && $clog2(Count) > Bits) counter_Count_must_fit_in_Bits limit ();
  endgenerate


  generate
    if (Count == 1) begin : g_constant
      assign o_value = {Bits{1'b0}};
      assign o_next = {Bits{1'b0}};
      assign o_first = 1'b1;
      assign o_last = 1'b1;
      wire w_unused = &{1'b0, i_clk, i_rst_n, i_step};
    end else begin : g_register
      localparam integer NextToLast = Count - 2;
      reg [Bits-1:0] r_value;
      reg [Bits-1:0] w_value_next;
      reg r_first;
      reg r_last;

      assign o_value = r_value;
      assign o_next = w_value_next;
      assign o_first = r_first;
      assign o_last = r_last;

      always @* begin
        w_value_next = r_value;
        if (i_step) w_value_next = o_last ? {Bits{1'b0}} : r_value + 1'b1;
      end

      always @(posedge i_clk) begin
        if (!i_rst_n) begin
          r_value <= {Bits{1'b0}};
          r_first <= 1'b1;
          r_last  <= 1'b0;
        end else begin
          r_value <= w_value_next;
          if (i_step) begin
            r_first <= r_last;
            r_last  <= r_value == NextToLast[Bits-1:0];
          end
        end
      end
    end
  endgenerate
endmodule
