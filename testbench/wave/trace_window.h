#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sc_model/accelerator.h"

namespace cfc {

/// Operations `first` to `last` of a layer, from 0: z_k and row k of V.
struct RankRange {
  int first{};
  int last{};
};

/// Which cycles are traced: those in which all that is given holds.
struct TraceWindow {
  std::optional<std::uint64_t> from;  ///< cycle, from 0, in which the first beat is offered
  std::optional<std::uint64_t> to;    ///< the last cycle
  std::optional<int> layer;           ///< from 1: from the layer's first Load to its next Idle
  std::optional<RankRange> ranks;     ///< of `layer` (else 1), in the first image

  /// The window in the words of its options, for messages.
  std::string text() const;
};

/// Follows the accelerator and says cycle by cycle whether the window is open.
class WindowWatch {
 public:
  enum class Phase { before, inside, behind };

  /// Throws InputError where layer or ranks do not exist, or the window ends before it begins.
  WindowWatch(const Accelerator& accelerator, const TraceWindow& window);

  /// To be called once in every cycle, in order.
  Phase see(std::uint64_t cycle);

 private:
  Phase cycles_phase(std::uint64_t cycle) const;
  Phase layer_phase();
  Phase ranks_phase();

  TraceWindow window_;
  const Layer* layer_{nullptr};
  Phase layer_phase_{Phase::before};
  std::optional<RankSignals> rank_signals_;
  std::uint64_t retired_tiles_{0};
  std::uint64_t tiles_to_retire_{0};
  bool ranks_began_{false};
};

}  // namespace cfc
