#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <systemc>

#include "configuration/configuration.h"
#include "configuration/statistics.h"
#include "golden/network.h"
#include "sc_model/hardware/link.h"
#include "sc_model/hardware/signal.h"
#include "sc_model/layer/activation.h"
#include "sc_model/layer/engine/engine.h"
#include "sc_model/layer/layer_state_control.h"
#include "sc_model/layer/output_memory.h"
#include "sc_model/mcm/memory_control.h"

namespace cfc {

/// A layer of the accelerator (Fig. 5): the shell that all schedules have (L-SCM, MCM with the
/// input memory, activation, output memory, the links to the layers before and after) round the
/// engine of its schedule. RTL twin: rtl_ref/layer/layer.v
class Layer : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> i_clk{"i_clk"};
  sc_core::sc_in<bool> i_rst_n{"i_rst_n"};
  sc_core::sc_in<bool> i_valid{"i_valid"};
  sc_core::sc_out<bool> o_ready{"o_ready"};
  sc_core::sc_in<Beat> i_data{"i_data"};
  sc_core::sc_out<bool> o_valid{"o_valid"};
  sc_core::sc_in<bool> i_ready{"i_ready"};
  sc_core::sc_out<Beat> o_data{"o_data"};

  /// `input_beat_width`: elements a beat from the layer before. `layer` must have the shape and the
  /// kind of weights that `configuration` says; throws InputError otherwise.
  Layer(const sc_core::sc_module_name& name, const golden::Layer& layer,
        const LayerConfiguration& configuration, int input_beat_width);

  const LayerConfiguration& configuration() const { return configuration_; }
  LayerState state() const { return state_control_.state(); }

  /// All controllers, L-SCM and MCM first.
  std::vector<NamedController> controllers() const;

  /// What is compared with the RTL in every cycle: states, handshakes, data, z, running sums.
  Signals signals() const;
  /// Every multiplier's operands and product.
  Signals lane_signals() const;

  /// How operation k of the factors can be followed; empty in a layer without factors.
  std::optional<RankSignals> rank_signals() const { return engine_->rank_signals(); }

  /// What the layer has done since its construction.
  LayerStatistics statistics(const sc_core::sc_time& clock_period) const;

  /// Replaces weights, bias and shifts by those of a layer of the same shape and kind, while the
  /// layer holds no image. Throws InputError where the shape differs.
  void load(const golden::Layer& layer);

  void on_output(tlm::tlm_analysis_if<OutputEvent>& listener) { activation_.made(listener); }
  void on_access(tlm::tlm_analysis_if<AccessEvent>& listener);
  /// Does nothing in a layer without z.
  void on_z(tlm::tlm_analysis_if<ZEvent>& listener) { engine_->on_z(listener); }

 private:
  void connect_shell();
  void connect_engine();
  std::string engine_scope() const;

  const LayerConfiguration configuration_;
  PeakMeter peak_;  ///< over all memories of the layer
  Memory<std::uint8_t> input_;
  OutputMemory output_;
  Activation activation_;
  std::unique_ptr<Engine> engine_;
  MemoryControl memory_control_;
  LayerStateControl state_control_;
  std::vector<MemoryMeter*> memories_;  ///< all, by the names of the reports
  sc_core::sc_signal<bool> start_{"start"};
  sc_core::sc_signal<bool> result_{"result"};
  sc_core::sc_signal<bool> done_{"done"};
};

}  // namespace cfc
