#include "explore/silicon/technology.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "explore/silicon/characterised_layers.h"
#include "explore/silicon/linear_fit.h"

namespace cfc::explore {
namespace {

using nlohmann::json;

double sum_of(const std::map<std::string, double>& areas) {
  return std::accumulate(areas.begin(), areas.end(), 0.0,
                         [](double sum, const auto& each) { return sum + each.second; });
}

double delay(const Path& path, const std::array<double, kPathTerms>& delays) {
  return std::inner_product(path.terms.begin(), path.terms.end(), delays.begin(), 0.0);
}

PathEnd path_end(const std::string& name) {
  for (std::size_t i = 0; i < kPathEnds; ++i) {
    if (name == to_string(static_cast<PathEnd>(i))) return static_cast<PathEnd>(i);
  }
  throw std::invalid_argument(name + " is no end of a path");
}

}  // namespace

const char* to_string(Origin origin) {
  return origin == Origin::synthesised ? "synthesised" : "fitted";
}

double LayerSilicon::cells_um2() const { return sum_of(blocks_um2); }

double LayerSilicon::macros_um2() const { return sum_of(memories_um2); }

double Silicon::cells_um2() const {
  return std::accumulate(
      layers.begin(), layers.end(), 0.0,
      [](double sum, const LayerSilicon& layer) { return sum + layer.cells_um2(); });
}

double Silicon::macros_um2() const {
  return std::accumulate(
      layers.begin(), layers.end(), 0.0,
      [](double sum, const LayerSilicon& layer) { return sum + layer.macros_um2(); });
}

Origin Silicon::origin() const {
  const bool all = std::all_of(layers.begin(), layers.end(), [](const LayerSilicon& layer) {
    return layer.origin == Origin::synthesised;
  });
  return all ? Origin::synthesised : Origin::fitted;
}

double Technology::Point::period_ns() const {
  double period = 0;
  for (const auto& [kind, ns] : paths_ns) period = std::max(period, ns);
  return period;
}

double Technology::Point::cells_um2() const { return sum_of(blocks_um2); }

LayerSilicon Technology::Point::silicon() const {
  LayerSilicon silicon;
  silicon.blocks_um2 = blocks_um2;
  silicon.registers = sum_of(registers);
  silicon.origin = Origin::synthesised;
  for (const auto& [kind, ns] : paths_ns) {
    const auto& [end, from_memory] = kind;
    if (from_memory || ns <= silicon.period_ns) continue;
    silicon.period_ns = ns;
    silicon.longest_path = fmt::format("to {}", to_string(end));
  }
  return silicon;
}

Technology::Point Technology::read_point(const json& read) {
  Point point;
  point.layer = hardware_from(read.at("layer"));
  point.paths = paths_of(point.layer);
  point.blocks = blocks_of(point.layer);
  for (const auto& [end, sources] : read.at("paths").items()) {
    for (const char* source : {"register", "memory"}) {
      if (!sources.contains(source)) continue;
      const bool from_memory = std::string_view(source) == "memory";
      point.paths_ns[{path_end(end), from_memory}] = sources.at(source).at("ns").get<double>();
    }
  }
  for (const auto& [block, figures] : read.at("blocks").items()) {
    point.blocks_um2[block] = figures.at("area_um2").get<double>();
    point.registers[block] = figures.at("registers").get<double>();
  }
  if (point.paths_ns.empty() || point.blocks_um2.empty())
    throw std::invalid_argument("a layer without paths or blocks");
  return point;
}

Technology Technology::read(const std::filesystem::path& folder) {
  Technology technology(MemoryMacros::read(folder / "memories.yaml"));
  technology.name_ = folder.filename().string();
  read_points(folder / "layers.jsonl",
              [&](const json& read) { technology.points_.push_back(read_point(read)); });
  const std::filesystem::path energies = folder / "energies.jsonl";
  if (std::filesystem::exists(energies)) technology.energies_ = CellEnergies::read(energies);
  technology.fits_ = fit(technology.points_);
  technology.hold_out();
  return technology;
}

/// The longest path of each kind, by these delays.
std::map<Technology::PathKind, Path> Technology::longest_paths(
    const std::vector<Path>& paths, const std::array<double, kPathTerms>& delays) {
  std::map<PathKind, Path> longest;
  for (const Path& path : paths) {
    const auto [at, is_first] = longest.try_emplace({path.end, path.memory != nullptr}, path);
    if (!is_first && delay(path, delays) > delay(at->second, delays)) at->second = path;
  }
  return longest;
}

Technology::Fits Technology::fit(const std::vector<Point>& points) {
  Fits fits;
  fits.fit_delays(points);
  fits.fit_blocks(points);
  return fits;
}

/// Which paths are the longest follows from the delays, and these from the paths.
void Technology::Fits::fit_delays(const std::vector<Point>& points) {
  constexpr int kRounds = 6;  // until every layer's longest path stays the one that it is
  const std::vector<double> typical(kTypicalDelays.begin(), kTypicalDelays.end());
  delays_ns = kTypicalDelays;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<Observation> seen;
    for (const Point& point : points) {
      const auto longest = longest_paths(point.paths, delays_ns);
      const double period_ns = point.period_ns();
      for (const auto& [kind, ns] : point.paths_ns) {
        const auto path = longest.find(kind);
        if (path == longest.end()) continue;
        seen.push_back({{path->second.terms.begin(), path->second.terms.end()}, ns, period_ns});
      }
    }
    const std::vector<double> found = fit_scaled(seen, typical);
    std::copy(found.begin(), found.end(), delays_ns.begin());
  }
}

