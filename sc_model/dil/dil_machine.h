#pragma once

#include <algorithm>
#include <cstdint>

#include "sc_model/hardware/counter.h"

namespace cfc {

/// The work of DIL: for each of `operations` operands one row of V, in `tiles` tiles.
struct RowPlan {
  int operations{1};
  int tiles{1};
  int product_latency{0};     ///< from Run to the running sums
  int requantise_latency{0};  ///< 0 or 1

  /// D_v, cycles from the last tile to the one in which the outputs are complete.
  int drain() const { return product_latency + requantise_latency; }
};

enum class DilState : std::uint8_t { idle, run, wait };

/// DIL-SCM (sec. 3.1; docs/reference/timing.md, DIL): takes an operand z_k only when V-MC no longer
/// needs the one before it, so that no product is made with the wrong z, and walks the tiles of
/// V[k,:] in Run. RTL twin: rtl_ref/dil/dil_state_control.v
class DilMachine {
 public:
  static constexpr const char* kStates[] = {"Idle", "Run", "Wait"};
  enum Entry { kIdle, kRun, kWaitDcl, kDrain };
  static constexpr const char* kEntries[] = {"idle", "run", "wait_dcl", "drain"};

  struct Registers {
    DilState state{DilState::idle};
    std::int32_t operand{0};  ///< z_k
    int k{0};                 ///< of the tile in Run; outside of Run of the operation to come
    int tile{0};              ///< the tile in Run
    int drain{
        0};  ///< in Wait: cycles in which products or sums are still on their way, this one too
    friend bool operator==(const Registers& a, const Registers& b) {
      return a.state == b.state && a.operand == b.operand && a.k == b.k && a.tile == b.tile &&
             a.drain == b.drain;
    }
  };
  struct Inputs {
    bool valid{};
    std::int32_t z{};
  };
  struct Outputs {
    bool ready{};
    bool done{};  ///< the last sums are complete
  };

  explicit DilMachine(const RowPlan& plan) : plan_(plan) {}

  Registers next(const Registers& q, const Inputs& in) const;
  Outputs outputs(const Registers& q) const { return {accepts(q), is_done(q)}; }
  Entry entry(const Registers& q, const Inputs& in) const;

  const RowPlan& plan() const { return plan_; }

 private:
  bool is_last_tile(const Registers& q) const { return q.tile == plan_.tiles - 1; }
  bool is_last_k(const Registers& q) const { return q.k == plan_.operations - 1; }
  bool accepts(const Registers& q) const;
  bool is_done(const Registers& q) const;

  RowPlan plan_;
};

/// In any other cycle V-MC still multiplies with the operand that it has. In Wait k is 0 once the
/// last operation has run: then no operand is wanted, the sums are being completed.
inline bool DilMachine::accepts(const Registers& q) const {
  switch (q.state) {
    case DilState::idle:
      return true;
    case DilState::wait:
      return q.k != 0;
    case DilState::run:
      return is_last_tile(q) && !is_last_k(q);
  }
  return false;
}

inline bool DilMachine::is_done(const Registers& q) const {
  switch (q.state) {
    case DilState::idle:
      return false;
    case DilState::wait:
      return q.k == 0 && q.drain == 1;
    case DilState::run:
      return is_last_tile(q) && is_last_k(q) && plan_.drain() == 0;
  }
  return false;
}

inline DilMachine::Registers DilMachine::next(const Registers& q, const Inputs& in) const {
  if (is_done(q)) return {};
  Registers d = q;
  const bool row_ends = q.state == DilState::run && is_last_tile(q);
  if (q.state == DilState::run) d.tile = count(q.tile, plan_.tiles);
  if (row_ends) d.k = count(q.k, plan_.operations);
  if (in.valid && accepts(q)) {
    d.state = DilState::run;
    d.operand = in.z;
    d.drain = 0;
  } else if (row_ends) {
    d.state = DilState::wait;
    d.drain = plan_.drain();
  } else {
    d.drain = std::max(q.drain - 1, 0);
  }
  return d;
}

inline DilMachine::Entry DilMachine::entry(const Registers& q, const Inputs& /*in*/) const {
  switch (q.state) {
    case DilState::idle:
      return kIdle;
    case DilState::run:
      return kRun;
    case DilState::wait:
      return q.k == 0 ? kDrain : kWaitDcl;
  }
  return kIdle;
}

}  // namespace cfc
