#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <systemc>

#include "golden/network.h"
#include "platform/accelerator/register_file.h"
#include "platform/bus/blocking_initiator.h"

namespace cfc {

/// How images become jobs.
struct JobPolicy {
  std::uint32_t batch{1};          ///< images of a job, at most
  double batch_time_out_s{0};      ///< a job begins with fewer when the oldest has waited so long
  std::uint32_t weight_period{0};  ///< images for which weights are fetched once; 0: on chip
  bool spill_z{false};
  std::uint32_t time_out_cycles{0};  ///< without an answer from memory, an error; 0: never
};

/// The network of a stage of the computation as it lies in memory, and where its input and its
/// results do: those of the last stage are logits.
struct StageMap {
  std::vector<std::uint8_t> network_image;
  std::uint64_t network{};
  std::uint64_t input{};
  std::uint64_t input_stride{};
  std::uint64_t output{};
  std::uint64_t output_stride{};
  std::size_t output_bytes{4};  ///< of a result: 1 where the last layer requantises
};

/// Where things lie, as the host and the accelerators see it. Every stride is a multiple of 64.
struct MemoryMap {
  std::uint64_t registers{};  ///< of accelerator 0
  std::uint64_t register_stride{};
  std::vector<StageMap> stages;  ///< one that all accelerators compute, or one for each
  std::uint64_t spill{};
  std::uint64_t spill_stride{};  ///< from accelerator to accelerator
  std::uint64_t end{};
};

/// What a host drives, and with what.
struct HostTask {
  const golden::MatrixU8& images;     ///< images x pixels
  const golden::MatrixS32& expected;  ///< images x logits
  CodingStyle style{CodingStyle::approximately_timed};
  unsigned accelerators{1};
  MemoryMap map{};
  JobPolicy policy{};
  std::vector<double> arrivals{};  ///< of the images, in seconds, ascending
  bool back_to_back{};             ///< an image arrives when its job begins
};

/// What an accelerator reported instead of what was expected.
struct AcceleratorFailure {
  unsigned accelerator{};
  std::uint32_t error{};  ///< error_bits
  std::uint64_t address{};
};

/// What the host saw. Times in seconds.
struct HostRecord {
  sc_core::sc_time begin;         ///< networks loaded, images may come
  sc_core::sc_time end;           ///< the last job's interrupt has been served
  std::vector<double> latency_s;  ///< by image, from arrival (back to back: from its job's start)
                                  ///< to the interrupt served
  std::uint64_t wrong_logits{};
  std::uint64_t jobs{};  ///< batches
  double queue_mean{};   ///< images waiting, over time
  std::uint64_t queue_max{};
  std::uint64_t wait_weights_cycles{};  ///< sums over jobs of the accelerators' counters
  std::uint64_t wait_z_cycles{};
  std::uint64_t wait_input_cycles{};
  std::uint64_t wait_output_cycles{};
  std::vector<std::uint64_t> job_cycles;      ///< by accelerator: busy
  std::vector<std::uint64_t> weight_fetches;  ///< by accelerator: of its whole network
  std::optional<AcceleratorFailure> failure;
};

/// The software of a platform as one SystemC thread: puts network and images into memory, forms
/// jobs, deals them out to idle accelerators (or passes them from stage to stage), takes their
/// interrupts and checks their results.
class PlatformHost : public sc_core::sc_module {
 public:
  sc_core::sc_vector<sc_core::sc_in<bool>> i_interrupts;

  /// The networks are loaded; what is measured begins. May be empty.
  std::function<void()> on_begin;

  PlatformHost(const sc_core::sc_module_name& name, HostTask task);

  tlm_utils::simple_initiator_socket<FourPhaseInitiator>& socket() { return initiator_.socket(); }
  const HostRecord& record() const { return record_; }
  bool finished() const { return finished_; }

 private:
  struct Job {
    std::size_t first;
    std::size_t count;
  };
  struct Accelerator {
    std::uint64_t registers;
    std::size_t stage;
    std::optional<Job> job;
  };

  void run();
  void fill_memory();
  void load_networks();
  void serve();
  void admit_arrivals();
  void start_jobs();
  bool job_is_due() const;
  bool is_held_up(std::size_t stage) const;
  std::optional<Job> next_job(std::size_t stage);
  Job new_job();
  void start(unsigned index, const Job& job);
  void finish(unsigned index);
  void finish(const Job& job);
  void check(const Job& job);
  void wait_for_something();
  void account_queue();
  double now_s() const;
  bool take_interrupt(unsigned index, std::uint32_t expected);
  void write(unsigned index, Register which, std::uint32_t value);
  void write_address(unsigned index, Register low, std::uint64_t base, std::uint64_t offset);
  std::uint32_t read(unsigned index, Register which);
  std::uint64_t read64(unsigned index, Register low);

  BlockingInitiator initiator_;
  HostTask task_;
  std::vector<Accelerator> accelerators_;
  std::vector<std::deque<Job>> waiting_;  ///< by stage: jobs that the stage before has done
  sc_core::sc_event_or_list interrupts_;
  std::size_t arrived_{0};  ///< images that have come
  std::size_t dealt_{0};    ///< images in jobs
  std::size_t done_{0};
  double queue_integral_{0};
  double queue_since_{0};
  HostRecord record_;
  bool finished_{false};
};

}  // namespace cfc
