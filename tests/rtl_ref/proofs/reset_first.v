// Reset in the first cycle, and then whenever the prover wants it.
`default_nettype none

module reset_first (
    input wire i_clk,
    input wire i_reset,
    output wire o_rst_n
);
  reg r_began = 1'b0;
  assign o_rst_n = r_began && !i_reset;
  always @(posedge i_clk) r_began <= 1'b1;
endmodule
