#pragma once

#include <cstdint>

#include "sc_model/hardware/link.h"
#include "sc_model/hardware/registered_out.h"
#include "sc_model/hardware/state_control.h"
#include "sc_model/layer/layer_machine.h"
#include "sc_model/layer/output_memory.h"

namespace cfc {

/// What is sent over the output link.
struct OutputBeats {
  int elements;  ///< n, of one image
  int beat_width;
};

/// L-SCM in SystemC: LayerMachine, its ports, and the output memory of which it sends beats.
class LayerStateControl : public StateControl<LayerStateControl, LayerMachine> {
 public:
  sc_core::sc_in<bool> i_valid{"i_valid"};    ///< input link
  RegisteredOut<bool> o_ready{"o_ready"};     ///< input link
  RegisteredOut<bool> o_start{"o_start"};     ///< to the engine
  sc_core::sc_in<bool> i_result{"i_result"};  ///< one more result is in the output memory
  sc_core::sc_in<bool> i_done{"i_done"};      ///< the engine's last cycle, all results are there
  RegisteredOut<bool> o_valid{"o_valid"};     ///< output link
  sc_core::sc_in<bool> i_ready{"i_ready"};    ///< output link
  RegisteredOut<Beat> o_data{"o_data"};       ///< output link

  LayerStateControl(const sc_core::sc_module_name& name, const LinkPlan& plan,
                    const OutputBeats& sent, OutputMemory& output)
      : StateControl(name, LayerMachine(plan)), sent_(sent), output_(output) {}

  /// Images whose Run has ended.
  std::uint64_t images() const { return images_; }
  /// Time that they spent in Run.
  sc_core::sc_time run_time() const { return run_time_; }

 private:
  friend StateControl<LayerStateControl, LayerMachine>;
  Inputs inputs() const { return {i_valid.read(), i_result.read(), i_done.read(), i_ready.read()}; }
  void act(const Registers& q, const Registers& before, const Inputs& in);
  void drive(const Outputs& outputs);

  void count_run(LayerState now, LayerState before);
  void fetch_beat(int number);

  const OutputBeats sent_;
  OutputMemory& output_;
  Beat beat_;
  std::uint64_t images_{0};
  sc_core::sc_time run_began_;
  sc_core::sc_time run_time_;
};

}  // namespace cfc
