#include "testbench/rtl/lockstep_design.h"

#include <stdexcept>

#include <fmt/format.h>

#include "testbench/rtl/rtl_export.h"

namespace cfc {
namespace {

/// Finds the RTL's signal for a probe of layer `number` (from 1).
class ProbeExpressions {
 public:
  ProbeExpressions(const golden::Network& network, const Configuration& configuration,
                   std::size_t number)
      : layer_(fmt::format("layer_{}", number)),
        engine_(fmt::format("{}.{}.engine", layer_,
                            to_string(configuration.layers[number - 1].schedule))),
        number_(number),
        element_bits_(rtl_element_bits(network, number)) {
    const auto& weights = network.layers[number - 1].weights;
    if (const auto* factors = std::get_if<golden::FactorisedWeights>(&weights)) {
      z_bits_ = factors->z_bits;
    }
  }

  /// 32 bits of Verilog.
  std::string operator()(const std::string& probe) const {
    const std::size_t bracket = probe.find('[');
    const std::string base = probe.substr(0, bracket);
    if (bracket != std::string::npos) return element(base, std::stoi(probe.substr(bracket + 1)));
    if (base == "l_scm.state" || base == "mcm.state") {
      return unsigned_slot(fmt::format("{}.{}.r_state", layer_, base.substr(0, base.find('.'))), 2);
    }
    if (is_of_engine(base)) return engine_signal(base);
    if (base == "i_valid") return unsigned_slot(fmt::format("link_{}_valid_in", number_ - 1), 1);
    if (base == "o_ready") return unsigned_slot(fmt::format("link_{}_ready_in", number_ - 1), 1);
    if (base == "o_valid") return unsigned_slot(fmt::format("link_{}_valid", number_), 1);
    if (base == "i_ready") return unsigned_slot(fmt::format("link_{}_ready", number_), 1);
    if (base == "z_valid" || base == "z_ready") return unsigned_slot(engine_ + ".w_" + base, 1);
    if (base == "z") return signed_slot(engine_ + ".w_z", z_bits_);
    throw std::logic_error("the RTL has no signal for probe " + probe);
  }

 private:
  static std::string unsigned_slot(const std::string& signal, int bits) {
    return fmt::format("{{{}'d0, {}}}", 32 - bits, signal);
  }
  static std::string signed_slot(const std::string& signal, int bits) {
    return fmt::format("{{{{{}{{{}[{}]}}}}, {}}}", 32 - bits, signal, bits - 1, signal);
  }

  static bool is_of_engine(const std::string& base) {
    return base.rfind("dcl", 0) == 0 || base.rfind("dil", 0) == 0;
  }

  /// A signal of the engine before the dot of `base`.
  std::string engine_signal(const std::string& base) const {
    const std::size_t dot = base.find('.');
    const std::string engine = base.substr(0, dot);
    const std::string signal = base.substr(dot + 1);
    const std::string path = fmt::format("{}.{}.", engine_, engine);
    if (base == "dil.i_node") return signed_slot(path + "v_mc.i_node", z_bits_);
    if (signal == "result") return path + "u_mc.result";
    const std::string control = path + (engine == "dil" ? "dil_scm." : "dcl_scm.");
    if (signal == "state") return unsigned_slot(control + "r_state", 2);
    return number(control + "w_" + signal);  // issue, retire, k, tile
  }

  static std::string number(const std::string& expression) {
    return fmt::format("32'({})", expression);
  }

  /// `i_node`, `i_wegt` and `w_mult` of a lane.
  std::string lane(const std::string& base, int index) const {
    const std::size_t dot = base.find('.');
    const std::string engine = base.substr(0, dot);
    const std::string signal = base.substr(dot + 1);
    const std::string calculator =
        fmt::format("{}.{}.{}.", engine_, engine, engine == "dil" ? "v_mc" : "u_mc");
    const std::string bits =
        calculator +
        (signal == "i_node" ? "NodeBits" : (signal == "i_wegt" ? "WegtBits" : "ProductBits"));
    const std::string part = fmt::format("{}{}[{}*{}+:{}]", calculator, signal, index, bits, bits);
    const bool is_unsigned = signal == "i_node" && engine != "dcl_v";
    return fmt::format(is_unsigned ? "32'({})" : "32'($signed({}))", part);
  }

  std::string element(const std::string& base, int index) const {
    if (base == "dil.result") return fmt::format("{}.dil.o_sums[{}+:32]", engine_, 32 * index);
    if (base != "o_data") return lane(base, index);
    const std::string bits =
        fmt::format("link_{}_data[{}+:{}]", number_, element_bits_ * index, element_bits_);
    return element_bits_ == 32 ? bits : unsigned_slot(bits, element_bits_);
  }

  std::string layer_;
  std::string engine_;
  std::size_t number_;
  int element_bits_;
  int z_bits_{0};
};

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
                          const std::vector<std::vector<std::string>>& probe_names) {
  const std::size_t links = network.layers.size() + 1;
  const int pixels = configuration.input_link_width;
  std::string slots;
  std::size_t observed = 0;
  for (std::size_t i = 0; i < probe_names.size(); ++i) {
    const ProbeExpressions expression(network, configuration, i + 1);
    for (const std::string& probe : probe_names[i]) {
      slots += fmt::format("  assign o_observed[{}] = {};\n", observed++, expression(probe));
    }
  }
  std::string top = fmt::format(
      "`default_nettype none\n\nmodule lockstep_top (\n"
      "    input wire i_clk,\n    input wire i_rst_n,\n"
      "    input wire [31:0] i_controls[0:{0}],\n    input wire [{1}:0] i_data,\n"
      "    output wire [31:0] o_observed[0:{2}]\n);\n"
      "  wire link_0_valid = i_controls[0][0];\n  wire link_0_ready;\n"
      "  wire [{1}:0] link_0_data = i_data;\n",
      1 + links, 8 * pixels - 1, observed - 1);
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
