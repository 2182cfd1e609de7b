#include "platform/system/platform_stages.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "explore/cost/energy.h"
#include "explore/timing/engine/layer_widths.h"
#include "support/error.h"

namespace cfc {
namespace {

using Bits = std::uint64_t;

/// Where each of `count` pieces of the layers begins, and the end, so that the largest is smallest.
std::vector<std::size_t> best_cut(const std::vector<Bits>& layers, std::size_t count) {
  constexpr Bits kImpossible = std::numeric_limits<Bits>::max();
  const std::size_t end = layers.size();
  // Of the layers from i on in so many pieces: the largest one, and where the second one begins.
  std::vector<Bits> largest(end + 1, kImpossible);
  largest[end] = 0;
  std::vector<std::vector<std::size_t>> second;
  for (std::size_t pieces = 1; pieces <= count; ++pieces) {
    std::vector<Bits> now(end + 1, kImpossible);
    second.emplace_back(end + 1, end);
    for (std::size_t i = 0; i < end; ++i) {
      Bits first = 0;
      for (std::size_t next = i + 1; next <= end; ++next) {
        first += layers[next - 1];
        const Bits cut = std::max(first, largest[next]);
        if (cut >= now[i]) continue;
        now[i] = cut;
        second.back()[i] = next;
      }
    }
    largest = std::move(now);
  }
  std::vector<std::size_t> begins{0};
  for (; !second.empty(); second.pop_back()) begins.push_back(second.back()[begins.back()]);
  return begins;
}

PlatformStage piece_of(const golden::Network& network, const Configuration& configuration,
                       std::size_t begin, std::size_t end) {
  const auto from = static_cast<std::ptrdiff_t>(begin);
  const auto to = static_cast<std::ptrdiff_t>(end);
  PlatformStage stage;
  stage.network.layers.assign(network.layers.begin() + from, network.layers.begin() + to);
  stage.configuration = configuration;
  stage.configuration.layers.assign(configuration.layers.begin() + from,
                                    configuration.layers.begin() + to);
  stage.configuration.input_link_width =
      std::min(configuration.input_link_width, stage.configuration.layers.front().shape.m);
  return stage;
}

}  // namespace

std::string to_string(Parallelism parallelism) {
  return parallelism == Parallelism::data ? "data" : "model";
}

std::vector<PlatformStage> cut_into_stages(const golden::Network& network,
                                           const Configuration& configuration, unsigned count) {
  if (count > network.layers.size()) {
    throw InputError(fmt::format("--accelerators {}: the network has only {} layers to share out",
                                 count, network.layers.size()));
  }
  const auto widths = explore::widths_of(network);
  std::vector<Bits> bits;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    bits.push_back(explore::weight_bits(configuration.layers[i], widths[i]));
  }
  const std::vector<std::size_t> begins = best_cut(bits, count);
  std::vector<PlatformStage> stages;
  for (std::size_t i = 0; i < count; ++i) {
    stages.push_back(piece_of(network, configuration, begins[i], begins[i + 1]));
  }
  return stages;
}

}  // namespace cfc
