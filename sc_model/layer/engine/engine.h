#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <systemc>
#include <tlm>

#include "configuration/configuration.h"
#include "golden/network.h"
#include "sc_model/dcl/z_quantiser.h"
#include "sc_model/hardware/controller.h"
#include "sc_model/hardware/memory.h"
#include "sc_model/hardware/operands.h"
#include "sc_model/hardware/signal.h"
#include "sc_model/layer/engine/result_order.h"

namespace cfc {

/// A controller, by the ledger's name: dcl, dil, dcl_u, dcl_v.
struct NamedController {
  const char* name;
  const Controller* controller;
};

/// Where the work on z_k begins and ends.
struct RankSignals {
  Signal issued_k;  ///< meaningful while a tile of the engine that makes z is issued
  Signal retires;   ///< a tile of the engine that ends an operation retires
  int tiles;        ///< of an operation there
};

/// What computes the outputs of a layer from a complete input: the part of a layer that a schedule
/// is. It owns its weight memories and calculators; the shell round it (Layer) has everything else.
/// RTL twins: rtl_ref/layer/*/*_engine.v
class Engine : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> i_clk{"i_clk"};
  sc_core::sc_in<bool> i_rst_n{"i_rst_n"};
  sc_core::sc_in<bool> i_start{"i_start"};     ///< the input is complete; high for one cycle
  sc_core::sc_out<bool> o_result{"o_result"};  ///< one more result; stays low in `all_at_once`
  sc_core::sc_out<bool> o_done{"o_done"};      ///< the last cycle
  sc_core::sc_port<NodeSource<std::uint8_t>> nodes{"nodes"};  ///< the layer's input
  sc_core::sc_port<SumSink> results{"results"};

  /// The engine's scope in waveforms and RTL is `<name>.engine`.
  virtual const char* schedule_name() const = 0;
  virtual ResultOrder result_order() const = 0;

  /// Replaces the weights by those of a layer of the same shape and kind.
  virtual void load(const golden::Layer& layer) = 0;

  virtual std::vector<NamedController> controllers() const = 0;
  virtual std::vector<MemoryMeter*> memories() = 0;

  /// What is compared with the RTL in every cycle.
  virtual Signals signals() const = 0;
  /// Every multiplier's operands and product.
  virtual Signals lane_signals() const = 0;

  /// How operation k of the factors can be followed; empty in an engine without factors.
  virtual std::optional<RankSignals> rank_signals() const { return {}; }

  /// Every z_k from now on; nothing in an engine without z.
  virtual void on_z(tlm::tlm_analysis_if<ZEvent>& /*listener*/) {}

 protected:
  explicit Engine(const sc_core::sc_module_name& name) : sc_module(name) {}

  /// Clock and reset for a block of the engine.
  template <typename Block>
  void clock(Block& block) {
    block.i_clk(i_clk);
    block.i_rst_n(i_rst_n);
  }
};

}  // namespace cfc
