// Pipeline registers: o_data is the i_data of Stages enabled cycles ago. Stages 0 is a wire.
// Limits: reset clears every stage. Latency: Stages enabled cycles.
`default_nettype none

module delay_line #(
    parameter integer Width  = 1,
    parameter integer Stages = 0
) (
    input wire i_clk,
    input wire i_rst_n,
    input wire i_enable,
    input wire [Width-1:0] i_data,
    output wire [Width-1:0] o_data
);
  generate
    if (Width < 1) delay_line_Width_must_be_at_least_1 limit ();
    if (Stages < 0) delay_line_Stages_must_be_at_least_0 limit ();
  endgenerate

  generate
    if (Stages == 0) begin : g_wire
      assign o_data = i_data;
      wire w_unused = &{1'b0, i_clk, i_rst_n, i_enable};
    end else begin : g_registers
      reg [Width*Stages-1:0] r_stages;  // the youngest in the lowest bits
      wire [Width*(Stages+1)-1:0] w_chain = {r_stages, i_data};

      assign o_data = w_chain[Width*Stages+:Width];

      always @(posedge i_clk) begin
        if (!i_rst_n) r_stages <= {(Width * Stages) {1'b0}};
        else if (i_enable) r_stages <= w_chain[0+:Width*Stages];
      end
    end
  endgenerate
endmodule
