#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <systemc>
#include <tlm>

#include "configuration/statistics.h"
#include "golden/network.h"
#include "platform/accelerator/dma.h"
#include "platform/accelerator/image_feeder.h"
#include "platform/accelerator/job_counters.h"
#include "platform/accelerator/link_gate.h"
#include "platform/accelerator/network_image.h"
#include "platform/accelerator/register_file.h"
#include "platform/accelerator/result_collector.h"
#include "platform/accelerator/weight_buffer.h"
#include "platform/accelerator/z_spill.h"
#include "platform/bus/four_phase_target.h"
#include "sc_model/accelerator.h"
#include "sc_model/hardware/clock.h"

namespace cfc {

/// What stands round the accelerator.
struct TlmAcceleratorOptions {
  DmaOptions dma;
  int image_places{2};   ///< images that are being fetched or wait for the accelerator
  int result_places{2};  ///< images' results that wait for memory
  int weight_banks{2};   ///< of each layer, where weights are streamed
};

/// The accelerator as a component of a TLM-2.0 platform (docs/reference/register-map.md): registers
/// behind a target socket, an initiator socket for its DMA, an interrupt. Inside is the
/// cycle-accurate model with a clock of its own. Its weights come from memory only: the network
/// that it is built with says shapes and widths.
class TlmAccelerator : public sc_core::sc_module, public TargetBehaviour {
 public:
  sc_core::sc_out<bool> o_interrupt{"o_interrupt"};  ///< level: pending and enabled

  /// Throws InputError where `configuration` does not fit `shapes`.
  TlmAccelerator(const sc_core::sc_module_name& name, const golden::Network& shapes,
                 const Configuration& configuration, const TlmAcceleratorOptions& options = {});
  ~TlmAccelerator() override;

  tlm_utils::simple_target_socket<FourPhaseTarget>& register_socket() {
    return registers_port_.socket;
  }
  tlm_utils::simple_initiator_socket<FourPhaseInitiator>& memory_socket() { return dma_.socket(); }

  /// What the cycle-accurate model has done since the beginning.
  RunStatistics statistics() const;
  /// Where the cycles of each link went, the image link first.
  std::vector<Ledger> link_ledgers() const;

  Accelerator& accelerator() { return accelerator_; }
  const RegisterFile& registers() const { return registers_; }
  const Dma& dma() const { return dma_; }

 private:
  enum class Phase { resetting, idle, loading, running };
  enum Priority { kSpill, kResult, kImage, kWeights };

  struct Command {
    std::uint32_t bits;
    sc_core::sc_time when;
  };

  struct Job {
    std::uint64_t images{};
    std::uint64_t input{};
    std::uint64_t output{};
    std::uint64_t spill{};
    std::uint64_t fetched{};  ///< or being fetched
    std::uint64_t pushed{};   ///< to the accelerator's door
    std::uint64_t taken{};    ///< by the accelerator
    std::uint64_t made{};     ///< results
    std::uint64_t stored{};
    std::uint64_t idle_until_last_push{};
    WorkDone at_begin;
  };

  // Target
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
  void begin(tlm::tlm_generic_payload& payload) override;
  unsigned debug(tlm::tlm_generic_payload& payload) override;
  void access_registers(tlm::tlm_generic_payload& payload, const sc_core::sc_time& when);
  void on_register_write(Register which, std::uint32_t value);

  // Control, at the control moments of the clock grid
  void control();
  void wake_control(const sc_core::sc_time& after);
  void take_commands();
  void obey(std::uint32_t bits);
  void begin_reset(std::uint32_t pending_afterwards);
  void step_reset();
  void fail(std::uint32_t error, std::uint64_t address);
  void fail(const DmaFault& fault);

  // A network
  void begin_load();
  void load_rest(const std::vector<std::uint8_t>& header);
  void accept_image(std::vector<std::uint8_t> image);
  void use_weights(std::size_t layer, const std::vector<std::uint8_t>& section);

  // A job
  void begin_job();
  bool job_is_possible() const;
  void advance_job();
  void fetch_images();
  void push_images();
  void fetch_weights();
  void spill();
  void store_results();
  void end_job();
  WorkDone work_done() const;

  void set_phase(Phase phase);
  void raise(std::uint32_t pending);
  void drive_interrupt();
  void bind_accelerator();
  void attach_conditions();

  const ClockGrid grid_;
  const Configuration configuration_;
  const TlmAcceleratorOptions options_;
  const golden::Network shapes_;
  const bool results_are_bytes_;

  Clock clock_;
  sc_core::sc_signal<bool> rst_n_{"rst_n"};
  LinkGates gates_;
  Accelerator accelerator_;
  ImageFeeder feeder_;
  ResultCollector collector_;
  Dma dma_;
  FourPhaseTarget registers_port_{"registers", *this};
  RegisterFile registers_;
  sc_core::sc_time access_time_;

  std::vector<std::unique_ptr<WeightBuffer>> weights_;  ///< by layer
  std::vector<std::unique_ptr<ZSpill>> spills_;         ///< by layer; null where there is none

  Phase phase_{Phase::resetting};
  int reset_age_{0};
  std::uint32_t pending_after_reset_{0};
  std::deque<Command> commands_;
  std::vector<std::uint8_t> image_;  ///< of the loaded network
  std::vector<NetworkSection> sections_;
  std::uint64_t network_address_{0};
  std::uint64_t stream_images_{0};  ///< through the accelerator since reset, before this job
  Job job_;
  std::map<std::uint64_t, std::vector<std::uint8_t>> arrived_;  ///< images, by number in the job
  std::deque<std::vector<std::uint8_t>> results_;

  sc_core::sc_event_queue control_event_{"control_event"};
  std::set<sc_core::sc_time> control_times_;
  sc_core::sc_event interrupt_event_;
};

}  // namespace cfc
