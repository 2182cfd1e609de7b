#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <systemc>

#include "configuration/configuration.h"
#include "golden/network.h"
#include "platform/accelerator/tlm_accelerator.h"
#include "platform/bus/tlm_bus.h"
#include "platform/dram/dram_parameters.h"
#include "platform/dram/memory_target.h"
#include "platform/system/arrivals.h"
#include "platform/system/platform_host.h"
#include "platform/system/platform_stages.h"

namespace cfc {

/// A platform to be built.
struct PlatformBasis {
  std::optional<DramParameters> dram;  ///< empty: a memory that answers after 10 ns, at any rate
  CodingStyle style{CodingStyle::approximately_timed};
  unsigned accelerators{1};
  Parallelism parallelism{Parallelism::data};
  unsigned bus_bytes{32};  ///< of data a cycle
  JobPolicy policy;
  Arrivals arrivals;
};

/// A platform, and what runs on it.
struct PlatformPlan {
  const golden::Network& network;
  const Configuration& configuration;
  const golden::MatrixU8& images;     ///< images x pixels
  const golden::MatrixS32& expected;  ///< images x logits, from the golden model
  PlatformBasis basis;
};

/// What memory, bus and accelerators have done up to a moment.
struct PlatformCounters {
  std::uint64_t memory_read_bytes{};
  std::uint64_t memory_written_bytes{};
  std::map<std::string, double> memory;  ///< MemoryTiming::statistics
  double bus_to_memory_busy_s{};
  double bus_back_busy_s{};  ///< the ways back to the accelerators together
  std::vector<RunStatistics> accelerators;
};

/// Host, bus, memory and accelerators: the images lie in memory as they arrive, and the results of
/// every job are compared with what golden says.
class Platform : public sc_core::sc_module {
 public:
  /// Throws InputError where there are fewer layers than accelerators to share them.
  Platform(const sc_core::sc_module_name& name, const PlatformPlan& plan);

  /// Runs to the end of the last job (`host().finished()`) or to an interrupt. Throws InputError
  /// after the policy's time-out, std::runtime_error where an accelerator reports another error or
  /// nothing happens any more.
  void run();

  const PlatformHost& host() const { return *host_; }

  /// When the networks were loaded, and now.
  const PlatformCounters& counters_at_begin() const { return at_begin_; }
  PlatformCounters counters() const;

  /// What accelerator `index` computes.
  const PlatformStage& stage_of(unsigned index) const { return stages_[index % stages_.size()]; }
  const std::vector<PlatformStage>& stages() const { return stages_; }

 private:
  MemoryMap memory_map(const PlatformPlan& plan) const;
  void simulate();

  const sc_core::sc_time stretch_;  ///< that is simulated without a look at interrupts
  const std::vector<PlatformStage> stages_;
  PlatformCounters at_begin_;
  std::vector<std::unique_ptr<TlmAccelerator>> accelerators_;
  std::unique_ptr<MemoryTarget> memory_;
  std::unique_ptr<TlmBus> bus_;
  std::unique_ptr<PlatformHost> host_;
  sc_core::sc_vector<sc_core::sc_signal<bool>> interrupts_{"interrupt"};
};

}  // namespace cfc
