#include "cfcsim/compare/comparison.h"

#include <algorithm>

#include <fmt/format.h>

#include "explore/cost/bandwidth_fit.h"
#include "explore/timing/timing_model.h"
#include "support/error.h"

namespace cfc {
namespace {

/// A machine with every factorised layer in one schedule, all else as it was.
Configuration scheduled(const ComparisonTask& task, Schedule schedule) {
  Configuration configuration = task.subject.configuration_in(Schedule::streaming);
  const auto shapes = shapes_of(task.subject.network);
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    LayerConfiguration& layer = configuration.layers[i];
    layer.shape = shapes[i];
    layer.schedule = shapes[i].r ? schedule : Schedule::dense;
    if (!uses_factors(schedule)) layer.shape.r.reset();
  }
  return configuration;
}

/// The network that a schedule computes; none where its weights are not known.
const golden::Network* network_of(const ComparisonTask& task, Schedule schedule) {
  if (uses_factors(schedule)) return &task.subject.network;
  return task.dense ? &task.dense->network : nullptr;
}

std::vector<explore::LayerWidths> widths_for(const ComparisonTask& task, Schedule schedule) {
  const golden::Network* network = network_of(task, schedule);
  return explore::widths_of(network ? *network : task.subject.network);
}

ScheduleRun run(const ComparisonTask& task, Schedule schedule, Configuration configuration) {
  ScheduleRun run;
  run.schedule = schedule;
  run.configuration = std::move(configuration);
  run.widths = widths_for(task, schedule);
  const RunSubject& subject = task.subject;
  const golden::Network* network = network_of(task, schedule);
  if (network) {
    run.simulated = run_stream({*network, *network, run.configuration, subject.dataset,
                                subject.first_image, subject.images},
                               task.jobs);
    run.statistics = run.simulated->statistics;
    if (run.simulated->interrupted) return run;
  } else {
    run.statistics =
        explore::predict(run.configuration, run.widths, static_cast<std::uint64_t>(subject.images));
  }
  run.latency_cycles = explore::predict(run.configuration, run.widths, 1).cycles;
  constexpr std::uint64_t kLongestTimeline = 20'000;
  if (network && run.latency_cycles <= kLongestTimeline) {
    run.timeline = state_timeline(*network, run.configuration,
                                  subject.dataset.images.middleRows(subject.first_image, 1));
  }
  const auto energy = [&](const explore::WeightPlace& place) {
    return explore::run_energy(run.configuration, run.widths, run.statistics, task.prices.table,
                               place);
  };
  run.on_chip = energy({});
  run.from_dram = energy({explore::WeightPlace::Kind::dram, task.batch});
  return run;
}

Configuration fitted(const ComparisonTask& task, Schedule schedule,
                     const std::vector<std::uint64_t>& budgets) {
  Configuration configuration = scheduled(task, schedule);
  const auto widths = widths_for(task, schedule);
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const auto layer = explore::fit_bandwidth(configuration.layers[i], widths[i], budgets[i]);
    if (!layer) {
      throw InputError(
          fmt::format("layer {}, {}: even one lane moves more than {} bits a cycle; give a larger "
                      "--bandwidth",
                      i + 1, to_string(schedule), budgets[i]));
    }
    configuration.layers[i] = *layer;
  }
  return configuration;
}

}  // namespace

double ScheduleRun::cycles_per_image() const {
  return static_cast<double>(statistics.cycles) / static_cast<double>(statistics.images);
}

double ScheduleRun::images_per_second() const {
  return 1e9 / (cycles_per_image() * configuration.clock_period_ns);
}

double ScheduleRun::latency_ns() const {
  return static_cast<double>(latency_cycles) * configuration.clock_period_ns;
}

ScheduleRuns compare_as_configured(const ComparisonTask& task) {
  ScheduleRuns runs;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs[i] = run(task, kSchedules[i], scheduled(task, kSchedules[i]));
  }
  return runs;
}

ScheduleRuns compare_equal_bandwidth(const ComparisonTask& task,
                                     const std::vector<std::uint64_t>& budgets) {
  std::array<Configuration, 3> machines;  // all of them, before anything takes long
  for (std::size_t i = 0; i < machines.size(); ++i) {
    machines[i] = fitted(task, kSchedules[i], budgets);
  }
  ScheduleRuns runs;
  for (std::size_t i = 0; i < runs.size(); ++i) runs[i] = run(task, kSchedules[i], machines[i]);
  return runs;
}

std::vector<std::uint64_t> default_budgets(const ComparisonTask& task) {
  std::vector<std::uint64_t> budgets(task.subject.network.layers.size());
  for (const Schedule schedule : kSchedules) {
    const Configuration configuration = scheduled(task, schedule);
    const auto widths = widths_for(task, schedule);
    for (std::size_t i = 0; i < widths.size(); ++i) {
      LayerConfiguration layer = configuration.layers[i];
      if (uses_factors(schedule)) layer.lanes_u = layer.lanes_v = 1;
      budgets[i] =
          std::max(budgets[i], explore::layer_cost(layer, widths[i], 1).run_peak_bits_per_cycle);
    }
  }
  return budgets;
}

}  // namespace cfc
