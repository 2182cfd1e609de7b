#include "sc_model/dil/dil_signals.h"

namespace cfc {

Signals dil_signals(const DilStateControl& control, const VMatrixCalculator& calculator) {
  const RowPlan& plan = control.machine().plan();
  const auto runs = [&control] { return control.state() == DilState::run; };
  Signals all;
  add_signals(all, "dil_scm",
              {state_signal(control),
               {"w_k",
                index_bits(plan.operations),
                SignalKind::unsigned_number,
                [&control] { return control.registers().k; },
                runs,
                {},
                {}},
               {"w_tile",
                index_bits(plan.tiles),
                SignalKind::unsigned_number,
                [&control] { return control.registers().tile; },
                runs,
                {},
                {}},
               {"w_retire",
                1,
                SignalKind::bit,
                [&calculator] { return calculator.retired().row.count > 0; },
                {},
                {},
                {}}});
  for (int lane = 0; lane < calculator.lanes(); ++lane) {
    all.push_back({"v_mc.result",
                   32,
                   SignalKind::signed_number,
                   [&calculator, lane] {
                     return calculator.running_sum(calculator.retired().row.first + lane);
                   },
                   [&calculator, lane] { return lane < calculator.retired().row.count; },
                   lane,
                   {}});
  }
  return all;
}

Signals dil_lane_signals(const DilStateControl& control, const VMatrixCalculator& calculator,
                         int z_bits, int wegt_bits) {
  const auto runs = [&control] { return control.state() == DilState::run; };
  Signals all{{"v_mc.i_node",
               z_bits,
               SignalKind::signed_number,
               [&calculator] { return calculator.issued().operand; },
               runs,
               {},
               {}}};
  for (int lane = 0; lane < calculator.lanes(); ++lane) {
    const auto in_tile = [&calculator, runs, lane] {
      return runs() && lane < calculator.issued().row.count;
    };
    const auto leaves = [&calculator, lane] { return lane < calculator.retired().row.count; };
    const auto product = [&calculator, lane] {
      const auto& products = calculator.retired();
      return products.operand * products.row.weights[lane];
    };
    all.push_back({"v_mc.i_wegt",
                   wegt_bits,
                   SignalKind::signed_number,
                   [&calculator, lane] { return calculator.issued().row.weights[lane]; },
                   in_tile,
                   lane,
                   {}});
    all.push_back(
        {"v_mc.w_mult", z_bits + wegt_bits, SignalKind::signed_number, product, leaves, lane, {}});
  }
  return all;
}

}  // namespace cfc
