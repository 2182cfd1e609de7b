#include "explore/silicon/layer_hardware.h"

#include <algorithm>
#include <tuple>

namespace cfc::explore {
namespace {

constexpr int kPixelBits = 8;
// As in rtl_ref/dcl/u_matrix_calculator.v: what surrounds the tree, in levels of it.
constexpr int kMultiplierLevels = 3;
constexpr int kAccumulatorLevels = 2;
constexpr int kResultLevels = 2;  // what follows the accumulator's sum in the same cycle
// As in rtl_ref/mcm/input_buffer.v.
constexpr int kLeastWords = 8;

auto all_of(const LayerHardware& a) {
  return std::tie(a.schedule, a.m, a.n, a.r, a.lanes_u, a.lanes_v, a.issue, a.read_latency,
                  a.multiply_latency, a.adder_latency, a.requantise_latency, a.v_read_latency,
                  a.in_beat_width, a.link_width, a.input_buffers, a.psum_storage, a.w_bits,
                  a.u_bits, a.v_bits, a.z_bits, a.output_bits);
}

int ceil_div(int a, int b) { return LayerConfiguration::ceil_div(a, b); }

}  // namespace

bool operator==(const LayerHardware& a, const LayerHardware& b) { return all_of(a) == all_of(b); }

int log2_ceil(int count) {
  int bits = 0;
  while ((std::int64_t{1} << bits) < count) ++bits;
  return bits;
}

LayerHardware hardware_of(const LayerConfiguration& layer, const LayerWidths& widths,
                          int input_beat_width) {
  LayerHardware hardware{layer.schedule,
                         layer.shape.m,
                         layer.shape.n,
                         layer.shape.r.value_or(0),
                         layer.lanes_u,
                         layer.lanes_v,
                         layer.issue,
                         layer.read_latency,
                         layer.multiply_latency,
                         layer.adder_latency,
                         layer.requantise_latency,
                         layer.v_read_latency,
                         input_beat_width,
                         layer.output_beat_width(),
                         layer.input_buffers,
                         layer.psum_storage,
                         widths.weights_bits,
                         widths.u_bits,
                         widths.v_bits,
                         widths.z_bits,
                         widths.output_bits};
  if (uses_factors(layer.schedule)) {
    hardware.w_bits = 0;
  } else {
    hardware.r = hardware.lanes_v = hardware.u_bits = hardware.v_bits = hardware.z_bits = 0;
  }
  if (!hardware.has_dil()) {
    hardware.psum_storage = PsumStorage::registers;
    hardware.v_read_latency = 0;
  }
  return hardware;
}

std::vector<DotProduct> dot_products_of(const LayerHardware& layer) {
  const int extra = layer.issue == Issue::stepped ? 1 : 0;
  const bool is_dense = !layer.has_factors();
  const DotProduct first{layer.lanes_u,
                         ceil_div(layer.m, layer.lanes_u),
                         is_dense ? layer.n : layer.r,
                         kPixelBits,
                         is_dense ? layer.w_bits : layer.u_bits,
                         layer.read_latency + extra,
                         layer.multiply_latency + extra,
                         layer.adder_latency,
                         layer.requantise_latency > 0,
                         !is_dense,
                         true};
  if (!layer.has_z_memory()) return {first};
  DotProduct second = first;
  second.lanes = layer.lanes_v;
  second.tiles = ceil_div(layer.r, layer.lanes_v);
  second.operations = layer.n;
  second.node_bits = layer.z_bits;
  second.wegt_bits = layer.v_bits;
  second.makes_z = false;
  second.reads_buffers = false;
  return {first, second};
}

int DotProduct::levels() const { return log2_ceil(lanes); }

int DotProduct::level_of(int stage) const {
  const int before = multiply_stages == 0 ? kMultiplierLevels : 0;
  const int behind = kAccumulatorLevels + (result_stage ? 0 : kResultLevels);
  const int all = before + levels() + behind;
  const int level = ceil_div(stage * all, adder_stages + 1) - before;
  return std::clamp(level, 0, levels());
}

int DotProduct::register_bits() const {
  constexpr int kSumBitsOfTree = 32;
  const int product_bits = node_bits + wegt_bits;
  int bits = kSumBitsOfTree + read_stages * lanes * product_bits +
             multiplier_register_bits(lanes, node_bits, wegt_bits, multiply_stages);
  for (int stage = 1; stage <= adder_stages; ++stage) {
    const int level = level_of(stage);
    bits += ceil_div(lanes, 1 << level) * std::min(product_bits + level, kSumBitsOfTree);
  }
  return bits;
}

int multiplier_register_bits(int lanes, int node_bits, int wegt_bits, int stages) {
  const int product_bits = node_bits + wegt_bits;
  int bits = 0;
  if (stages > 0) bits += product_bits;
  if (stages > 1) bits += 2 * node_bits + wegt_bits + 1;  // both partial products
  if (stages > 2) bits += (stages - 2) * product_bits;
  return lanes * bits;
}

InputBuffer input_buffer_of(const LayerHardware& layer) {
  const int wide = std::max(layer.lanes_u, layer.in_beat_width);
  const int narrow = std::min(layer.lanes_u, layer.in_beat_width);
  const int banks = wide / narrow;
  const bool is_memory = ceil_div(layer.m, wide) >= kLeastWords && banks * narrow == wide &&
                         (1 << log2_ceil(banks)) == banks;
  if (!is_memory) return {false, ceil_div(layer.m, layer.lanes_u)};
  return {true, layer.lanes_u >= layer.in_beat_width ? 1 : banks};
}

std::vector<LayerMacro> macros_of(const LayerHardware& layer) {
  const auto product = [](int a, int b) {
    return static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b);
  };
  std::vector<LayerMacro> macros;
  for (const DotProduct& dcl : dot_products_of(layer)) {
    const char* name = !dcl.reads_buffers ? "v" : dcl.makes_z ? "u" : "w";
    macros.push_back({name, product(dcl.operations, dcl.tiles), product(dcl.lanes, dcl.wegt_bits)});
  }
  if (layer.has_dil()) {
    const int tiles = ceil_div(layer.n, layer.lanes_v);
    macros.push_back({"v", product(layer.r, tiles), product(layer.lanes_v, layer.v_bits)});
    if (layer.psum_storage == PsumStorage::memory)
      macros.push_back({"psum", product(tiles, 1), product(layer.lanes_v, kSumBits)});
  }
  if (input_buffer_of(layer).is_memory) {
    const int wide = std::max(layer.lanes_u, layer.in_beat_width);
    macros.push_back({"input", product(ceil_div(layer.m, wide), 1), product(wide, kPixelBits),
                      static_cast<std::uint64_t>(layer.input_buffers),
                      product(layer.lanes_u, kPixelBits),
                      product(layer.in_beat_width, kPixelBits)});
  }
  return macros;
}

}  // namespace cfc::explore
