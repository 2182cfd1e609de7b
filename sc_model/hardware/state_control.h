#pragma once

#include <iterator>
#include <type_traits>

#include "sc_model/hardware/controller.h"

namespace cfc {

template <typename Machine, typename = void>
struct HasSteadyCycles : std::false_type {};
template <typename Machine>
struct HasSteadyCycles<Machine, std::void_t<decltype(&Machine::steady_cycles)>> : std::true_type {};

/// The shell round a controller's state machine: the one place where machines meet SystemC. At an
/// edge it reads the ports, lets the machine compute the registers of the cycle that begins, has
/// the block act on memories and calculators, and drives the outputs. Registers that do not change
/// now cannot change before an input does, so then the block sleeps; and where the machine knows
/// for how long nothing can be seen of it, it sleeps for as long and catches up afterwards.
///
/// `Machine` is plain C++: `Registers` (with `state`, initialisers are the reset values, and ==),
/// `Inputs`, `Outputs`; pure functions `next(q, in)`, `outputs(q)` (Moore) and `entry(q, in)` (of
/// the ledger). It may have `steady_cycles(q)`: for so many cycles, this one included, neither the
/// state nor an output nor the entry changes, whatever the inputs are; 1 where that is not known.
/// The tables `kStates` and `kEntries` name states and entries.
///
/// `Block`, the sc_module that derives from this, has the ports and the functions
///   Inputs inputs() const        what stands at the ports
///   void act(q, before, in)      what the cycle that begins does to memories and calculators: its
///                                registers are `q`; those of the cycle before it, which differ,
///                                were `before`, and the inputs there `in`
///   void drive(outputs)
template <typename Block, typename Machine>
class StateControl : public Controller {
 public:
  using Registers = typename Machine::Registers;
  using Inputs = typename Machine::Inputs;
  using Outputs = typename Machine::Outputs;
  using State = decltype(Registers::state);

  const Machine& machine() const { return machine_; }
  State state() const { return q_.state; }
  int state_code() const final { return static_cast<int>(q_.state); }
  std::vector<const char*> state_names() const final {
    return {std::begin(Machine::kStates), std::end(Machine::kStates)};
  }

  /// In this cycle, also if the block sleeps through it.
  Registers registers() const { return after(cycles_asleep()); }

 protected:
  StateControl(const sc_core::sc_module_name& name, const Machine& machine)
      : Controller(name, {std::begin(Machine::kEntries), std::end(Machine::kEntries)}),
        machine_(machine) {}

 private:
  Block& block() { return static_cast<Block&>(*this); }

  void reset() final {
    skip_cycle();
    q_ = {};
    is_steady_ = false;
    block().drive(machine_.outputs(q_));
  }

  void on_clock() final {
    const Inputs in = block().inputs();
    close_cycle([&] { return machine_.entry(q_, in); }, [this] { return quiet_entry(); });
    const Registers before = after(edges_skipped());
    is_steady_ = false;
    inputs_ = in;
    q_ = machine_.next(before, in);
    if (q_ == before) return sleep();
    block().act(q_, before, in);
    block().drive(machine_.outputs(q_));
    if constexpr (HasSteadyCycles<Machine>::value) sleep_while_steady();
  }

  void sleep_while_steady() {
    const int cycles = machine_.steady_cycles(q_);
    if (cycles == 1) return;
    is_steady_ = true;
    sleep_for(cycles);
  }

  int quiet_entry() const final { return machine_.entry(q_, inputs_); }

  /// The registers some cycles later, of which the block slept through all.
  Registers after(std::uint64_t cycles) const {
    if constexpr (HasSteadyCycles<Machine>::value) {
      // Within the steps of a tile; only sleeps in which nothing changes have no bound.
      if (is_steady_) return machine_.after(q_, static_cast<int>(cycles));
    }
    return q_;
  }

  const Machine machine_;
  Registers q_{};
  Inputs inputs_{};        ///< at the newest edge that was seen: they stand while the block sleeps
  bool is_steady_{false};  ///< asleep although the registers change
};

}  // namespace cfc
