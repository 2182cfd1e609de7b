#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <systemc>

#include "golden/network.h"
#include "platform/accelerator/tlm_accelerator.h"
#include "platform/bus/blocking_initiator.h"
#include "platform/bus/protocol_checker.h"
#include "platform/dram/memory_target.h"

namespace cfc::testing {

/// Where the test platform keeps things in its memory.
constexpr std::uint64_t kNetworkAt = 0x10000;
constexpr std::uint64_t kImagesAt = 0x100000;
constexpr std::uint64_t kResultsAt = 0x800000;
constexpr std::uint64_t kSpillAt = 0xF00000;
constexpr std::uint64_t kMemoryBytes = 0x1000000;

/// One accelerator and one memory, a checker in every connection, and a host whose program the test
/// gives.
class TestPlatform : public sc_core::sc_module {
 public:
  using MakeMemory = std::function<std::unique_ptr<MemoryTarget>()>;

  /// Binds the initiator that leads to the memory, to it or to something between.
  using Initiator = decltype(ProtocolChecker::to_target);
  using Connect = std::function<void(Initiator&, MemoryTarget&)>;

  TestPlatform(const sc_core::sc_module_name& name, const golden::Network& network,
               const Configuration& configuration, CodingStyle style, const MakeMemory& make_memory,
               TlmAcceleratorOptions options = {}, const Connect& connect = straight);

  static void straight(Initiator& initiator, MemoryTarget& memory) {
    initiator.bind(memory.socket());
  }

  /// Runs a program on the host until it ends or a second of simulated time is over. Returns false
  /// in the second case.
  bool run(std::function<void()> program);

  // For programs.
  std::uint32_t get(Register which);
  std::uint64_t get64(Register low);
  void set(Register which, std::uint32_t value);
  void set64(Register low, std::uint64_t value);
  /// Waits until the interrupt is high or `patience` is over; clears and returns what is pending.
  std::uint32_t take_interrupt(const sc_core::sc_time& patience);
  /// Puts network and images into memory and loads; returns what the interrupt said.
  std::uint32_t load(const golden::Network& network);
  void put_network(const golden::Network& network);
  void put_images(const golden::MatrixU8& images);
  /// Starts a job and waits for its interrupt; returns what that said.
  std::uint32_t start(std::uint32_t images, std::uint32_t weight_period = 0,
                      std::uint32_t options = 0);
  void start_only(std::uint32_t images, std::uint32_t weight_period, std::uint32_t options);
  /// The results in memory, images x outputs.
  golden::MatrixS32 results(golden::Index images);
  /// Everything that the checkers noted.
  std::string violations() const;

  std::unique_ptr<MemoryTarget> memory;
  TlmAccelerator accelerator;
  BlockingInitiator host;
  sc_core::sc_signal<bool> interrupt{"interrupt"};
  ProtocolChecker register_checker{"register_checker"};
  ProtocolChecker memory_checker{"memory_checker"};

 private:
  void run_program();

  const golden::Network network_;
  std::function<void()> program_;
  bool ended_{false};
};

/// A memory of constant latency.
TestPlatform::MakeMemory simple_memory();

}  // namespace cfc::testing
