#include "testbench/wave/trace_signals.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "support/error.h"

namespace cfc {
namespace {

constexpr int kDefaultLanes = 8;
constexpr int kNodeBits = 8;
constexpr int kSumBits = 32;
constexpr int kIndexBits = 16;
constexpr int kStateBits = 2;

/// A probe's name in its parts: `dcl.i_node[3]`.
struct ProbeName {
  explicit ProbeName(const std::string& name) {
    const std::size_t bracket = name.find('[');
    const std::string base = name.substr(0, bracket);
    const std::size_t dot = base.find('.');
    if (dot != std::string::npos) block = base.substr(0, dot);
    signal = dot == std::string::npos ? base : base.substr(dot + 1);
    if (bracket != std::string::npos) lane = std::stoi(name.substr(bracket + 1));
  }
  std::string block;  ///< empty: the layer itself
  std::string signal;
  std::optional<int> lane;
};

bool is_engine(const std::string& block) { return block == "dil" || block.rfind("dcl", 0) == 0; }

bool is_of_calculator(const std::string& signal) {
  return signal == "i_node" || signal == "i_wegt" || signal == "w_mult" || signal == "result";
}

/// The RTL's hierarchical name (docs/reference/rtl.md), brackets aside.
std::string wave_path(std::size_t layer, const ProbeName& name) {
  std::string path = fmt::format("layer_{}.", layer);
  if (!name.block.empty()) path += name.block + '.';
  if (is_engine(name.block)) {
    const bool is_dil = name.block == "dil";
    path += is_of_calculator(name.signal) ? (is_dil ? "v_mc." : "u_mc.")
                                          : (is_dil ? "dil_scm." : "dcl_scm.");
  }
  path += name.signal == "state" ? "r_state" : name.signal;
  return name.lane ? fmt::format("{}_{}", path, *name.lane) : path;
}

/// Widths and kinds of a layer's signals.
class Looks {
 public:
  explicit Looks(const golden::Layer& layer)
      : output_bits_(layer.activation_shift ? kNodeBits : kSumBits) {
    if (const auto* dense = std::get_if<golden::DenseWeights>(&layer.weights)) {
      first_wegt_bits_ = dense->w_bits;
      return;
    }
    const auto& factors = std::get<golden::FactorisedWeights>(layer.weights);
    first_wegt_bits_ = factors.u_bits;
    v_bits_ = factors.v_bits;
    z_bits_ = factors.z_bits;
  }

  std::pair<int, Look> of(const ProbeName& name) const {
    const bool takes_z = name.block == "dil" || name.block == "dcl_v";
    const int wegt_bits = takes_z ? v_bits_ : first_wegt_bits_;
    if (name.signal == "state") return {kStateBits, Look::state};
    if (name.signal == "k" || name.signal == "tile") return {kIndexBits, Look::unsigned_number};
    if (name.signal == "i_node") {
      return takes_z ? std::pair{z_bits_, Look::signed_number}
                     : std::pair{kNodeBits, Look::unsigned_number};
    }
    if (name.signal == "i_wegt") return {wegt_bits, Look::signed_number};
    if (name.signal == "w_mult") {
      return {wegt_bits + (takes_z ? z_bits_ : kNodeBits), Look::signed_number};
    }
    if (name.signal == "result") return {kSumBits, Look::signed_number};
    if (name.signal == "z") return {z_bits_, Look::signed_number};
    if (name.signal == "o_data") {
      return {output_bits_, output_bits_ == kSumBits ? Look::signed_number : Look::unsigned_number};
    }
    return {1, Look::bit};
  }

