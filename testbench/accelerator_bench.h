#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include <systemc>
#include <tlm>

#include "configuration/statistics.h"
#include "sc_model/accelerator.h"
#include "sc_model/hardware/clock.h"
#include "testbench/image_source.h"
#include "testbench/logits_sink.h"

namespace cfc {

/// The accelerator between a source of images and a sink of logits, with clock and reset. Driven
/// from outside any process: `reset`, then `run`.
class AcceleratorBench : public sc_core::sc_module, public tlm::tlm_analysis_if<LogitsEvent> {
 public:
  /// Streams rows `begin` to `end - 1` of `images`, which must outlive the bench.
  AcceleratorBench(const sc_core::sc_module_name& name, const golden::Network& network,
                   const Configuration& configuration, const golden::MatrixU8& images,
                   golden::Index begin, golden::Index end, LinkTap* tap = nullptr);

  /// One clock cycle of reset; the stream begins again with its first image.
  void reset();

  /// Runs `cycles` clock cycles.
  void run(std::uint64_t cycles);

  bool finished() const { return sink_.images() == images_in_stream_; }
  std::uint64_t images() const { return sink_.images(); }
  Accelerator& accelerator() { return accelerator_; }
  LogitsSink& sink() { return sink_; }

  /// Clock cycles since the last reset; the first beat is offered in cycle 0.
  std::uint64_t cycles() const;

  /// The cycle in which a time (in units of the kernel's resolution) after the last reset lies.
  std::uint64_t cycle_at(std::uint64_t time) const;

  /// What has happened up to now.
  RunStatistics statistics() const;

  /// Asks for the statistics up to the cycle in which image number `images` (from 1) leaves.
  void record_after(std::uint64_t images) { wanted_.insert(images); }

  /// The statistics that `record_after` asked for; throws std::out_of_range before they are there.
  const RunStatistics& recorded_after(std::uint64_t images) const { return recorded_.at(images); }

  /// States of all controllers when image number `images` had left, as text.
  const std::string& states_after(std::uint64_t images) const { return states_.at(images); }

 private:
  SC_HAS_PROCESS(AcceleratorBench);
  void write(const LogitsEvent& event) override;
  void record();
  std::string states() const;

  const sc_core::sc_time period_;
  const std::uint64_t images_in_stream_;
  Clock clock_;
  sc_core::sc_signal<bool> rst_n_{"rst_n"};
  Accelerator accelerator_;
  ImageSource source_;
  LogitsSink sink_;
  sc_core::sc_time start_;
  sc_core::sc_event record_event_{"record_event"};
  std::set<std::uint64_t> wanted_;
  std::map<std::uint64_t, RunStatistics> recorded_;
  std::map<std::uint64_t, std::string> states_;
};

}  // namespace cfc
