#pragma once

#include <cstdint>
#include <vector>

#include <systemc>

#include "configuration/configuration.h"
#include "golden/network.h"
#include "sc_model/dcl/z_quantiser.h"
#include "sc_model/hardware/link.h"
#include "sc_model/hardware/probe.h"
#include "sc_model/layer/activation.h"
#include "sc_model/layer/layer_state_control.h"
#include "sc_model/mcm/layer_memories.h"
#include "sc_model/mcm/memory_control.h"

namespace cfc {

/// What every layer has round its engine (Fig. 5): L-SCM, MCM, the memories, and the links to the
/// layers before and after it. The derived classes add the engine of a schedule.
class FullyConnectedLayer : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> i_clk{"i_clk"};
  sc_core::sc_in<bool> i_rst_n{"i_rst_n"};
  sc_core::sc_in<bool> i_valid{"i_valid"};
  sc_core::sc_out<bool> o_ready{"o_ready"};
  sc_core::sc_in<Beat> i_data{"i_data"};
  sc_core::sc_out<bool> o_valid{"o_valid"};
  sc_core::sc_in<bool> i_ready{"i_ready"};
  sc_core::sc_out<Beat> o_data{"o_data"};

  const LayerConfiguration& configuration() const { return configuration_; }
  const LayerStateControl& state_control() const { return state_control_; }
  const MemoryControl& memory_control() const { return memory_control_; }

  /// What the layer has done since its construction.
  LayerStatistics statistics(const sc_core::sc_time& clock_period) const;

  /// The controllers of the engine by the ledger's names.
  virtual std::vector<std::pair<const char*, const Controller*>> engine_controls() const = 0;

  /// Everything that can be looked at in a cycle.
  virtual std::vector<Probe> probes() const;

  /// What a waveform shows of the engines besides: the tiles' way and every lane.
  virtual std::vector<Probe> engine_probes() const = 0;

  /// Replaces weights, bias and shifts by those of a layer of the same shape and kind, while the
  /// layer holds no image. Throws InputError where the shape differs.
  void load(const golden::Layer& layer);

  void on_output(tlm::tlm_analysis_if<OutputEvent>& listener) { activation_.made(listener); }
  void on_access(tlm::tlm_analysis_if<AccessEvent>& listener) { memories_.on_access(listener); }
  /// Does nothing in a dense layer, which has no z.
  virtual void on_z(tlm::tlm_analysis_if<ZEvent>&) {}

 protected:
  /// `input_beat_width`: elements a beat from the layer before. `layer` must have the shape and the
  /// kind of weights that `configuration` says; throws InputError otherwise.
  FullyConnectedLayer(const sc_core::sc_module_name& name, const golden::Layer& layer,
                      const LayerConfiguration& configuration, int input_beat_width);

  /// Clock and reset for a block of the layer.
  template <typename Block>
  void clock(Block& block) {
    block.i_clk(i_clk);
    block.i_rst_n(i_rst_n);
  }

  /// A layer with z takes its shift and width.
  virtual void load_z(const golden::FactorisedWeights&) {}

  const LayerConfiguration configuration_;
  LayerMemories memories_;
  sc_core::sc_signal<bool> start_{"start"};
  sc_core::sc_signal<bool> result_{"result"};  ///< a result reaches the output memory
  sc_core::sc_signal<bool> done_{"done"};
  sc_core::sc_signal<bool> always_{"always", true};
  Activation activation_;
  MemoryControl memory_control_;

 private:
  LayerStateControl state_control_;
};

}  // namespace cfc
