// What is proved of a whole small layer, for every image of two pixels of PixelBits bits, every stall of both
// links and every reset: its results are those of the definition, image by image and in order; a result
// that is offered stands until it is taken; and while an image is there and the results are taken, one
// comes within Patience cycles.
// The weights are those of small_layer/*.hex, written down here a second time.
`default_nettype none

module proof #(
    parameter integer Schedule = 2,
    parameter integer InputBuffers = 1,
    parameter integer PixelBits = 2,
    parameter integer LanesU = 2,  // 1 makes two tiles of a column of U or W
    parameter integer LanesV = 2,  // 1 makes two tiles of a row of V
    parameter integer Issue = 0,
    parameter integer MultiplyLatency = 0,
    parameter integer RequantiseLatency = 0,
    parameter integer Patience = 24
) (
    input wire i_clk,
    input wire i_reset,
    input wire i_valid,
    input wire [PixelBits-1:0] i_pixel,
    input wire i_ready,
    output wire o_bad
);
  localparam integer ZShift = 1;
  localparam integer ActivationShift = 1;

  wire w_rst_n;
  wire w_ready;
  wire w_valid;
  wire [7:0] w_data;

  reset_first reset (
      .i_clk(i_clk),
      .i_reset(i_reset),
      .o_rst_n(w_rst_n)
  );

  layer #(
      .Schedule(Schedule),
      .M(2),
      .N(2),
      .R(2),
      .LanesU(LanesU),
      .LanesV(LanesV),
      .Issue(Issue),
      .MultiplyLatency(MultiplyLatency),
      .RequantiseLatency(RequantiseLatency),
      .InBeatWidth(1),
      .LinkWidth(1),
      .InputBuffers(InputBuffers),
      .WBits(3),
      .UBits(3),
      .VBits(3),
      .ZBits(5),
      .ZShift(ZShift),
      .HasActivation(1),
      .ActivationShift(ActivationShift),
      .WFile(LanesU == 2 ? "small_layer/w_2.hex" : "small_layer/w_1.hex"),
      .UFile(LanesU == 2 ? "small_layer/u_2.hex" : "small_layer/u_1.hex"),
      .VFile(Schedule == 2 ? (LanesV == 2 ? "small_layer/v_rows_2.hex" : "small_layer/v_rows_1.hex")
                           : (LanesV == 2 ? "small_layer/v_columns_2.hex" : "small_layer/v_columns_1.hex")),
      .BiasFile(Schedule == 2 && LanesV == 2 ? "small_layer/bias_2.hex" : "small_layer/bias_1.hex")
  ) dut (
      .i_clk(i_clk),
      .i_rst_n(w_rst_n),
      .i_valid(i_valid),
      .o_ready(w_ready),
      .i_data({{(8 - PixelBits) {1'b0}}, i_pixel}),
      .o_valid(w_valid),
      .i_ready(i_ready),
      .o_data(w_data)
  );

  // The definition. U = [1 2; -1 1], V = [1 -2; -1 3], W = [1 2; -1 1], bias = [3 -2].
  reg r_second;  // the next pixel is the second of its image
  reg [PixelBits-1:0] r_x0;
  wire signed [15:0] w_x0 = {{(16 - PixelBits) {1'b0}}, r_x0};
  wire signed [15:0] w_x1 = {{(16 - PixelBits) {1'b0}}, i_pixel};
  wire signed [15:0] w_z0 = rounded_z(w_x0 - w_x1);
  wire signed [15:0] w_z1 = rounded_z(2 * w_x0 + w_x1);
  wire signed [15:0] w_y0 = Schedule == 0 ? w_x0 - w_x1 : w_z0 - w_z1;
  wire signed [15:0] w_y1 = Schedule == 0 ? 2 * w_x0 + w_x1 : 3 * w_z1 - 2 * w_z0;

  function signed [15:0] rounded_z(input signed [15:0] sum);
    reg signed [15:0] rounded;
    begin
      rounded = (sum + 16'sd1) >>> ZShift;
      rounded_z = rounded > 15 ? 16'sd15 : rounded < -16 ? -16'sd16 : rounded;
    end
  endfunction

  function [7:0] activated(input signed [15:0] y);
    reg signed [15:0] rounded;
    begin
      rounded = (y + 16'sd1) >>> ActivationShift;
      activated = y < 0 ? 8'd0 : rounded > 255 ? 8'd255 : rounded[7:0];
    end
  endfunction

  // Expected results, oldest first: of up to three images under way.
  reg [15:0] r_expected[0:2];
  reg [1:0] r_images;
  reg r_second_result;
  wire w_takes_pixel = i_valid && w_ready;
  wire w_image = w_takes_pixel && r_second;
  wire w_sends = w_valid && i_ready;
  wire w_image_sent = w_sends && r_second_result;
  wire [15:0] w_new = {activated(w_y1 - 16'sd2), activated(w_y0 + 16'sd3)};
  wire [1:0] w_left = r_images - w_image_sent;

  reg r_waited;
  reg [7:0] r_waited_data;
  reg [5:0] r_waiting;  // cycles with an image there, and no result although it would be taken

  always @(posedge i_clk) begin
    r_waited <= w_rst_n && w_valid && !i_ready;
    r_waited_data <= w_data;
    if (!w_rst_n) begin
      r_second <= 1'b0;
      r_images <= 2'd0;
      r_second_result <= 1'b0;
      r_waiting <= 6'd0;
    end else begin
      if (w_takes_pixel) begin
        r_second <= !r_second;
        r_x0 <= i_pixel;
      end
      if (w_sends) r_second_result <= !r_second_result;
      r_images <= w_left + w_image;
      if (w_image_sent) begin
        r_expected[0] <= r_expected[1];
        r_expected[1] <= r_expected[2];
      end
      if (w_image) r_expected[w_left] <= w_new;
      r_waiting <= (r_images == 2'd0 || w_sends || !i_ready) ? 6'd0 : r_waiting + 6'd1;
    end
  end

  wire [7:0] w_wanted = r_second_result ? r_expected[0][15:8] : r_expected[0][7:0];
  wire w_wrong = w_valid && (r_images == 2'd0 || w_data != w_wanted);
  wire w_dropped = r_waited && (!w_valid || w_data != r_waited_data);

  assign o_bad = w_rst_n && (w_wrong || w_dropped || r_waiting > Patience);
endmodule
