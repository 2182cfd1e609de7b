#include "cfcsim/sweep/sweep_check.h"

#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "explore/timing/timing_model.h"
#include "support/dotted_keys.h"
#include "support/error.h"
#include "support/interrupt.h"
#include "support/numbers.h"
#include "support/progress.h"
#include "support/worker_processes.h"
#include "testbench/accelerator_bench.h"
#include "testbench/statistics_difference.h"
#include "testbench/stream_run.h"

namespace cfc {
namespace {

using explore::Figures;
using golden::Index;
using nlohmann::json;

/// A stored point that is to be simulated.
struct StoredPoint {
  std::string digest;
  std::string network;
  std::string configuration_json;
  Figures figures;
};

/// The network with plain weights where the configuration wants the uncompressed layer. Zeros of
/// the width of U will do: no cycle depends on the values.
golden::Network configured_network(const SimulatedNetwork& simulated,
                                   const Configuration& configuration) {
  golden::Network network = simulated.network;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    golden::Layer& layer = network.layers[i];
    if (!layer.is_factorised() || uses_factors(configuration.layers[i].schedule)) continue;
    layer.weights = golden::DenseWeights{golden::MatrixS8::Zero(layer.inputs(), layer.outputs()),
                                         simulated.facts.widths[i].u_bits};
  }
  return network;
}

Configuration read_configuration(const std::string& text, const std::vector<LayerShape>& shapes) {
  Settings settings;
  const json configuration = dotted(json::parse(text));
  for (const auto& [key, value] : configuration.items()) {
    set_value(settings, key, plain_text(value), key);
  }
  return resolve(settings, shapes);
}

golden::MatrixU8 random_pixels(std::uint64_t images, Index pixels) {
  std::mt19937 generator;  // its default seed: the same images for every point
  return golden::MatrixU8::NullaryExpr(static_cast<Index>(images), pixels,
                                       [&] { return static_cast<std::uint8_t>(generator()); });
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

/// Whether the simulation `finished` before an interrupt, and then the first `difference` between
/// it and the timing model or the database; "" if there is none.
json simulate_point(const StoredPoint& point, const SimulatedNetwork& simulated,
                    const explore::SweepSetting& setting) {
  const Configuration configuration =
      read_configuration(point.configuration_json, simulated.facts.shapes);
  const golden::Network network = configured_network(simulated, configuration);
  const golden::MatrixU8 images = random_pixels(setting.images, network.inputs());
  AcceleratorBench bench("bench", network, configuration, images, 0, images.rows());
  bench.record_after(1);
  bench.record_after(setting.images);
  bench.reset();
  simulate(bench, configuration, [](std::uint64_t) {});
  if (!bench.finished()) return {{"finished", false}, {"difference", ""}};

  const std::vector<explore::LayerWidths>& widths = simulated.facts.widths;
  const RunStatistics& run = bench.recorded_after(setting.images);
  std::string difference =
      first_difference(run, explore::predict(configuration, widths, setting.images));
  if (difference.empty()) {
    const Figures figures = explore::figures_of(configuration, widths, run,
                                                bench.recorded_after(1).cycles, setting.energy);
    difference = first_difference(figures, point.figures);
  }
  return {{"finished", true}, {"difference", difference}};
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
  CheckSummary summary;
  Progress progress("points simulated", points.size());
  // One SystemC elaboration a process: as many points at a time as there may be processes.
  for (std::size_t begin = 0; begin < points.size() && !summary.interrupted;) {
    const std::size_t count = std::min(static_cast<std::size_t>(jobs), points.size() - begin);
    const Work work = [&](std::size_t index, std::atomic<std::uint64_t>& done) {
      const StoredPoint& point = points[begin + index];
      json result = simulate_point(point, networks.at(point.network), setting);
      ++done;
      return result;
    };
    const std::vector<json> results =
        run_in_processes(count, work, [&](std::uint64_t done) { progress.show(begin + done); });
    Transaction transaction(store.database());
    for (std::size_t i = 0; i < count; ++i) {
      summary.interrupted = summary.interrupted || !results[i]["finished"];
      if (!results[i]["finished"]) continue;
      store.add_simulation(points[begin + i].digest, results[i]["difference"]);
      ++summary.simulated;
    }
    transaction.commit();
    begin += count;
    summary.interrupted = summary.interrupted || (interrupted() && begin < points.size());
  }
  summary.differences = known_differences(store, digests);
  return summary;
}

}  // namespace cfc
