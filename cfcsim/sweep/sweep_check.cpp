#include "cfcsim/sweep/sweep_check.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "explore/timing/workload_run.h"
#include "explore/workload/random_network.h"
#include "support/dotted_keys.h"
#include "support/error.h"
#include "support/interrupt.h"
#include "support/numbers.h"
#include "support/progress.h"
#include "support/worker_processes.h"
#include "testbench/accelerator_bench.h"
#include "testbench/serialisation.h"
#include "testbench/statistics_difference.h"
#include "testbench/stream_run.h"

namespace cfc {
namespace {

using explore::Figures;
using nlohmann::json;

constexpr std::uint64_t kSeed = 1;  ///< of all weights and vectors

/// A stored point that is to be simulated.
struct StoredPoint {
  std::string digest;
  std::string network;
  std::string configuration_json;
  Figures figures;
};

/// The network with plain weights where the configuration wants the uncompressed layer. Zeros of
/// the width of U will do: no cycle depends on the values.
golden::Network configured_network(golden::Network network, const explore::Workload& workload,
                                   const Configuration& machine) {
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    golden::Layer& layer = network.layers[i];
    if (!layer.is_factorised() || uses_factors(machine.layers[i].schedule)) continue;
    layer.weights = golden::DenseWeights{golden::MatrixS8::Zero(layer.inputs(), layer.outputs()),
                                         workload.layers[i].widths.u_bits};
  }
  return network;
}

/// What the machine of a chain computes: a network is one chain, a workload has random weights.
golden::Network network_of(const SimulatedNetwork& simulated, const explore::Chain& chain,
                           const Configuration& machine) {
  const explore::Workload& workload = simulated.facts.workload;
  if (simulated.network) return configured_network(*simulated.network, workload, machine);
  return explore::random_network(workload, chain, machine, kSeed);
}

Configuration read_configuration(const std::string& text, const std::vector<LayerShape>& shapes) {
  Settings settings;
  const json configuration = dotted(json::parse(text));
  for (const auto& [key, value] : configuration.items()) {
    set_value(settings, key, plain_text(value), key);
  }
  return resolve(settings, shapes);
}

/// The first field that differs; "" if there is none.
std::string first_difference(const RunStatistics& systemc, const RunStatistics& predicted) {
  if (systemc == predicted) return "";
  return differences(systemc, predicted).front();
}

std::string first_difference(const Figures& systemc, const Figures& stored) {
  for (const explore::Count& count : explore::counts()) {
    if (systemc.*count.value == stored.*count.value) continue;
    return fmt::format("{}: stored {}, SystemC {}", count.name, stored.*count.value,
                       systemc.*count.value);
  }
  if (systemc.energy == stored.energy) return "";
  return fmt::format("energy: stored {}, SystemC {}", stored.energy.value_or(0),
                     systemc.energy.value_or(0));
}

/// What one chain of a point did in SystemC; empty where it was interrupted.
struct ChainRun {
  RunStatistics run;
  std::uint64_t latency_cycles{};  ///< of the first inference
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ChainRun, run, latency_cycles)

ChainRun simulate_chain(const StoredPoint& point, const SimulatedNetwork& simulated,
                        const explore::Chain& chain, std::uint64_t inferences) {
  const Configuration whole =
      read_configuration(point.configuration_json, simulated.facts.workload.shapes());
  const Configuration machine = explore::machine_of(whole, chain);
  const golden::Network network = network_of(simulated, chain, machine);
  const std::uint64_t vectors = explore::vectors_of(chain, inferences);
  const golden::MatrixU8 inputs =
      explore::random_vectors(vectors, machine.layers.front().shape.m, kSeed);
  AcceleratorBench bench("bench", network, machine, inputs, 0, inputs.rows());
  bench.record_after(chain.vectors);
  bench.record_after(vectors);
  bench.reset();
  simulate(bench, machine, [](std::uint64_t) {});
  if (!bench.finished()) return {};
  return {bench.recorded_after(vectors), bench.recorded_after(chain.vectors).cycles};
}

/// The first difference between what the chains of a point did, and the timing model or the
/// database; "" if there is none.
std::string difference_of(const StoredPoint& point, const explore::NetworkFacts& facts,
                          const std::vector<ChainRun>& chain_runs,
                          const explore::SweepSetting& setting) {
  const Configuration configuration =
      read_configuration(point.configuration_json, facts.workload.shapes());
  const std::vector<explore::Chain> chains = facts.workload.chains();
  RunStatistics run;
  run.images = setting.images;
  std::uint64_t latency_cycles = 0;
  for (std::size_t i = 0; i < chains.size(); ++i) {
    explore::add_chain(run, chains[i], chain_runs[i].run);
    latency_cycles += chain_runs[i].latency_cycles * chains[i].repeat;
  }
  const std::string difference =
      first_difference(run, explore::predict(configuration, facts.workload, setting.images));
  if (!difference.empty()) return difference;
  return first_difference(
      explore::figures_of(configuration, facts.workload, run, latency_cycles, setting),
      point.figures);
}

/// Those of the points that have figures and were not found right before.
std::vector<StoredPoint> load_points(explore::SweepStore& store,
                                     const std::vector<std::string>& digests) {
  std::string columns;
  for (const explore::Count& count : explore::counts()) columns += fmt::format(", {}", count.name);
  Statement query(
      store.database(),
      fmt::format(
          "SELECT network, configuration, energy{} FROM points WHERE digest = ? AND failure "
          "IS NULL AND digest NOT IN (SELECT digest FROM simulations WHERE difference IS NULL)",
          columns));
  std::vector<StoredPoint> points;
  for (const std::string& digest : digests) {
    query.bind(1, digest);
    if (!query.step()) continue;
    StoredPoint point{digest, query.text(0), query.text(1), {}};
    if (!query.is_null(2)) point.figures.energy = query.real(2);
    int column = 3;
    for (const explore::Count& count : explore::counts()) {
      point.figures.*count.value = static_cast<std::uint64_t>(query.integer(column++));
    }
    points.push_back(std::move(point));
    query.step();
  }
  return points;
}

/// Differences of these points that the database knows, with the configurations.
std::vector<std::string> known_differences(explore::SweepStore& store,
                                           const std::vector<std::string>& digests) {
  Statement query(store.database(),
                  "SELECT difference, configuration FROM simulations JOIN points USING "
                  "(digest) WHERE digest = ? AND difference IS NOT NULL");
  std::vector<std::string> differences;
  for (const std::string& digest : digests) {
    query.bind(1, digest);
    if (!query.step()) continue;
    differences.push_back(fmt::format("point {}: {}\n  {}", digest, query.text(0), query.text(1)));
    query.step();
  }
  return differences;
}

/// A chain of a point: what one process simulates.
struct ChainOfPoint {
  std::size_t point;
  explore::Chain chain;
};

std::vector<ChainOfPoint> chains_of(const std::vector<StoredPoint>& points,
                                    const std::map<std::string, SimulatedNetwork>& networks) {
  std::vector<ChainOfPoint> all;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (explore::Chain& chain : networks.at(points[i].network).facts.workload.chains()) {
      all.push_back({i, std::move(chain)});
    }
  }
  return all;
}

}  // namespace

