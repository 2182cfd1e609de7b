#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "configuration/statistics.h"
#include "tests/helpers/findings.h"

namespace cfc::testing {

/// A controller's machine, walked edge by edge beside the controller, which sleeps as it likes:
/// state, registers and ledger must be the same in every cycle.
template <typename Control>
class Twin {
 public:
  using Machine = std::decay_t<decltype(std::declval<const Control&>().machine())>;
  using Registers = typename Machine::Registers;
  using Inputs = typename Machine::Inputs;

  explicit Twin(const Control& control) : control_(control) {}

  const Registers& registers() const { return q_; }
  typename Machine::Outputs outputs() const { return control_.machine().outputs(q_); }

  /// The edge that the controller has passed was one under reset. The ledger of before is
  /// forgotten.
  void reset() {
    q_ = {};
    booked_ = {};
    before_ = control_.ledger();
    is_first_ = true;
  }

  /// `in` stood at the edge that the controller has passed.
  void step(const Inputs& in) {
    if (!is_first_) ++booked_[Machine::kEntries[control_.machine().entry(q_, in)]];
    is_first_ = false;
    q_ = control_.machine().next(q_, in);
  }

  void compare(Findings& findings) const {
    findings.expect(control_.state() == q_.state, "the state");
    findings.expect(control_.registers() == q_, "the registers");
    Ledger expected = before_;
    for (const auto& [entry, cycles] : booked_) expected[entry] += cycles;
    findings.expect(control_.ledger() == expected, "the ledger");
  }

 private:
  const Control& control_;
  Registers q_{};
  Ledger booked_;
  Ledger before_;
  bool is_first_{true};
};

}  // namespace cfc::testing