 private:
  int output_bits_;
  int first_wegt_bits_{0};
  int v_bits_{0};
  int z_bits_{0};
};

/// The lanes to be shown of a signal that has `count`.
LaneRange shown_lanes(const TraceFilter& filter, int count) {
  if (filter.lanes && filter.lanes->last < count) return *filter.lanes;
  const int first = std::max(0, (count - kDefaultLanes) / 2);
  return {first, first + kDefaultLanes - 1};
}

std::string scope_of(const TraceSignal& signal) {
  return signal.wave.path.substr(0, signal.wave.path.rfind('.'));
}

bool is_within(const std::string& path, const std::string& scope) {
  return path == scope || path.rfind(scope + '.', 0) == 0;
}

/// The signals of a layer, of the lanes that are to be shown.
void add_layer(std::vector<TraceSignal>& signals, std::size_t number,
               const FullyConnectedLayer& layer, const Looks& looks, const TraceFilter& filter) {
  std::vector<Probe> probes = layer.probes();
  for (Probe& probe : layer.engine_probes()) probes.push_back(std::move(probe));
  std::map<std::string, int> lanes;
  for (const Probe& probe : probes) ++lanes[probe.name.substr(0, probe.name.find('['))];
  for (Probe& probe : probes) {
    const ProbeName name(probe.name);
    if (name.lane) {
      const int count = lanes[probe.name.substr(0, probe.name.find('['))];
      const auto [first, last] = shown_lanes(filter, count);
      if (*name.lane < first || *name.lane > last) continue;
    }
    const auto [bits, look] = looks.of(name);
    signals.push_back({number, std::move(probe), {wave_path(number, name), bits}, look});
  }
}

void check_lanes(const Accelerator& accelerator, const LaneRange& lanes) {
  int most = 0;
  for (const auto& layer : accelerator.layers()) {
    const LayerConfiguration& configuration = layer->configuration();
    most = std::max({most, configuration.lanes_u,
                     configuration.schedule == Schedule::dense ? 0 : configuration.lanes_v});
  }
  if (lanes.first >= 0 && lanes.first <= lanes.last && lanes.last < most) return;
  throw InputError(fmt::format("--lanes {}-{}: no calculator has these; give lanes from 0 to {}",
                               lanes.first, lanes.last, most - 1));
}

void check_scopes(const std::vector<TraceSignal>& signals, const std::vector<std::string>& scopes) {
  for (const std::string& scope : scopes) {
    const bool exists = std::any_of(signals.begin(), signals.end(), [&](const auto& signal) {
      return is_within(signal.wave.path, scope);
    });
    if (exists) continue;
    std::vector<std::string> known;
    for (const TraceSignal& signal : signals) {
      if (known.empty() || known.back() != scope_of(signal)) known.push_back(scope_of(signal));
    }
    throw InputError(fmt::format("--scope {}: there is no such scope; there are {}", scope,
                                 fmt::join(known, ", ")));
  }
}

bool passes(const TraceFilter& filter, const std::string& path) {
  if (std::count(path.begin(), path.end(), '.') > filter.depth) return false;
  return filter.scopes.empty() ||
         std::any_of(filter.scopes.begin(), filter.scopes.end(),
                     [&](const std::string& scope) { return is_within(path, scope); });
}

}  // namespace

std::vector<TraceSignal> trace_signals(const Accelerator& accelerator,
                                       const golden::Network& network, const TraceFilter& filter) {
  if (filter.lanes) check_lanes(accelerator, *filter.lanes);
  std::vector<TraceSignal> signals;
  for (std::size_t i = 0; i < accelerator.layers().size(); ++i) {
    add_layer(signals, i + 1, *accelerator.layers()[i], Looks(network.layers[i]), filter);
  }
  std::stable_sort(signals.begin(), signals.end(), [](const auto& a, const auto& b) {
    return std::make_pair(a.layer, scope_of(a)) < std::make_pair(b.layer, scope_of(b));
  });
  check_scopes(signals, filter.scopes);
  signals.erase(std::remove_if(signals.begin(), signals.end(),
                               [&](const auto& s) { return !passes(filter, s.wave.path); }),
                signals.end());
  if (signals.empty()) {
    throw InputError("--scope and --depth together leave no signal; give a greater --depth");
  }
  return signals;
}

}  // namespace cfc