SimulationChoice parse_simulation(const std::string& text) {
  using Kind = SimulationChoice::Kind;
  if (text == "all") return {Kind::all, 1.0};
  if (text == "pareto") return {Kind::front, 0.0};
  try {
    const double share = parse_real(text, 0, 1);
    if (share > 0) return {Kind::share, share};
  } catch (const ValueError&) {  // refused below
  }
  throw InputError(fmt::format(
      "--simulate {}: give all, pareto, or a share of the points above 0 and up to 1", text));
}

std::vector<std::string> chosen(const SimulationChoice& choice,
                                const std::vector<std::string>& digests,
                                const std::vector<std::string>& front) {
  using Kind = SimulationChoice::Kind;
  if (choice.kind == Kind::none) return {};
  if (choice.kind == Kind::front) return front;
  // A digest is as good as a random number, and the same point is chosen every time.
  constexpr int kHexDigits = 12;
  const auto is_chosen = [&](const std::string& digest) {
    const auto drawn = std::stoull(digest.substr(0, kHexDigits), nullptr, 16);
    return static_cast<double>(drawn) < choice.share * static_cast<double>(1ULL << 4 * kHexDigits);
  };
  std::vector<std::string> some;
  std::copy_if(digests.begin(), digests.end(), std::back_inserter(some), is_chosen);
  return some;
}

CheckSummary check_points(explore::SweepStore& store, const std::vector<std::string>& digests,
                          const std::map<std::string, SimulatedNetwork>& networks,
                          const explore::SweepSetting& setting, int jobs) {
  const std::vector<StoredPoint> points = load_points(store, digests);
  const std::vector<ChainOfPoint> chains = chains_of(points, networks);
  std::vector<std::vector<ChainRun>> runs(points.size());
  CheckSummary summary;
  Progress progress("points simulated", points.size());
  // One SystemC elaboration a process: as many chains at a time as there may be processes.
  for (std::size_t begin = 0; begin < chains.size() && !summary.interrupted;) {
    const std::size_t count = std::min(static_cast<std::size_t>(jobs), chains.size() - begin);
    const Work work = [&](std::size_t index, std::atomic<std::uint64_t>&) -> json {
      const auto& [place, chain] = chains[begin + index];
      const StoredPoint& point = points[place];
      return simulate_chain(point, networks.at(point.network), chain, setting.images);
    };
    const std::vector<json> results = run_in_processes(count, work, [](std::uint64_t) {});
    Transaction transaction(store.database());
    for (std::size_t i = 0; i < count && !summary.interrupted; ++i) {
      const std::size_t place = chains[begin + i].point;
      runs[place].push_back(results[i].get<ChainRun>());
      summary.interrupted = runs[place].back().run.images == 0;
      const explore::NetworkFacts& facts = networks.at(points[place].network).facts;
      if (summary.interrupted || runs[place].size() < facts.workload.chains().size()) continue;
      store.add_simulation(points[place].digest,
                           difference_of(points[place], facts, runs[place], setting));
      ++summary.simulated;
    }
    transaction.commit();
    begin += count;
    progress.show(summary.simulated);
    summary.interrupted = summary.interrupted || (interrupted() && begin < chains.size());
  }
  summary.differences = known_differences(store, digests);
  return summary;
}

}  // namespace cfc
