#include "testbench/wave/trace_signals.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "support/error.h"

namespace cfc {
namespace {

constexpr int kDefaultLanes = 8;

/// The lanes to be shown of a signal that has `count`.
LaneRange shown_lanes(const TraceFilter& filter, int count) {
  if (filter.lanes && filter.lanes->last < count) return *filter.lanes;
  const int first = std::max(0, (count - kDefaultLanes) / 2);
  return {first, first + kDefaultLanes - 1};
}

std::string scope_of(const LayerSignal& signal) {
  const std::string path = wave_path(signal);
  return path.substr(0, path.rfind('.'));
}

bool is_within(const std::string& path, const std::string& scope) {
  return path == scope || path.rfind(scope + '.', 0) == 0;
}

/// The signals of a layer, of the lanes that are to be shown.
void add_layer(std::vector<LayerSignal>& signals, std::size_t number, const Layer& layer,
               const TraceFilter& filter) {
  Signals all = layer.signals();
  for (Signal& signal : layer.lane_signals()) all.push_back(std::move(signal));
  std::map<std::string, int> lanes;
  for (const Signal& signal : all) ++lanes[signal.path];
  for (Signal& signal : all) {
    if (signal.lane) {
      const auto [first, last] = shown_lanes(filter, lanes.at(signal.path));
      if (*signal.lane < first || *signal.lane > last) continue;
    }
    signals.push_back({number, std::move(signal)});
  }
}

/// Brings the signals of a scope together, scopes in the order in which they begin.
void sort_by_scope(std::vector<LayerSignal>& signals) {
  std::map<std::string, std::size_t> places;
  for (const LayerSignal& signal : signals) places.emplace(scope_of(signal), places.size());
  std::stable_sort(signals.begin(), signals.end(), [&](const auto& a, const auto& b) {
    return places.at(scope_of(a)) < places.at(scope_of(b));
  });
}

void check_lanes(const Accelerator& accelerator, const LaneRange& lanes) {
  int most = 0;
  for (const auto& layer : accelerator.layers()) {
    const LayerConfiguration& configuration = layer->configuration();
    most =
        std::max({most, configuration.lanes_u, configuration.shape.r ? configuration.lanes_v : 0});
  }
  if (lanes.first >= 0 && lanes.first <= lanes.last && lanes.last < most) return;
  throw InputError(fmt::format("--lanes {}-{}: no calculator has these; give lanes from 0 to {}",
                               lanes.first, lanes.last, most - 1));
}

void check_scopes(const std::vector<LayerSignal>& signals, const std::vector<std::string>& scopes) {
  for (const std::string& scope : scopes) {
    const bool exists = std::any_of(signals.begin(), signals.end(), [&](const auto& signal) {
      return is_within(wave_path(signal), scope);
    });
    if (exists) continue;
    std::vector<std::string> known;
    for (const LayerSignal& signal : signals) {
      if (known.empty() || known.back() != scope_of(signal)) known.push_back(scope_of(signal));
    }
    throw InputError(fmt::format("--scope {}: there is no such scope; there are {}", scope,
                                 fmt::join(known, ", ")));
  }
}

/// How many blocks deep a signal stands in its layer, the engine's own scopes not counted.
int depth_of(const Signal& signal) {
  constexpr int kEngineScopes = 2;  // streaming.engine
  const auto scopes = std::count(signal.path.begin(), signal.path.end(), '.');
  return static_cast<int>(scopes) - (is_of_engine(signal) ? kEngineScopes : 0) + 1;
}

bool passes(const TraceFilter& filter, const LayerSignal& signal) {
  if (depth_of(signal.signal) > filter.depth) return false;
  const std::string path = wave_path(signal);
  return filter.scopes.empty() ||
         std::any_of(filter.scopes.begin(), filter.scopes.end(),
                     [&](const std::string& scope) { return is_within(path, scope); });
}

}  // namespace

bool is_of_engine(const Signal& signal) {
  return signal.path.find(".engine.") != std::string::npos;
}

std::string wave_path(const LayerSignal& signal) {
  const std::string path = fmt::format("layer_{}.{}", signal.layer, signal.signal.path);
  return signal.signal.lane ? fmt::format("{}_{}", path, *signal.signal.lane) : path;
}

std::vector<LayerSignal> trace_signals(const Accelerator& accelerator, const TraceFilter& filter) {
  if (filter.lanes) check_lanes(accelerator, *filter.lanes);
  std::vector<LayerSignal> signals;
  for (std::size_t i = 0; i < accelerator.layers().size(); ++i) {
    add_layer(signals, i + 1, *accelerator.layers()[i], filter);
  }
  sort_by_scope(signals);
  check_scopes(signals, filter.scopes);
  signals.erase(std::remove_if(signals.begin(), signals.end(),
                               [&](const auto& signal) { return !passes(filter, signal); }),
                signals.end());
  if (signals.empty()) {
    throw InputError("--scope and --depth together leave no signal; give a greater --depth");
  }
  return signals;
}

}  // namespace cfc
