#include "testbench/stream_run.h"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <stdexcept>

#include <fmt/format.h>

#include "explore/timing/timing_model.h"
#include "golden/inference.h"
#include "support/interrupt.h"
#include "support/progress.h"
#include "support/worker_processes.h"
#include "testbench/serialisation.h"

namespace cfc {
namespace {

using golden::Index;
using nlohmann::json;

/// Rows of the stream that one process answers for, and those that it simulates.
struct Share {
  Index begin;
  Index end;
  Index simulated_begin;
  Index simulated_end;
};

std::vector<Share> shares_of(const StreamTask& task, int jobs) {
  // Enough for the pipeline to fill and settle: an image or two per layer are in flight.
  const auto margin = static_cast<Index>(2 * task.network.layers.size() + 4);
  std::vector<Share> shares;
  for (int job = 0; job < jobs; ++job) {
    const Index begin = task.images * job / jobs;
    const Index end = task.images * (job + 1) / jobs;
    shares.push_back(
        {begin, end, std::max<Index>(0, begin - margin), std::min(task.images, end + margin)});
  }
  return shares;
}

/// Far more cycles than any image can take that moves at all.
std::uint64_t patience_cycles(const Configuration& configuration) {
  std::uint64_t cycles = 1000;
  for (const LayerConfiguration& layer : configuration.layers) {
    const LayerShape& shape = layer.shape;
    const std::uint64_t operations =
        static_cast<std::uint64_t>(shape.n) + static_cast<std::uint64_t>(shape.r.value_or(0));
    const int tiles_z = shape.r ? layer.tiles_z() : 0;
    const auto tiles = static_cast<std::uint64_t>(layer.tiles_u()) +
                       static_cast<std::uint64_t>(layer.tiles_v()) +
                       static_cast<std::uint64_t>(tiles_z);
    cycles += operations * tiles * static_cast<std::uint64_t>(layer.tile_period()) +
              static_cast<std::uint64_t>(shape.m) + static_cast<std::uint64_t>(shape.n);
  }
  return 10 * cycles;
}

/// What happened between the last two images before a boundary, and the states there.
SteadyState steady_state(const AcceleratorBench& bench, std::uint64_t images) {
  RunStatistics period = bench.recorded_after(images);
  period -= bench.recorded_after(images - 1);
  for (LayerStatistics& layer : period.layers) {
    layer.peak_bits_per_cycle = 0;
    for (auto& [name, memory] : layer.memories) memory.peak_bits_per_cycle = 0;
  }
  return {period, bench.states_after(images)};
}

ShareResult run_share(const StreamTask& task, const Share& share,
                      std::atomic<std::uint64_t>& images_done) {
  const Index rows = share.simulated_end - share.simulated_begin;
  const Index first = task.first_image + share.simulated_begin;
  const golden::MatrixU8 images = task.dataset.images.middleRows(first, rows);
  const std::vector<golden::Label> labels = task.dataset.labels_of(first, rows);
  const golden::InferenceResult expected = golden::infer(task.reference, images);

  AcceleratorBench bench("bench", task.network, task.configuration, images, 0, rows);
  Scoreboard scoreboard(task.network, expected, labels, first, share.begin - share.simulated_begin,
                        share.end - share.simulated_begin);
  scoreboard.attach(bench.accelerator(), bench.sink());
  const auto begin = static_cast<std::uint64_t>(share.begin - share.simulated_begin);
  const auto end = static_cast<std::uint64_t>(share.end - share.simulated_begin);
  for (const std::uint64_t boundary : {begin, end}) {
    bench.record_after(boundary);
    if (boundary > 0) bench.record_after(boundary - 1);
  }

  const std::clock_t started = std::clock();
  bench.reset();
  simulate(bench, task.configuration, [&](std::uint64_t more) { images_done += more; });

  ShareResult result;
  result.seconds = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
  result.verdict = scoreboard.verdict();
  result.interrupted = !bench.finished();
  if (result.interrupted) return result;
  result.statistics = bench.recorded_after(end);
  if (begin > 0) {
    result.statistics -= bench.recorded_after(begin);
    result.at_begin = steady_state(bench, begin);
  }
  if (end > 1) result.at_end = steady_state(bench, end);
  return result;
}

std::vector<ShareResult> run_shares(const StreamTask& task, const std::vector<Share>& shares) {
  Progress progress("images", static_cast<std::uint64_t>(task.images));
  const Work work = [&](std::size_t index, std::atomic<std::uint64_t>& done) -> json {
    return run_share(task, shares[index], done);
  };
  std::vector<ShareResult> results;
  for (const json& result :
       run_in_processes(shares.size(), work, [&](std::uint64_t done) { progress.show(done); })) {
    results.push_back(result.get<ShareResult>());
  }
  return results;
}

bool fit_together(const std::vector<ShareResult>& results) {
  for (std::size_t i = 1; i < results.size(); ++i) {
    if (!(results[i - 1].at_end == results[i].at_begin)) return false;
  }
  return true;
}

}  // namespace

StreamResult run_stream(const StreamTask& task, int jobs) {
  const int useful_jobs =
      static_cast<int>(std::clamp<Index>(jobs, 1, std::max<Index>(1, task.images / 2)));
  const std::vector<ShareResult> results = run_shares(task, shares_of(task, useful_jobs));
  StreamResult sum;
  for (const ShareResult& result : results) {
    sum.verdict += result.verdict;
    sum.statistics += result.statistics;
    sum.simulation_seconds += result.seconds;
    sum.interrupted = sum.interrupted || result.interrupted;
  }
  if (sum.interrupted) {
    sum.statistics = {};
  } else if (!fit_together(results)) {
    return run_stream(task, 1);
  } else {
    sum.timing_model_agrees =
        sum.statistics == explore::predict(task.configuration, explore::widths_of(task.network),
                                           static_cast<std::uint64_t>(task.images));
  }
  return sum;
}

void simulate(AcceleratorBench& bench, const Configuration& configuration,
              const WatchImages& watch) {
  constexpr std::uint64_t kStretch = 1000;
  const std::uint64_t patience = patience_cycles(configuration);
  std::uint64_t seen = 0;
  std::uint64_t quiet_cycles = 0;
  while (!bench.finished() && !interrupted()) {
    bench.run(kStretch);
    quiet_cycles = bench.images() > seen ? 0 : quiet_cycles + kStretch;
    if (quiet_cycles > patience) {
      throw std::runtime_error(
          fmt::format("the accelerator hangs: no image has left it for {} cycles after image {}",
                      quiet_cycles, seen));
    }
    watch(bench.images() - seen);
    seen = bench.images();
  }
}

}  // namespace cfc
