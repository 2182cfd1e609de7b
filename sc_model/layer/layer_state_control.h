#pragma once

#include <cstdint>

#include "sc_model/hardware/controller.h"
#include "sc_model/hardware/link.h"
#include "sc_model/hardware/memory.h"
#include "sc_model/hardware/registered_out.h"

namespace cfc {

enum class LayerState : std::uint8_t { idle, load, run, send };

const char* to_string(LayerState state);

/// What crosses the layer's links for one image.
struct LinkPlan {
  int input_beats;
  int input_buffers;
  int outputs;            ///< n
  int output_beat_width;  ///< elements in an output beat
};

/// L-SCM (sec. 3.1): the layer's state, from the engine's, and both links. It sends each result
/// that `i_result` announces as soon as it can, and all that are left when the engine is done.
/// RTL twin: rtl_ref/layer/layer_state_control.v
class LayerStateControl : public Controller {
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
                    Memory<std::int32_t>& output);

  LayerState state() const { return q_.state; }
  const char* state_name() const override { return to_string(q_.state); }
  int state_code() const override { return static_cast<int>(state()); }

  /// Images whose Run has ended.
  std::uint64_t images() const { return images_; }
  /// Time that they spent in Run.
  sc_core::sc_time run_time() const { return run_time_; }

 private:
  struct Registers {
    LayerState state{LayerState::idle};
    int full{0};       ///< complete input buffers, the one in computation included
    int load_beat{0};  ///< expected next
    int made{0};       ///< results in the output memory
    int sent{0};       ///< elements sent
  };

  /// What happened in the cycle that ends.
  struct Events {
    bool received{};
    bool started{};
    bool made{};
    bool finished{};
    bool delivered{};
    bool any() const { return received || started || made || finished || delivered; }
  };

  void clear() override;
  void advance() override;
  void end_of_elaboration() override;

  enum Entry { kIdle, kLoad, kWaitInput, kRun, kSend, kWaitNext };
  int entry() const override;
  int quiet_entry() const override;
  Events events() const;

  bool accepts() const { return q_.full < plan_.input_buffers; }
  bool receives() const { return i_valid.read() && accepts(); }
  bool starts() const { return q_.state == LayerState::load && q_.full > 0; }
  bool offers() const { return q_.sent < q_.made; }
  bool delivers() const { return offers() && i_ready.read(); }

  void receive_beat();
  void next_state(const Events& now);
  void enter_run();
  void leave_run();
  void leave_send();
  void fetch_beat();
  void drive();

  const LinkPlan plan_;
  Memory<std::int32_t>& output_;
  Registers q_;
  Beat beat_;
  std::uint64_t images_{0};
  sc_core::sc_time run_began_;
  sc_core::sc_time run_time_;
};

}  // namespace cfc
