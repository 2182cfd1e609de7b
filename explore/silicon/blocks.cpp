#include "explore/silicon/blocks.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cfc::explore {
namespace {

constexpr std::array<const char*, kBlockKinds> kNames{
    "u_mc", "v_mc",       "dcl_scm",       "dil_scm",      "l_scm",
    "mcm",  "activation", "output_memory", "requantise_z", "z_memory"};
double bits(double count) { return count > 1 ? std::log2(count) : 0; }

int tiles_v(const LayerHardware& layer) {
  return LayerConfiguration::ceil_div(layer.n, layer.lanes_v);
}

Block u_mc(const std::string& name, const DotProduct& dcl) {
  const double lanes = dcl.lanes;
  return {name + ".u_mc",
          BlockKind::u_mc,
          {1, lanes * dcl.node_bits * dcl.wegt_bits, lanes * (dcl.node_bits + dcl.wegt_bits),
           static_cast<double>(dcl.register_bits()), dcl.multiply_stages > 1 ? lanes : 0}};
}

Block dcl_scm(const std::string& name, const DotProduct& dcl) {
  const int depth =
      dcl.read_stages + dcl.multiply_stages + dcl.adder_stages + static_cast<int>(dcl.result_stage);
  return {name + ".dcl_scm",
          BlockKind::dcl_scm,
          {1, bits(static_cast<double>(dcl.tiles) * dcl.operations), bits(dcl.tiles),
           static_cast<double>(depth)}};
}

void add_dcl(std::vector<Block>& blocks, const LayerHardware& layer) {
  const std::vector<DotProduct> all = dot_products_of(layer);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string name = all.size() == 1 ? "dcl" : (i == 0 ? "dcl_u" : "dcl_v");
    blocks.push_back(u_mc(name, all[i]));
    blocks.push_back(dcl_scm(name, all[i]));
  }
}

Block v_mc(const LayerHardware& layer) {
  constexpr double kSum = 32;
  const double lanes = layer.lanes_v;
  const bool keeps_sums = layer.psum_storage == PsumStorage::registers;
  const double stored = keeps_sums ? tiles_v(layer) * lanes * kSum : 0;
  const double registers =
      multiplier_register_bits(layer.lanes_v, layer.z_bits, layer.v_bits, layer.multiply_latency) +
      layer.requantise_latency * lanes * kSum +
      layer.v_read_latency * (layer.z_bits + lanes * layer.v_bits);
  return {"dil.v_mc",
          BlockKind::v_mc,
          {1, lanes * layer.z_bits * layer.v_bits, lanes * (layer.z_bits + layer.v_bits), lanes,
           registers, stored, tiles_v(layer) > 1 ? stored : 0}};
}

Block mcm(const LayerHardware& layer) {
  constexpr double kPixel = 8;
  const bool is_memory = input_buffer_of(layer).is_memory;
  const double stored = is_memory ? 0 : kPixel * layer.m * layer.input_buffers;
  const double selected = input_buffer_of(layer).selects > 1 ? kPixel * layer.m : 0;
  const double node = kPixel * layer.lanes_u;
  return {"mcm",
          BlockKind::mcm,
          {1, stored, is_memory ? selected : 0, is_memory ? 0 : selected * layer.input_buffers,
           node * (layer.input_buffers - 1), is_memory ? node : 0}};
}

Block activation(const LayerHardware& layer) {
  const double lanes = layer.sum_lanes();
  const double words = std::ceil(layer.n / lanes);
  const double activated = layer.output_bits == kSumBits ? 0 : lanes;
  return {"activation",
          BlockKind::activation,
          {1, lanes, activated, lanes * words, lanes * bits(words)}};
}

Block output_memory(const LayerHardware& layer) {
  const double stored = static_cast<double>(layer.n) * layer.output_bits;
  return {"output_memory",
          BlockKind::output_memory,
          {1, stored, layer.n > layer.link_width ? stored : 0,
           static_cast<double>(layer.link_width) * layer.output_bits}};
}

}  // namespace

bool is_block(const std::string& name) {
  const std::string last = name.substr(name.rfind('.') + 1);
  return std::find(kNames.begin(), kNames.end(), last) != kNames.end();
}

std::vector<Block> blocks_of(const LayerHardware& layer) {
  std::vector<Block> blocks;
  add_dcl(blocks, layer);
  if (layer.has_dil()) {
    blocks.push_back(v_mc(layer));
    const double words = static_cast<double>(tiles_v(layer)) * layer.r;
    blocks.push_back({"dil.dil_scm",
                      BlockKind::dil_scm,
                      {1, static_cast<double>(layer.z_bits), bits(words),
                       static_cast<double>(layer.v_read_latency + layer.multiply_latency +
                                           layer.requantise_latency)}});
  }
  if (layer.has_z_memory()) {
    const double stored = static_cast<double>(layer.r) * layer.z_bits;
    blocks.push_back(
        {"z_memory", BlockKind::z_memory, {1, stored, layer.r > layer.lanes_v ? stored : 0}});
  }
  if (layer.has_factors())
    blocks.push_back(
        {"requantise_z", BlockKind::requantise_z, {1, static_cast<double>(layer.z_bits)}});
  const double beats = std::ceil(static_cast<double>(layer.m) / layer.in_beat_width);
  blocks.push_back(
      {"l_scm",
       BlockKind::l_scm,
       {1, bits(beats), bits(std::ceil(static_cast<double>(layer.n) / layer.link_width))}});
  blocks.push_back(mcm(layer));
  blocks.push_back(activation(layer));
  blocks.push_back(output_memory(layer));
  return blocks;
}

}  // namespace cfc::explore
