#pragma once

#include <cstdint>

#include "sc_model/hardware/controller.h"
#include "sc_model/hardware/registered_out.h"

namespace cfc {

enum class DilState : std::uint8_t { idle, run, wait };

const char* to_string(DilState state);

/// What DIL-SCM makes V-MC do.
class RowCalculator : public virtual sc_core::sc_interface {
 public:
  /// The operand register takes z_k: whatever is issued from now on is multiplied with it.
  virtual void load_operand(std::int32_t z) = 0;
  /// Tile `tile` of row `operation` of V stands at the memory port in the cycle that begins.
  virtual void issue(int operation, int tile) = 0;
  /// The multiplier pipeline moves on: the oldest products reach the running sums in the cycle
  /// that begins. Called in every cycle in which DIL is awake, after `issue`.
  virtual void advance() = 0;
};

/// The work of DIL: for each of `operations` operands one row of V, in `tiles` tiles.
struct RowPlan {
  int operations;
  int tiles;
  int multiply_latency;
};

/// DIL-SCM (sec. 3.1): takes an operand only when V-MC no longer needs the one before it, so that
/// no product is made with the wrong z. RTL twin: rtl_ref/dil/dil_state_control.v
class DilStateControl : public Controller {
 public:
  sc_core::sc_in<bool> i_valid{"i_valid"};
  sc_core::sc_in<std::int32_t> i_z{"i_z"};
  RegisteredOut<bool> o_ready{"o_ready"};
  RegisteredOut<bool> o_done{"o_done"};
  sc_core::sc_port<RowCalculator> calculator{"calculator"};

  DilStateControl(const sc_core::sc_module_name& name, const RowPlan& plan);

  DilState state() const { return q_.state; }
  const char* state_name() const override { return to_string(q_.state); }
  int state_code() const override { return static_cast<int>(state()); }

 private:
  struct Registers {
    DilState state{DilState::idle};
    int operation{0};
    int tile{0};
    int drain{0};  ///< cycles until the youngest products reach the running sums
  };

  void clear() override;
  void advance() override;
  void end_of_elaboration() override;

  enum Entry { kIdle, kRun, kWaitDcl, kDrain };
  int entry() const override;
  int quiet_entry() const override { return entry(); }

  bool in_last_operation() const { return q_.operation == plan_.operations - 1; }
  bool in_last_tile() const { return q_.tile == plan_.tiles - 1; }
  bool accepts() const;
  bool done() const;

  void next_cycle();
  void begin_operation(int operation);
  void issue_tile(int tile);
  void drive();

  const RowPlan plan_;
  Registers q_;
};

}  // namespace cfc
