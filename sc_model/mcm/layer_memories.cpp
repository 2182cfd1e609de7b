#include "sc_model/mcm/layer_memories.h"

namespace cfc {
namespace {

using golden::DenseWeights;
using golden::FactorisedWeights;
using golden::MatrixS8;

std::vector<std::int8_t> by_rows(const MatrixS8& matrix) {
  return {matrix.data(), matrix.data() + matrix.size()};
}

std::vector<std::int8_t> by_columns(const MatrixS8& matrix) {
  return by_rows(MatrixS8(matrix.transpose()));
}

std::size_t size(int elements) { return static_cast<std::size_t>(elements); }

}  // namespace

LayerMemories::LayerMemories(const golden::Layer& layer, const LayerConfiguration& configuration)
    : input("input", size(configuration.shape.m * configuration.input_buffers), 8, peak),
      output("output", size(configuration.shape.n), layer.activation_shift ? 8 : 32, peak) {
  const auto weights = [&](const char* name, std::vector<std::int8_t> content, int bits) {
    return std::make_unique<Memory<std::int8_t>>(name, std::move(content), bits, peak);
  };
  const auto words = [&](const char* name, int elements, int bits) {
    return std::make_unique<Memory<std::int32_t>>(name, size(elements), bits, peak);
  };
  if (const auto* dense = std::get_if<DenseWeights>(&layer.weights)) {
    w = weights("w", by_columns(dense->w), dense->w_bits);
    return;
  }
  const auto& factors = std::get<FactorisedWeights>(layer.weights);
  u = weights("u", by_columns(factors.u), factors.u_bits);
  if (configuration.schedule == Schedule::sequential) {
    v = weights("v", by_columns(factors.v), factors.v_bits);
    z = words("z", *configuration.shape.r, factors.z_bits);
  } else {
    v = weights("v", by_rows(factors.v), factors.v_bits);
    if (configuration.psum_storage == PsumStorage::memory) {
      psum = words("psum", configuration.shape.n, 32);
    }
  }
}

void LayerMemories::load_weights(const golden::Layer& layer, Schedule schedule) {
  if (const auto* dense = std::get_if<DenseWeights>(&layer.weights)) {
    w->load(by_columns(dense->w));
    return;
  }
  const auto& factors = std::get<FactorisedWeights>(layer.weights);
  u->load(by_columns(factors.u));
  v->load(schedule == Schedule::sequential ? by_columns(factors.v) : by_rows(factors.v));
}

std::vector<const MemoryMeter*> LayerMemories::all() const {
  std::vector<const MemoryMeter*> present;
  for (const MemoryMeter* memory :
       {static_cast<const MemoryMeter*>(&input), static_cast<const MemoryMeter*>(w.get()),
        static_cast<const MemoryMeter*>(u.get()), static_cast<const MemoryMeter*>(v.get()),
        static_cast<const MemoryMeter*>(z.get()), static_cast<const MemoryMeter*>(psum.get()),
        static_cast<const MemoryMeter*>(&output)}) {
    if (memory) present.push_back(memory);
  }
  return present;
}

void LayerMemories::on_access(tlm::tlm_analysis_if<AccessEvent>& listener) {
  const auto listen_to = [&](auto&... optional) {
    ((optional ? optional->on_access(listener) : void()), ...);
  };
  input.on_access(listener);
  listen_to(w, u, v, z, psum);
  output.on_access(listener);
}

}  // namespace cfc
