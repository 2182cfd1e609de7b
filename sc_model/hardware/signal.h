#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cfc {

/// What a signal's bits mean.
enum class SignalKind : std::uint8_t { bit, unsigned_number, signed_number, state };

/// A signal of a layer, as SystemC and RTL both have it: what lockstep compares, a waveform shows
/// and a timeline follows. The one place that knows its name, its width and its meaning.
struct Signal {
  std::string path;  ///< from the layer on, as in the RTL: `streaming.engine.dcl.dcl_scm.w_k`
  int bits{1};
  SignalKind kind{SignalKind::bit};
  std::function<std::int32_t()> value;  ///< in the SystemC model, in the middle of a cycle
  std::function<bool()> is_meaningful;  ///< empty: always; else e.g. data only while valid
  std::optional<int> lane;              ///< the signal is this element of the vector `path`
  std::vector<const char*> states;      ///< names of a state's codes, from 0

  std::string group{};  ///< how a viewer's layout calls the calculator that it belongs to

  /// `path`, and the lane: `u_mc.i_node[3]`.
  std::string name() const { return lane ? path + '[' + std::to_string(*lane) + ']' : path; }
};

using Signals = std::vector<Signal>;

/// Bits of a register that counts 0 to `end` - 1.
constexpr int index_bits(int end) {
  int bits = 1;
  while ((std::int64_t{1} << bits) < end) ++bits;
  return bits;
}

/// The signal called `path`, which must be there.
inline const Signal& find_signal(const Signals& all, const std::string& path) {
  return *std::find_if(all.begin(), all.end(),
                       [&](const Signal& signal) { return signal.path == path; });
}

/// Adds the signals of a block that is called `scope` in the block round it.
inline void add_signals(Signals& all, const std::string& scope, Signals signals) {
  for (Signal& signal : signals) {
    signal.path.insert(0, scope + '.');
    all.push_back(std::move(signal));
  }
}

/// The same for a calculator with its controller, which viewers show together under a title.
inline void add_group(Signals& all, const std::string& title, const std::string& scope,
                      Signals signals) {
  for (Signal& signal : signals) signal.group = title;
  add_signals(all, scope, std::move(signals));
}

}  // namespace cfc
