#pragma once

#include <cstdint>
#include <initializer_list>

#include "configuration/configuration.h"
#include "sc_model/hardware/counter.h"

namespace cfc {

/// The work of a dot-product engine: `operations` results, each the sum of `tiles` tiles.
struct DotProductPlan {
  int operations{1};
  int tiles{1};
  Issue issue{Issue::overlapped};
  int read_latency{0};
  int multiply_latency{0};
  int adder_latency{0};
  int requantise_latency{0};  ///< 0 or 1
};

/// The plan of an engine of a layer: `tiles` an operation, the layer's issue and latencies.
DotProductPlan dot_product_plan(const LayerConfiguration& configuration, int operations, int tiles);

enum class DclState : std::uint8_t { idle, compute, multiply, accumulate };

/// DCL-SCM (sec. 3.1; docs/reference/timing.md, DCL): walks the tiles of all operations in order.
/// Each is issued (its operands stand at the memory ports) and retires (its sum is added to the
/// accumulator) some cycles later; the result of an operation is offered when its last tile
/// retires, or a cycle after. While it is offered and not taken everything stands still. RTL twin:
/// rtl_ref/dcl/dcl_state_control.v
class DclMachine {
 public:
  static constexpr const char* kStates[] = {"Idle", "Compute", "Multiply", "Accumulate"};
  enum Entry { kIdle, kWaitDil, kCompute, kMultiply, kAccumulate, kFill, kDrain };
  static constexpr const char* kEntries[] = {"idle",       "wait_dil", "compute", "multiply",
                                             "accumulate", "fill",     "drain"};

  struct Registers {
    DclState state{DclState::idle};
    std::int64_t step{
        0};        ///< cycles since the first tile was issued, without those of standing still
    int phase{0};  ///< of them, those since the last multiple of II
    int k{0};      ///< operation of the tile that is issued in phase 0
    int tile{0};   ///< its number in the operation
    int retire_tile{0};  ///< number of the tile that retires next, or now
    int result_k{0};     ///< operation whose result is offered next, or now
    friend bool operator==(const Registers& a, const Registers& b) {
      // All else follows from these two.
      return a.state == b.state && a.step == b.step;
    }
  };
  struct Inputs {
    bool start{};
    bool ready{};
  };
  struct Outputs {
    bool valid{};  ///< a result is offered
    bool done{};   ///< it is the last one
  };

  explicit DclMachine(const DotProductPlan& plan);

  Registers next(const Registers& q, const Inputs& in) const;
  Outputs outputs(const Registers& q) const;
  Entry entry(const Registers& q, const Inputs& in) const;
  /// Stepped, nothing is seen while a tile is on its way through the stages of one state.
  int steady_cycles(const Registers& q) const;
  /// The registers some cycles later, less than `steady_cycles`.
  static Registers after(Registers q, int cycles) {
    q.step += cycles;
    q.phase += cycles;
    return q;
  }

  /// The tile (k, tile) stands at the memory ports for the first time.
  bool issues(const Registers& q) const { return is_busy(q) && q.phase == 0 && q.step < issued_; }
  /// The tile `retire_tile` is added to the accumulator.
  bool retires(const Registers& q) const {
    return is_busy(q) && q.step >= retire_depth_ && q.step < issued_ + retire_depth_ &&
           q.phase == period_ - 1;
  }
  /// The result `result_k` is offered.
  bool offers(const Registers& q) const {
    if (plan_.requantise_latency == 0) return retires(q) && q.retire_tile == plan_.tiles - 1;
    const bool follows_a_tile = is_busy(q) && q.step > retire_depth_ && q.phase == 0;
    return follows_a_tile && q.retire_tile == 0;
  }

  static bool is_busy(const Registers& q) { return q.state != DclState::idle; }
  const DotProductPlan& plan() const { return plan_; }
  bool is_stepped() const { return plan_.issue == Issue::stepped; }
  /// The step in which all tiles have been issued.
  std::int64_t issued() const { return issued_; }

