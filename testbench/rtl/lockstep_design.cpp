#include "testbench/rtl/lockstep_design.h"

#include <fmt/format.h>

#include "testbench/rtl/rtl_export.h"

namespace cfc {
namespace {

/// 32 bits of Verilog: the signal where it stands in the RTL, extended as its kind says.
std::string slot(const LayerSignal& observed) {
  const Signal& signal = observed.signal;
  std::string bits = fmt::format("layer_{}.{}", observed.layer, signal.path);
  if (signal.lane) bits += fmt::format("[{}+:{}]", *signal.lane * signal.bits, signal.bits);
  if (signal.bits == 32) return bits;
  if (signal.kind != SignalKind::signed_number) {
    return fmt::format("{{{}'d0, {}}}", 32 - signal.bits, bits);
  }
  return fmt::format("32'($signed({}))", bits);
}

/// `link_k_*_in`, what the receiver of link k sees, is `link_k_*` unless the link is broken.
std::string receiver_side(const golden::Network& network, const Configuration& configuration,
                          std::size_t link) {
  const int bits = rtl_element_bits(network, link) * rtl_beat_width(configuration, link);
  return fmt::format(
      "  wire link_{0}_broken = i_controls[{1}][0];\n"
      "  wire link_{0}_valid_in = link_{0}_valid && !link_{0}_broken;\n"
      "  wire link_{0}_ready_in;\n"
      "  assign link_{0}_ready = link_{0}_ready_in && !link_{0}_broken;\n"
      "  wire [{2}:0] link_{0}_data_in = link_{0}_data;\n",
      link, 2 + link, bits - 1);
}

}  // namespace

RtlDesign lockstep_design(const golden::Network& network, const Configuration& configuration,
                          const std::vector<LayerSignal>& signals) {
  const std::size_t links = network.layers.size() + 1;
  const int pixels = configuration.input_link_width;
  std::string slots;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    slots += fmt::format("  assign o_observed[{}] = {};\n", i, slot(signals[i]));
  }
  std::string top = fmt::format(
      "`default_nettype none\n\nmodule lockstep_top (\n"
      "    input wire i_clk,\n    input wire i_rst_n,\n"
      "    input wire [31:0] i_controls[0:{0}],\n    input wire [{1}:0] i_data,\n"
      "    output wire [31:0] o_observed[0:{2}]\n);\n"
      "  wire link_0_valid = i_controls[0][0];\n  wire link_0_ready;\n"
      "  wire [{1}:0] link_0_data = i_data;\n",
      1 + links, 8 * pixels - 1, signals.size() - 1);
  top += receiver_side(network, configuration, 0);
  for (std::size_t number = 1; number < links; ++number) {
    top += rtl_layer(network, configuration, number, "_in");
    top += receiver_side(network, configuration, number);
  }
  top +=
      fmt::format("  assign link_{}_ready_in = i_controls[1][0];\n{}endmodule\n", links - 1, slots);

  RtlDesign design{rtl_memories(network, configuration)};
  design.files["lockstep_top.sv"] = top;
  return design;
}

}  // namespace cfc
