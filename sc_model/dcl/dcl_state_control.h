#pragma once

#include <cstdint>

#include "configuration/configuration.h"
#include "sc_model/hardware/controller.h"
#include "sc_model/hardware/registered_out.h"

namespace cfc {

enum class DclState : std::uint8_t { idle, compute, multiply, accumulate };

const char* to_string(DclState state);

/// What DCL-SCM makes its calculator do.
class TileCalculator : public virtual sc_core::sc_interface {
 public:
  /// The tile's operands stand at the memory ports in the cycle that begins.
  virtual void issue(int operation, int tile) = 0;
  /// The oldest issued tile is added to the accumulator in the cycle that begins.
  virtual void retire(int operation, int tile) = 0;
};

/// Tiles on their way through a dot-product engine.
struct TileFlow {
  int issued{};     ///< tiles of this run that have been issued up to now, this cycle's included
  int age{};        ///< cycles, stalls not counted, since the youngest one was issued
  bool retiring{};  ///< the oldest one is added to the accumulator in this cycle
};

/// The work of a dot-product engine: `operations` results, each the sum of `tiles` tiles.
struct DotProductPlan {
  int operations;
  int tiles;
  Issue issue;
  int read_latency;
  int multiply_latency;
  int adder_latency;
};

/// The plan of an engine of a layer: `tiles` per operation, the layer's issue and latencies.
DotProductPlan dot_product_plan(const LayerConfiguration& configuration, int operations, int tiles);

/// DCL-SCM, the controller of a dot-product engine (sec. 3.1): walks the tiles of all operations,
/// offers each result, and stands still with everything it controls while a result is not taken.
/// RTL twin: rtl_ref/dcl/dcl_state_control.v
class DclStateControl : public Controller {
 public:
  sc_core::sc_in<bool> i_start{"i_start"};
  sc_core::sc_in<bool> i_ready{"i_ready"};
  RegisteredOut<bool> o_valid{"o_valid"};  ///< a result is offered
  RegisteredOut<bool> o_done{"o_done"};    ///< it is the last one
  sc_core::sc_port<TileCalculator> calculator{"calculator"};

  DclStateControl(const sc_core::sc_module_name& name, const DotProductPlan& plan);

  DclState state() const;
  const char* state_name() const override { return to_string(state()); }
  int state_code() const override { return static_cast<int>(state()); }

  /// Where the engine's tiles are in this cycle, for whoever draws it.
  TileFlow tile_flow() const;

 private:
  /// A walk through the tiles, operation by operation, with the cycles until its next step.
  struct Walk {
    int operation{0};
    int tile{0};
    int countdown{0};
  };
  struct Registers {
    bool busy{false};
    bool retiring{false};
    bool offered{false};
    int age{0};  ///< cycles since the youngest tile was issued
    Walk issued;
    Walk retired;
  };

  void clear() override;
  void advance() override;
  void end_of_elaboration() override;

  enum Entry { kIdle, kWaitDil, kCompute, kMultiply, kAccumulate, kFill, kDrain };
  int entry() const override;
  int stepped_entry() const;
  int quiet_entry() const override;

  void start();
  void catch_up();
  void next_cycle();
  int cycles_to_next_change() const;
  void enter_cycle();
  void step(Walk& walk) const;
  bool all_done(const Walk& walk) const { return walk.operation == plan_.operations; }
  void drive();

  const DotProductPlan plan_;
  const int period_;        ///< II
  const int retire_delay_;  ///< from a tile's issue to its retirement
  const int compute_until_;
  const int multiply_until_;
  Registers q_;
};

}  // namespace cfc
