#include "testbench/rtl/rtl_engine.h"

#include <stdexcept>

#include <fmt/format.h>

#include "support/error.h"

namespace cfc {
namespace {

RtlEngine dense_engine(const golden::DenseWeights& weights, const LayerConfiguration& layer) {
  return {0, 1, {{'W', &weights.w, false, layer.lanes_u, weights.w_bits}}};
}

/// What both engines for factorised weights have.
RtlEngine factorised_engine(const golden::FactorisedWeights& weights,
                            const LayerConfiguration& layer) {
  return {1,
          1,
          {{'U', &weights.u, false, layer.lanes_u, weights.u_bits},
           {'V', &weights.v, false, layer.lanes_v, weights.v_bits}},
          {{"R", *layer.shape.r},
           {"LanesV", layer.lanes_v},
           {"ZBits", weights.z_bits},
           {"ZShift", weights.z_shift}}};
}

RtlEngine streaming_engine(const golden::FactorisedWeights& weights,
                           const LayerConfiguration& layer) {
  RtlEngine engine = factorised_engine(weights, layer);
  engine.schedule = 2;
  engine.sum_lanes = layer.lanes_v;
  engine.memories.back().by_rows = true;
  engine.parameters["PsumStorage"] = layer.psum_storage == PsumStorage::memory ? 1 : 0;
  engine.parameters["VReadLatency"] = layer.v_read_latency;
  return engine;
}

}  // namespace

RtlEngine rtl_engine(const golden::Layer& layer, const LayerConfiguration& configuration,
                     std::size_t number) {
  if (layer.is_factorised() != uses_factors(configuration.schedule)) {
    throw InputError(fmt::format("layers.{}.schedule: {} does not fit the weights of layer {}",
                                 number, to_string(configuration.schedule), layer.name));
  }
  switch (configuration.schedule) {
    case Schedule::dense:
      return dense_engine(std::get<golden::DenseWeights>(layer.weights), configuration);
    case Schedule::sequential:
      return factorised_engine(std::get<golden::FactorisedWeights>(layer.weights), configuration);
    case Schedule::streaming:
      return streaming_engine(std::get<golden::FactorisedWeights>(layer.weights), configuration);
  }
  throw std::logic_error("a schedule without an engine in the RTL");
}

}  // namespace cfc