/// Coefficients of a figure of blocks, by kind; of blocks of which some have none, the error counts
/// in one more.
Technology::BlockFits Technology::fit_figure(const std::vector<Point>& points,
                                             std::map<std::string, double> Point::*figure) {
  std::array<std::vector<Observation>, kBlockKinds> seen;
  for (const Point& point : points) {
    for (const Block& block : point.blocks) {
      const auto found = (point.*figure).find(block.name);
      if (found == (point.*figure).end()) continue;
      seen[static_cast<std::size_t>(block.kind)].push_back(
          {block.terms, found->second, found->second + 1});
    }
  }
  BlockFits fits;
  for (std::size_t kind = 0; kind < kBlockKinds; ++kind) fits[kind] = fit_scaled(seen[kind]);
  return fits;
}

void Technology::Fits::fit_blocks(const std::vector<Point>& points) {
  areas_um2 = fit_figure(points, &Point::blocks_um2);
  registers = fit_figure(points, &Point::registers);
  double glue = 0;
  for (const Point& point : points) {
    for (const auto& [name, area] : point.blocks_um2) {
      if (!is_block(name)) glue += area;
    }
  }
  glue_um2 = glue / static_cast<double>(points.size());
}

LayerSilicon Technology::Fits::evaluate(const std::vector<Path>& paths,
                                        const std::vector<Block>& blocks) const {
  LayerSilicon silicon;
  for (const Path& path : paths) {
    if (path.memory != nullptr) continue;
    const double ns = delay(path, delays_ns);
    if (ns <= silicon.period_ns) continue;
    silicon.period_ns = ns;
    silicon.longest_path = fmt::format("to {}", to_string(path.end));
  }
  for (const Block& block : blocks) {
    const auto kind = static_cast<std::size_t>(block.kind);
    const auto figure = [&](const BlockFits& fits) {
      return std::max(0.0, explore::evaluate(block.terms, fits[kind]));
    };
    silicon.blocks_um2[block.name] = figure(areas_um2);
    silicon.registers += figure(registers);
  }
  silicon.blocks_um2["glue"] = glue_um2;
  return silicon;
}

double Technology::Fits::period_ns(const std::vector<Path>& paths) const {
  double period = 0;
  for (const Path& path : paths) period = std::max(period, delay(path, delays_ns));
  return period;
}

/// Each layer is predicted by a fit that has not seen it.
void Technology::hold_out() {
  constexpr std::size_t kFolds = 10;
  std::vector<double> periods;
  std::vector<double> areas;
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<Point> kept;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      if (i % kFolds != fold) kept.push_back(points_[i]);
    }
    if (kept.empty()) continue;
    const Fits fits = fit(kept);
    for (std::size_t i = fold; i < points_.size(); i += kFolds) {
      const LayerSilicon predicted = fits.evaluate(points_[i].paths, points_[i].blocks);
      periods.push_back(fits.period_ns(points_[i].paths) / points_[i].period_ns() - 1);
      areas.push_back(predicted.cells_um2() / points_[i].cells_um2() - 1);
    }
  }
  period_error_ = error_of(periods);
  area_error_ = error_of(areas);
}

LayerSilicon Technology::evaluate(const LayerHardware& layer) const {
  const auto point = std::find_if(points_.begin(), points_.end(),
                                  [&](const Point& each) { return each.layer == layer; });
  const std::vector<Path> paths = paths_of(layer);
  LayerSilicon silicon =
      point == points_.end() ? fits_.evaluate(paths, blocks_of(layer)) : point->silicon();
  add_memories(silicon, layer, paths);
  if (energies_) silicon.energy = energies_->evaluate(layer, silicon.registers);
  return silicon;
}

/// Synthesis sees macros without access time: paths from their ports are those of the fit, later by
/// that time.
void Technology::add_memories(LayerSilicon& silicon, const LayerHardware& layer,
                              const std::vector<Path>& paths) const {
  std::map<std::string, double> access_ns;
  for (const LayerMacro& macro : macros_of(layer)) {
    const MemoryMacro figures = memories_.macro(macro.words, macro.bits);
    access_ns[macro.name] = figures.access_ns;
    silicon.memories_um2[macro.name] = static_cast<double>(macro.count) * figures.area_um2;
    silicon.macros[macro.name] = {memories_.macro(macro.words, macro.read_bits).read_pj,
                                  memories_.macro(macro.words, macro.write_bits).write_pj};
  }
  for (const Path& path : paths) {
    if (path.memory == nullptr) continue;
    const double ns = access_ns.at(path.memory) + delay(path, fits_.delays_ns);
    if (ns <= silicon.period_ns) continue;
    silicon.period_ns = ns;
    silicon.longest_path = fmt::format("from {} memory to {}", path.memory, to_string(path.end));
    silicon.origin = Origin::fitted;
  }
}

Silicon Technology::evaluate(const Configuration& configuration, const Workload& workload) const {
  Silicon silicon;
  int beat_width = configuration.input_link_width;
  for (std::size_t i = 0; i < configuration.layers.size(); ++i) {
    const LayerConfiguration& layer = configuration.layers[i];
    silicon.layers.push_back(evaluate(hardware_of(layer, workload.layers[i].widths, beat_width)));
    if (silicon.layers.back().period_ns > silicon.layers[silicon.slowest_layer].period_ns)
      silicon.slowest_layer = i;
    beat_width = layer.output_beat_width();
  }
  return silicon;
}

}  // namespace cfc::explore
