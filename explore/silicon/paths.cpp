#include "explore/silicon/paths.h"

#include <cmath>

namespace cfc::explore {
namespace {

using Terms = std::array<double, kPathTerms>;

/// Walks down a pipeline: terms gather until a register ends the path.
class Stretch {
 public:
  explicit Stretch(std::vector<Path>& paths) : paths_(paths) {}

  void from_register() {
    terms_ = {};
    memory_ = nullptr;
    terms_[kLaunch] = 1;
  }
  void from_memory(const char* name) {
    terms_ = {};
    memory_ = name;
    terms_[kLaunchMemory] = 1;
  }
  void through(PathTerm term, double amount = 1) { terms_[term] += amount; }
  void end(PathEnd end) { paths_.push_back({end, memory_, terms_}); }
  /// A register: the path ends and another begins.
  void cut(PathEnd at) {
    end(at);
    from_register();
  }

 private:
  std::vector<Path>& paths_;
  Terms terms_{};
  const char* memory_{};
};

double doublings(double count) { return count > 1 ? std::log2(count) : 0; }

void add_multiplier(Stretch& stretch, int node_bits, int wegt_bits, int stages, PathEnd products) {
  constexpr double kOperandBits = 64;
  for (int stage = 2; stage < stages; ++stage) stretch.cut(products);
  if (stages >= 2) {
    stretch.through(kPartialProduct);
    stretch.through(kMultiplierBits, doublings(node_bits * wegt_bits / kOperandBits * 2) - 1);
    stretch.cut(products);
    stretch.through(kPartialSum);
  } else {
    stretch.through(kMultiplier);
    stretch.through(kMultiplierBits, std::log2(node_bits * wegt_bits / kOperandBits));
  }
  if (stages >= 1) stretch.cut(products);
}

/// What follows a complete sum on its way to the output memory.
void add_output(Stretch stretch, const LayerHardware& layer) {
  stretch.through(kBias);
  if (layer.output_bits != kSumBits) stretch.through(kActivation);
  stretch.through(kWrite, doublings(LayerConfiguration::ceil_div(layer.n, layer.sum_lanes())));
  stretch.end(PathEnd::output);
}

/// The index of a sum selects its bias.
void add_bias(std::vector<Path>& paths, const LayerHardware& layer, int words) {
  Stretch index(paths);
  index.from_register();
  index.through(kBiasSelect, doublings(words));
  add_output(index, layer);
}

void add_accumulator(Stretch stretch, const LayerHardware& layer, const DotProduct& dcl) {
  stretch.through(kAccumulate);
  stretch.end(PathEnd::accumulator);
  if (dcl.result_stage) stretch.from_register();
  if (dcl.makes_z) {
    stretch.through(kRequantise);
    if (layer.has_z_memory()) stretch.through(kWrite, doublings(layer.r));
    stretch.end(PathEnd::z);
  } else {
    add_output(stretch, layer);
  }
}

void add_dot_product(Stretch stretch, const LayerHardware& layer, const DotProduct& dcl) {
  for (int stage = 0; stage < dcl.read_stages; ++stage) stretch.cut(PathEnd::operands);
  add_multiplier(stretch, dcl.node_bits, dcl.wegt_bits, dcl.multiply_stages, PathEnd::products);
  int level = 0;
  for (int stage = 1; stage <= dcl.adder_stages; ++stage) {
    const int behind = dcl.level_of(stage);
    stretch.through(kLevel, behind - level);
    stretch.cut(PathEnd::tree);
    level = behind;
  }
  stretch.through(kLevel, dcl.levels() - level);
  add_accumulator(stretch, layer, dcl);
}

/// Operands come from a port of the weights, and from nodes in memories or registers.
void add_dcl(std::vector<Path>& paths, const LayerHardware& layer, const DotProduct& dcl) {
  Stretch weights(paths);
  weights.from_memory(!dcl.reads_buffers ? "v" : dcl.makes_z ? "u" : "w");
  add_dot_product(weights, layer, dcl);
  Stretch nodes(paths);
  const InputBuffer buffer = input_buffer_of(layer);
  if (dcl.reads_buffers && buffer.is_memory)
    nodes.from_memory("input");
  else
    nodes.from_register();
  if (dcl.reads_buffers) {
    if (layer.input_buffers == 2) nodes.through(kBufferSelect);
    nodes.through(kTileSelect, doublings(buffer.selects));
  } else {
    nodes.through(kTileSelect, doublings(dcl.tiles));
  }
  nodes.through(kFanout, doublings(dcl.lanes));
  add_dot_product(nodes, layer, dcl);
  // The controller tells the accumulator where an operation begins, and all registers to stand
  // still.
  if (dcl.tiles > 1) {
    Stretch first(paths);
    first.from_register();
    first.through(kFanout, doublings(kSumBits));
    add_accumulator(first, layer, dcl);
  }
  if (!dcl.makes_z) add_bias(paths, layer, layer.n);
  Stretch enable(paths);
  enable.from_register();
  enable.through(kControl);
  enable.through(kFanout, doublings(dcl.register_bits()));
  enable.end(PathEnd::accumulator);
  if (dcl.read_stages > 0) enable.end(PathEnd::operands);
  if (dcl.multiply_stages > 0) enable.end(PathEnd::products);
  if (dcl.adder_stages > 0) enable.end(PathEnd::tree);
}

void add_sums(Stretch stretch, const LayerHardware& layer) {
  stretch.through(kAddToSum);
  stretch.end(PathEnd::sums);
  if (layer.requantise_latency > 0) stretch.from_register();
  add_output(stretch, layer);
}

void add_dil(std::vector<Path>& paths, const LayerHardware& layer) {
  const int tiles = LayerConfiguration::ceil_div(layer.n, layer.lanes_v);
  const auto multiply_and_add = [&](Stretch stretch) {
    for (int stage = 0; stage < layer.v_read_latency; ++stage) {
      stretch.cut(PathEnd::operands);
      stretch.through(kFanout, doublings(layer.lanes_v));
    }
    add_multiplier(stretch, layer.z_bits, layer.v_bits, layer.multiply_latency,
                   PathEnd::products_v);
    add_sums(stretch, layer);
  };
  Stretch weights(paths);
  weights.from_memory("v");
  multiply_and_add(weights);
  Stretch operand(paths);
  operand.from_register();
  operand.through(kFanout, doublings(layer.lanes_v));
  multiply_and_add(operand);
  Stretch sums(paths);
  if (layer.psum_storage == PsumStorage::memory) {
    sums.from_memory("psum");
  } else {
    sums.from_register();
    sums.through(kSumSelect, doublings(tiles));
    sums.through(kFanout, doublings(layer.lanes_v * kSumBits));
  }
  add_sums(sums, layer);
  Stretch first(paths);
  first.from_register();
  first.through(kFanout, doublings(layer.lanes_v * kSumBits));
  add_sums(first, layer);
  add_bias(paths, layer, tiles);
}

void add_control(std::vector<Path>& paths, const LayerHardware& layer) {
  Stretch control(paths);
  control.from_register();
  control.through(kControl);
  const std::vector<DotProduct> all = dot_products_of(layer);
  const DotProduct& dcl = all.front();
  control.through(kCount, doublings(static_cast<double>(dcl.tiles) * dcl.operations));
  control.end(PathEnd::control);
  control.through(kFanout, doublings(static_cast<double>(layer.m)));
  control.end(PathEnd::input);
}

}  // namespace

const std::array<double, kPathTerms> kTypicalDelays{0.4, 0.2, 0.2, 0.3,  2.4, 0.4, 2.0,
                                                    1.5, 0.8, 1.4, 1.4,  1.2, 1.4, 0.8,
                                                    0.3, 0.3, 0.1, 0.08, 1.0, 0.1};

const char* to_string(PathEnd end) {
  static constexpr std::array<const char*, kPathEnds> kNames{
      "operands",   "products", "tree",   "accumulator", "z",
      "products_v", "sums",     "output", "input",       "control"};
  return kNames[static_cast<std::size_t>(end)];
}

std::vector<Path> paths_of(const LayerHardware& layer) {
  std::vector<Path> paths;
  for (const DotProduct& dcl : dot_products_of(layer)) add_dcl(paths, layer, dcl);
  if (layer.has_dil()) {
    add_dil(paths, layer);
  }
  add_control(paths, layer);
  return paths;
}

}  // namespace cfc::explore
