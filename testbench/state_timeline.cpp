#include "testbench/state_timeline.h"

#include "support/worker_processes.h"
#include "testbench/accelerator_bench.h"

namespace cfc {
namespace {

using nlohmann::json;

/// What has been seen of one controller.
struct Track {
  std::string layer;
  std::string name;
  const Controller* controller;
  std::vector<StateSpan> spans;

  void look(std::uint64_t cycle) {
    const std::string state = controller->state_name();
    if (spans.empty() || spans.back().state != state) {
      spans.push_back({layer, name, state, cycle, cycle});
    }
    spans.back().last = cycle;
  }
};

std::vector<Track> tracks_of(const Accelerator& accelerator, const golden::Network& network) {
  std::vector<Track> tracks;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    for (const auto& [name, controller] : accelerator.layers()[i]->controllers()) {
      tracks.push_back({network.layers[i].name, name, controller, {}});
    }
  }
  return tracks;
}

json simulate(const golden::Network& network, const Configuration& configuration,
              const golden::MatrixU8& image) {
  AcceleratorBench bench("bench", network, configuration, image, 0, 1);
  std::vector<Track> tracks = tracks_of(bench.accelerator(), network);
  bench.reset();
  while (!bench.finished()) {
    bench.run(1);
    for (Track& track : tracks) track.look(bench.cycles());
  }
  json spans = json::array();
  for (const Track& track : tracks) {
    for (const StateSpan& span : track.spans) {
      spans.push_back({span.layer, span.controller, span.state, span.first, span.last});
    }
  }
  return spans;
}

}  // namespace

std::vector<StateSpan> state_timeline(const golden::Network& network,
                                      const Configuration& configuration,
                                      const golden::MatrixU8& image) {
  const auto work = [&](std::size_t, std::atomic<std::uint64_t>&) {
    return simulate(network, configuration, image);
  };
  const json found = run_in_processes(1, work, [](std::uint64_t) {}).front();
  std::vector<StateSpan> spans;
  for (const json& span : found) {
    spans.push_back({span[0], span[1], span[2], span[3], span[4]});
  }
  return spans;
}

}  // namespace cfc
