#include "cfcsim/compare/comparison.h"

#include <algorithm>

#include <fmt/format.h>

#include "explore/cost/bandwidth_fit.h"
#include "explore/cost/countable.h"
#include "explore/cost/layer_cost.h"
#include "explore/silicon/synthesised_clock.h"
#include "explore/timing/workload_run.h"
#include "support/error.h"

namespace cfc {
namespace {

const explore::Workload& workload_for(const ComparisonTask& task, Schedule schedule) {
  return uses_factors(schedule) ? task.workload : task.dense_workload;
}

/// A machine with every factorised layer in one schedule, all else as it was.
Configuration scheduled(const ComparisonTask& task, Schedule schedule) {
  const std::vector<LayerShape> shapes = task.workload.shapes();
  Configuration configuration =
      configuration_in(Schedule::streaming, task.settings, task.workload, task.technology.get());
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    LayerConfiguration& layer = configuration.layers[i];
    layer.shape = shapes[i];
    layer.schedule = shapes[i].r ? schedule : Schedule::dense;
    if (!uses_factors(schedule)) layer.shape.r.reset();
  }
  explore::update_clock(configuration, workload_for(task, schedule), task.technology.get());
  return configuration;
}

/// The network that a schedule computes in a chain; none where its weights are not known.
const golden::Network* network_of(const SimulatedChain& chain, Schedule schedule) {
  if (uses_factors(schedule)) return &chain.factorised;
  return chain.dense ? &*chain.dense : nullptr;
}

bool has_values(const ComparisonTask& task, Schedule schedule) {
  return !task.simulated.empty() && network_of(task.simulated.front(), schedule) != nullptr;
}

/// Chain after chain through the SystemC model.
void simulate(const ComparisonTask& task, ScheduleRun& run) {
  run.simulated.emplace();
  run.statistics.images = task.images;
  const std::vector<explore::Chain> chains = task.workload.chains();
  for (std::size_t i = 0; i < chains.size(); ++i) {
    const SimulatedChain& values = task.simulated[i];
    const golden::Network& network = *network_of(values, run.schedule);
    const Configuration machine = explore::machine_of(run.configuration, chains[i]);
    const auto vectors = static_cast<golden::Index>(explore::vectors_of(chains[i], task.images));
    const StreamResult result = run_stream(
        {network, network, machine, values.dataset, values.first_vector, vectors}, task.jobs);
    run.simulated->verdict += result.verdict;
    run.simulated->interrupted = result.interrupted;
    if (result.interrupted) return;
    run.simulated->timing_model_agrees &= result.timing_model_agrees;
    explore::add_chain(run.statistics, chains[i], result.statistics);
  }
}

/// The states of the first image of a simulated network, if they fit a chart.
std::vector<StateSpan> timeline_of(const ComparisonTask& task, const ScheduleRun& run) {
  constexpr std::uint64_t kLongestTimeline = 20'000;
  if (task.simulated.size() != 1 || run.latency_cycles > kLongestTimeline) return {};
  const SimulatedChain& values = task.simulated.front();
  return state_timeline(*network_of(values, run.schedule), run.configuration,
                        values.dataset.images.middleRows(values.first_vector, 1));
}

std::optional<EnergyOfRun> energy_of(const ComparisonTask& task, const ScheduleRun& run) {
  if (!task.prices) return {};
  const auto energy = [&](const explore::WeightPlace& place) {
    return explore::run_energy(run.configuration, run.workload, run.statistics, task.prices->table,
                               place);
  };
  return EnergyOfRun{energy({}), energy({explore::WeightPlace::Kind::dram, task.batch})};
}

ScheduleRun run(const ComparisonTask& task, Schedule schedule, Configuration configuration) {
  ScheduleRun run;
  run.schedule = schedule;
  run.configuration = std::move(configuration);
  run.workload = workload_for(task, schedule);
  if (has_values(task, schedule)) {
    simulate(task, run);
    if (run.simulated->interrupted) return run;
  } else {
    run.statistics = explore::predict(run.configuration, run.workload, task.images);
  }
  run.latency_cycles = explore::predict(run.configuration, run.workload, 1).cycles;
  if (run.simulated) run.timeline = timeline_of(task, run);
  run.energy = energy_of(task, run);
  if (task.technology) run.silicon = task.technology->evaluate(run.configuration, run.workload);
  return run;
}

Configuration fitted(const ComparisonTask& task, Schedule schedule,
                     const std::vector<std::uint64_t>& budgets) {
  Configuration configuration = scheduled(task, schedule);
  const auto widths = workload_for(task, schedule).widths();
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
  explore::update_clock(configuration, workload_for(task, schedule), task.technology.get());
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

double ScheduleRun::time_ns() const { return cycles_per_image() * silicon.value().period_ns(); }

double ScheduleRun::energy_delay(const explore::RunEnergy& spent) const {
  return spent.total() / static_cast<double>(statistics.images) * time_ns();
}

std::optional<explore::ImageEnergy> ScheduleRun::image_energy() const {
  if (!silicon) return {};
  return explore::image_energy(*silicon, workload, statistics);
}

void check(const ComparisonTask& task) {
  for (const Schedule schedule : kSchedules) {
    const explore::Workload& workload = workload_for(task, schedule);
    explore::check_countable(scheduled(task, schedule), workload, task.images);
    if (!task.prices) continue;
    explore::check_prices(workload, task.prices->table, explore::WeightPlace::Kind::dram);
  }
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
    explore::check_countable(machines[i], workload_for(task, kSchedules[i]), task.images);
  }
  ScheduleRuns runs;
  for (std::size_t i = 0; i < runs.size(); ++i) runs[i] = run(task, kSchedules[i], machines[i]);
  return runs;
}

std::vector<std::uint64_t> default_budgets(const ComparisonTask& task) {
  std::vector<std::uint64_t> budgets(task.workload.layers.size());
  for (const Schedule schedule : kSchedules) {
    const Configuration configuration = scheduled(task, schedule);
    const auto widths = workload_for(task, schedule).widths();
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