 private:
  bool stands_still(const Registers& q, const Inputs& in) const { return offers(q) && !in.ready; }
  DclState state_at(std::int64_t step, int phase) const;
  Entry stepped_entry(const Registers& q) const;

  DotProductPlan plan_;
  int period_;                ///< II
  int retire_depth_;          ///< cycles from the end of a tile's period to its retirement
  std::int64_t issued_;       ///< II N
  std::int64_t steps_;        ///< II N + D
  std::int64_t compute_end_;  ///< of the youngest tile's way (step), or of each tile's (phase)
  std::int64_t multiply_end_;
};

inline DotProductPlan dot_product_plan(const LayerConfiguration& configuration, int operations,
                                       int tiles) {
  return {operations,
          tiles,
          configuration.issue,
          configuration.read_latency,
          configuration.multiply_latency,
          configuration.adder_latency,
          configuration.requantise_latency};
}

inline DclMachine::DclMachine(const DotProductPlan& plan) : plan_(plan) {
  const int latency = plan.read_latency + plan.multiply_latency + plan.adder_latency;
  period_ = is_stepped() ? 3 + latency : 1;
  retire_depth_ = is_stepped() ? 0 : latency;
  issued_ = std::int64_t{period_} * plan.operations * plan.tiles;
  steps_ = issued_ + retire_depth_ + plan.requantise_latency;
  compute_end_ = plan.read_latency + (is_stepped() ? 1 : issued_);
  multiply_end_ = compute_end_ + plan.multiply_latency + (is_stepped() ? 1 : 0);
}

inline DclMachine::Registers DclMachine::next(const Registers& q, const Inputs& in) const {
  Registers d = q;
  if (!is_busy(q)) {
    if (in.start) d.state = state_at(0, 0);
    return d;
  }
  if (stands_still(q, in)) return d;
  if (q.step == steps_ - 1) return {};
  d.step = q.step + 1;
  d.phase = count(q.phase, period_);
  const bool issue_ends = d.phase == 0 && q.step < issued_;
  if (issue_ends && count_up(d.tile, plan_.tiles)) count_up(d.k, plan_.operations);
  if (retires(q)) count_up(d.retire_tile, plan_.tiles);
  if (offers(q)) count_up(d.result_k, plan_.operations);
  d.state = state_at(d.step, d.phase);
  return d;
}

inline DclState DclMachine::state_at(std::int64_t step, int phase) const {
  if (step >= issued_ + retire_depth_) return DclState::accumulate;  // the last result's cycle
  const std::int64_t position = is_stepped() ? phase : step;
  if (position < compute_end_) return DclState::compute;
  return position < multiply_end_ ? DclState::multiply : DclState::accumulate;
}

inline DclMachine::Outputs DclMachine::outputs(const Registers& q) const {
  return {offers(q), is_busy(q) && q.step == steps_ - 1};
}

inline DclMachine::Entry DclMachine::entry(const Registers& q, const Inputs& in) const {
  if (!is_busy(q)) return kIdle;
  if (stands_still(q, in)) return kWaitDil;
  if (is_stepped()) return stepped_entry(q);
  if (!issues(q)) return kDrain;
  return retires(q) ? kCompute : kFill;
}

inline DclMachine::Entry DclMachine::stepped_entry(const Registers& q) const {
  switch (q.state) {
    case DclState::multiply:
      return kMultiply;
    case DclState::accumulate:
      return kAccumulate;
    default:
      return kCompute;
  }
}

inline int DclMachine::steady_cycles(const Registers& q) const {
  if (!is_stepped() || !is_busy(q) || offers(q)) return 1;
  for (const int change :
       {static_cast<int>(compute_end_), static_cast<int>(multiply_end_), period_ - 1}) {
    if (q.phase < change) return change - q.phase;
  }
  return 1;
}

}  // namespace cfc
