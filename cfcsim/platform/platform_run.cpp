#include "cfcsim/platform/platform_run.h"

#include <algorithm>
#include <cmath>
#include <ctime>

#include "cfcsim/run/results.h"
#include "explore/cost/energy.h"
#include "platform/dram/dram_timing.h"
#include "support/interrupt.h"
#include "support/progress.h"
#include "support/worker_processes.h"

namespace cfc {
namespace {

using nlohmann::json;

constexpr double kNanoseconds = 1e9;

/// The smallest latency that so many per cent of the images do not exceed.
double percentile(const std::vector<double>& sorted, double percent) {
  const auto rank =
      static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

json latency_json(std::vector<double> latency_s) {
  std::sort(latency_s.begin(), latency_s.end());
  return {{"p50_ns", percentile(latency_s, 50) * kNanoseconds},
          {"p95_ns", percentile(latency_s, 95) * kNanoseconds},
          {"p99_ns", percentile(latency_s, 99) * kNanoseconds},
          {"max_ns", latency_s.back() * kNanoseconds}};
}

std::map<std::string, double> difference(const std::map<std::string, double>& now,
                                         const std::map<std::string, double>& then) {
  std::map<std::string, double> difference = now;
  for (const auto& [name, value] : then) difference[name] -= value;
  return difference;
}

/// Energy of the accelerators' own memories and arithmetic, and of filling weight memories.
double on_chip_pj(const Platform& platform, const PlatformCounters& now,
                  const explore::EnergyTable& table) {
  double energy = 0;
  for (unsigned i = 0; i < now.accelerators.size(); ++i) {
    const auto& [network, configuration] = platform.stage_of(i);
    const explore::Workload workload = explore::workload_of(network);
    RunStatistics run = now.accelerators[i];
    run -= platform.counters_at_begin().accelerators[i];
    energy += explore::run_energy(configuration, workload, run, table, {}).total();
    const auto fetches = static_cast<double>(platform.host().record().weight_fetches[i]);
    for (std::size_t l = 0; l < workload.layers.size(); ++l) {
      energy +=
          explore::fill_energy(configuration.layers[l], workload.layers[l].widths, fetches, table);
    }
  }
  return energy;
}

json energy_json(const PlatformPlan& plan, const Platform& platform, const PlatformCounters& now,
                 double elapsed_s, const explore::EnergyTable& table) {
  const auto images = static_cast<double>(plan.images.rows());
  json energy{{"on_chip", on_chip_pj(platform, now, table) / images}};
  if (!plan.basis.dram) return energy;
  const auto dram = difference(now.memory, platform.counters_at_begin().memory);
  energy["dram_activate"] = dram.at("activate_pj") / images;
  energy["dram_read"] = dram.at("read_pj") / images;
  energy["dram_write"] = dram.at("write_pj") / images;
  energy["dram_refresh"] = dram.at("refresh_pj") / images;
  energy["dram_standby"] = DramTiming(*plan.basis.dram).standby_pj(elapsed_s) / images;
  return energy;
}

json memory_json(const PlatformPlan& plan, const PlatformCounters& now,
                 const PlatformCounters& then, double elapsed_s) {
  const auto images = static_cast<double>(plan.images.rows());
  const auto read = static_cast<double>(now.memory_read_bytes - then.memory_read_bytes);
  const auto written = static_cast<double>(now.memory_written_bytes - then.memory_written_bytes);
  json memory{{"name", plan.basis.dram ? plan.basis.dram->name : "10 ns, any rate"},
              {"read_bytes_per_image", read / images},
              {"written_bytes_per_image", written / images}};
  const auto statistics = difference(now.memory, then.memory);
  for (const char* name : {"row_hits", "row_misses", "row_conflicts", "refreshes"}) {
    if (statistics.count(name) > 0) memory[name] = statistics.at(name);
  }
  if (statistics.count("busy_ns") > 0) {
    memory["utilisation"] = statistics.at("busy_ns") / kNanoseconds / elapsed_s;
  }
  return memory;
}

/// What each accelerator has and how long it was busy.
json shares_json(const Platform& platform, double elapsed_cycles) {
  json shares = json::array();
  std::size_t first = 1;
  const auto& busy = platform.host().record().job_cycles;
  for (unsigned i = 0; i < busy.size(); ++i) {
    const std::size_t layers = platform.stage_of(i).network.layers.size();
    if (i % platform.stages().size() == 0) first = 1;
    shares.push_back({{"first_layer", first},
                      {"layers", layers},
                      {"busy", static_cast<double>(busy[i]) / elapsed_cycles}});
    first += layers;
  }
  return shares;
}

json run_json(const PlatformCase& one, const Platform& platform, double processor_s,
              const explore::EnergyTable& table) {
  const PlatformPlan& plan = one.plan;
  const HostRecord& host = platform.host().record();
  const PlatformCounters now = platform.counters();
  const PlatformCounters& then = platform.counters_at_begin();
  const auto images = static_cast<double>(plan.images.rows());
  const double elapsed_s = (host.end - host.begin).to_seconds();
  const double cycle_s = plan.configuration.clock_period_ns / kNanoseconds;
  json document = {
      {"name", one.name},
      {"images", plan.images.rows()},
      {"wrong_logits", host.wrong_logits},
      {"style",
       plan.basis.style == CodingStyle::loosely_timed ? "loosely_timed" : "approximately_timed"},
      {"accelerators", plan.basis.accelerators},
      {"parallel", to_string(plan.basis.parallelism)},
      {"shares", shares_json(platform, elapsed_s / cycle_s)},
      {"batch", plan.basis.policy.batch},
      {"weight_period", plan.basis.policy.weight_period},
      {"z", plan.basis.policy.spill_z ? "unfused" : "fused"},
      {"arrivals",
       {{"kind", to_string(plan.basis.arrivals.kind)},
        {"images_per_second", plan.basis.arrivals.images_per_second},
        {"seed", plan.basis.arrivals.seed}}},
      {"jobs", host.jobs},
      {"elapsed_ns", elapsed_s * kNanoseconds},
      {"cycles_per_image", elapsed_s / cycle_s / images},
      {"throughput_images_per_second", images / elapsed_s},
      {"latency", latency_json(host.latency_s)},
      {"queue", {{"mean", host.queue_mean}, {"max", host.queue_max}}},
      {"memory", memory_json(plan, now, then, elapsed_s)},
      {"bus",
       {{"to_memory_utilisation",
         (now.bus_to_memory_busy_s - then.bus_to_memory_busy_s) / elapsed_s},
        {"back_utilisation",
         (now.bus_back_busy_s - then.bus_back_busy_s) / elapsed_s / plan.basis.accelerators}}},
      {"stalls_cycles_per_image",
       {{"wait_input", static_cast<double>(host.wait_input_cycles) / images},
        {"wait_weights", static_cast<double>(host.wait_weights_cycles) / images},
        {"wait_z", static_cast<double>(host.wait_z_cycles) / images},
        {"wait_output", static_cast<double>(host.wait_output_cycles) / images}}},
      {"energy_per_image_pj", energy_json(plan, platform, now, elapsed_s, table)},
      {"speed", {{"processor_seconds", processor_s}, {"images_per_second", images / processor_s}}}};
  document.update(machine_json(plan.configuration));
  return document;
}

/// Null after an interrupt.
json run_case(const PlatformCase& one, const explore::EnergyTable& table) {
  Platform platform("platform", one.plan);
  const std::clock_t started = std::clock();
  platform.run();
  if (!platform.host().finished()) return nullptr;
  const double processor_s = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
  return run_json(one, platform, processor_s, table);
}

}  // namespace

std::vector<json> run_platforms(const std::vector<PlatformCase>& cases,
                                const explore::EnergyTable& energy) {
  constexpr std::size_t kAtATime = 2;
  Progress progress("runs", cases.size());
  std::vector<json> runs;
  for (std::size_t first = 0; first < cases.size() && !interrupted(); first += kAtATime) {
    const std::size_t count = std::min(kAtATime, cases.size() - first);
    const Work work = [&](std::size_t index, std::atomic<std::uint64_t>&) -> json {
      return run_case(cases[first + index], energy);
    };
    for (json& run : run_in_processes(count, work, [](std::uint64_t) {})) {
      if (!run.is_null()) runs.push_back(std::move(run));
    }
    progress.show(runs.size());
  }
  return runs;
}

}  // namespace cfc
