#include "cfcsim/platform/platform_experiments.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "platform/accelerator/z_spill.h"

namespace cfc {
namespace {

using nlohmann::json;

PlatformCase make_case(std::string name, const PlatformBasis& basis, const golden::MatrixU8& images,
                       const PlatformSubject& subject) {
  return {std::move(name),
          {subject.network, subject.configuration, images, subject.expected, basis}};
}

struct Placement {
  const char* name;
  std::uint32_t batch;
  std::uint32_t weight_period;
};

constexpr Placement kPlacements[] = {
    {"on chip", 64, 0},         {"DRAM per image", 64, 1},     {"DRAM per batch 1", 1, 1},
    {"DRAM per batch 4", 4, 4}, {"DRAM per batch 16", 16, 16}, {"DRAM per batch 64", 64, 64}};

constexpr double kLoads[] = {0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95};

double energy_sum(const json& run) {
  double sum = 0;
  for (const auto& part : run["energy_per_image_pj"]) sum += part.get<double>();
  return sum;
}

std::string row(const json& run) {
  const json& memory = run["memory"];
  const json& latency = run["latency"];
  const double bytes = memory["read_bytes_per_image"].get<double>() +
                       memory["written_bytes_per_image"].get<double>();
  return fmt::format(
      "{:<38}{:>10.1f}{:>12.0f}{:>11.0f}{:>8.0f}{:>10.2f}{:>10.2f}{:>10.2f}{:>10.2f}{:>8.1f}{:>6."
      "2f}"
      "{:>6.2f}\n",
      run["name"].get<std::string>(), run["cycles_per_image"].get<double>(),
      run["throughput_images_per_second"].get<double>(), bytes, energy_sum(run) / 1000,
      latency["p50_ns"].get<double>() / 1000, latency["p95_ns"].get<double>() / 1000,
      latency["p99_ns"].get<double>() / 1000, latency["max_ns"].get<double>() / 1000,
      run["queue"]["mean"].get<double>(), run["bus"]["to_memory_utilisation"].get<double>(),
      memory.value("utilisation", 0.0));
}

}  // namespace

bool can_spill_z(const Configuration& configuration) {
  return std::any_of(configuration.layers.begin(), configuration.layers.end(),
                     [](const LayerConfiguration& layer) { return can_spill_z(layer); });
}

json single_experiment(const PlatformBasis& basis, const golden::MatrixU8& images,
                       const PlatformSubject& subject, const explore::EnergyTable& table) {
  return {{"runs", run_platforms({make_case("run", basis, images, subject)}, table)}};
}

json placement_experiment(const PlatformBasis& basis, const golden::MatrixU8& images,
                          const std::vector<std::pair<std::string, PlatformSubject>>& subjects,
                          const explore::EnergyTable& table) {
  std::vector<PlatformCase> cases;
  for (const auto& [schedule, subject] : subjects) {
    for (const bool spill : {false, true}) {
      if (spill && !can_spill_z(subject.configuration)) continue;
      for (const Placement& placement : kPlacements) {
        PlatformBasis here = basis;
        here.policy.batch = placement.batch;
        here.policy.weight_period = placement.weight_period;
        here.policy.spill_z = spill;
        here.arrivals = {};
        cases.push_back(
            make_case(fmt::format("{}{}, {}", schedule, spill ? " unfused" : "", placement.name),
                      here, images, subject));
      }
    }
  }
  return {{"runs", run_platforms(cases, table)}};
}

json load_experiment(const PlatformBasis& basis, const golden::MatrixU8& images,
                     const PlatformSubject& subject, const std::vector<JobPolicy>& policies,
                     const explore::EnergyTable& table) {
  struct Machine {
    PlatformBasis basis;
    std::string name;
  };
  std::vector<Machine> machines;
  std::vector<PlatformCase> capacities;
  for (const JobPolicy& policy : policies) {
    for (const unsigned accelerators : {1U, 2U}) {
      PlatformBasis here = basis;
      here.accelerators = accelerators;
      here.arrivals = {};
      here.policy = policy;
      machines.push_back({here, fmt::format("{} x, batch {}", accelerators, policy.batch)});
      capacities.push_back(
          make_case(machines.back().name + ", back to back", here, images, subject));
    }
  }
  std::vector<json> runs = run_platforms(capacities, table);
  if (runs.size() < capacities.size()) return {{"runs", runs}};  // interrupted
  std::vector<PlatformCase> cases;
  for (std::size_t i = 0; i < machines.size(); ++i) {
    PlatformBasis here = machines[i].basis;
    here.arrivals = basis.arrivals;
    here.arrivals.kind = ArrivalKind::poisson;
    const double capacity = runs[i]["throughput_images_per_second"].get<double>();
    for (const double load : kLoads) {
      here.arrivals.images_per_second = load * capacity;
      cases.push_back(
          make_case(fmt::format("{}, load {:.2f}", machines[i].name, load), here, images, subject));
    }
  }
  for (json& run : run_platforms(cases, table)) {
    run["load"] = kLoads[(runs.size() - machines.size()) % std::size(kLoads)];
    runs.push_back(std::move(run));
  }
  return {{"runs", runs}};
}

json parallel_experiment(const PlatformBasis& basis, const golden::MatrixU8& images,
                         const PlatformSubject& subject, const explore::EnergyTable& table) {
  const auto layers = static_cast<unsigned>(subject.network.layers.size());
  std::vector<PlatformCase> cases;
  for (const bool streamed : {false, true}) {
    PlatformBasis here = basis;
    here.arrivals = {};
    here.policy.weight_period = streamed ? basis.policy.batch : 0;
    const auto add = [&](unsigned accelerators, Parallelism parallelism, const char* shared) {
      here.accelerators = accelerators;
      here.parallelism = parallelism;
      cases.push_back(make_case(
          fmt::format("{} x{}, {}", accelerators, shared, streamed ? "DRAM per batch" : "on chip"),
          here, images, subject));
    };
    add(1, Parallelism::data, "");
    for (unsigned accelerators = 2; accelerators <= layers; ++accelerators) {
      add(accelerators, Parallelism::data, " images shared");
      add(accelerators, Parallelism::model, " layers shared");
    }
  }
  return {{"runs", run_platforms(cases, table)}};
}

std::string platform_text(const json& document) {
  std::string text =
      fmt::format("{:<38}{:>10}{:>12}{:>11}{:>8}{:>10}{:>10}{:>10}{:>10}{:>8}{:>6}{:>6}\n", "",
                  "cycles/img", "images/s", "mem B/img", "nJ/img", "p50 us", "p95 us", "p99 us",
                  "max us", "queue", "bus", "DRAM");
  std::uint64_t images = 0;
  std::uint64_t wrong = 0;
  double seconds = 0;
  for (const json& run : document["runs"]) {
    text += row(run);
    images += run["images"].get<std::uint64_t>();
    wrong += run["wrong_logits"].get<std::uint64_t>();
    seconds += run["speed"]["processor_seconds"].get<double>();
  }
  return text + fmt::format("{} images, {} logits differ from golden; {:.0f} images/s simulated\n",
                            images, wrong, static_cast<double>(images) / std::max(seconds, 1e-9));
}

}  // namespace cfc
