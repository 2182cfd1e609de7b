#pragma once

#include <algorithm>

#include "sc_model/dcl/dcl_state_control.h"
#include "sc_model/dcl/u_matrix_calculator.h"
#include "sc_model/hardware/signal.h"

// What can be seen of a dot-product engine, by the names of the paper's Fig. 15. Costs nothing
// until a signal is read.

namespace cfc {

/// Widths of what a calculator multiplies.
struct OperandBits {
  int node;
  int wegt;
  SignalKind node_kind;

  static OperandBits of_input(int wegt) { return {8, wegt, SignalKind::unsigned_number}; }
  static OperandBits of_z(int z, int wegt) { return {z, wegt, SignalKind::signed_number}; }
};

/// Which tiles of a dot-product engine stand where in this cycle.
template <typename Node>
class TilePositions {
 public:
  TilePositions(const DclStateControl& control, const UMatrixCalculator<Node>& calculator)
      : control_(control), calculator_(calculator) {}

  bool issues() const { return machine().issues(control_.registers()); }
  bool retires() const { return machine().retires(control_.registers()); }
  int k() const { return control_.registers().k; }
  int tile() const { return control_.registers().tile; }

  /// A tile stands at the memory ports: in stepped issue as long as it is the youngest.
  bool at_ports() const {
    const auto q = control_.registers();
    return machine().is_stepped() ? DclMachine::is_busy(q) && q.step < machine().issued()
                                  : machine().issues(q);
  }
  /// The products of a tile leave the multipliers.
  bool behind_multipliers() const {
    const auto q = control_.registers();
    if (!DclMachine::is_busy(q)) return false;
    if (machine().is_stepped()) return q.phase > latency_of_products() + 1;
    return q.step >= latency_of_products() && q.step - latency_of_products() < machine().issued();
  }

  const Tile<Node>& tile_at_ports() const { return calculator_.issued(0); }
  const Tile<Node>& tile_behind_multipliers() const {
    if (machine().is_stepped()) return calculator_.issued(0);
    const std::int64_t step = control_.registers().step;
    const std::int64_t youngest = std::min(step, machine().issued() - 1);
    return calculator_.issued(static_cast<std::size_t>(youngest - (step - latency_of_products())));
  }

 private:
  const DclMachine& machine() const { return control_.machine(); }
  int latency_of_products() const {
    return machine().plan().read_latency + machine().plan().multiply_latency;
  }

  const DclStateControl& control_;
  const UMatrixCalculator<Node>& calculator_;
};

/// The state, the tile that is issued (`w_issue`: in this cycle; operation `w_k`, number `w_tile`),
/// whether one retires, and `result`, the running sum with it.
template <typename Node>
Signals dcl_signals(const DclStateControl& control, const UMatrixCalculator<Node>& calculator) {
  const TilePositions<Node> at(control, calculator);
  const DotProductPlan& plan = control.machine().plan();
  const auto at_ports = [at] { return at.at_ports(); };
  const auto retires = [at] { return at.retires(); };
  Signals all;
  add_signals(all, "dcl_scm",
              {state_signal(control),
               {"w_issue", 1, SignalKind::bit, [at] { return at.issues(); }, {}, {}, {}},
               {"w_k",
                index_bits(plan.operations),
                SignalKind::unsigned_number,
                [at] { return at.k(); },
                at_ports,
                {},
                {}},
               {"w_tile",
                index_bits(plan.tiles),
                SignalKind::unsigned_number,
                [at] { return at.tile(); },
                at_ports,
                {},
                {}},
               {"w_retire", 1, SignalKind::bit, [at] { return at.retires(); }, {}, {}, {}}});
  add_signals(all, "u_mc",
              {{"result",
                32,
                SignalKind::signed_number,
                [&calculator] { return calculator.running_sum(); },
                retires,
                {},
                {}}});
  return all;
}

/// Lane by lane `i_node` and `i_wegt` at the memory ports, and `w_mult`, their product where it
/// leaves the multipliers.
template <typename Node>
Signals dcl_lane_signals(const DclStateControl& control, const UMatrixCalculator<Node>& calculator,
                         const OperandBits& bits) {
  const TilePositions<Node> at(control, calculator);
  Signals all;
  for (int lane = 0; lane < calculator.shape().lanes; ++lane) {
    const auto at_port = [at, lane] { return at.at_ports() && lane < at.tile_at_ports().count; };
    const auto leaves = [at, lane] {
      return at.behind_multipliers() && lane < at.tile_behind_multipliers().count;
    };
    const auto product = [at, lane] {
      const Tile<Node>& tile = at.tile_behind_multipliers();
      return tile.nodes[lane] * tile.weights[lane];
    };
    all.push_back({"u_mc.i_node",
                   bits.node,
                   bits.node_kind,
                   [at, lane] { return std::int32_t{at.tile_at_ports().nodes[lane]}; },
                   at_port,
                   lane,
                   {}});
    all.push_back({"u_mc.i_wegt",
                   bits.wegt,
                   SignalKind::signed_number,
                   [at, lane] { return at.tile_at_ports().weights[lane]; },
                   at_port,
                   lane,
                   {}});
    all.push_back({"u_mc.w_mult",
                   bits.node + bits.wegt,
                   SignalKind::signed_number,
                   product,
                   leaves,
                   lane,
                   {}});
  }
  return all;
}

}  // namespace cfc
