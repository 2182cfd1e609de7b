#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "configuration/configuration.h"
#include "configuration/statistics.h"
#include "golden/dataset.h"
#include "golden/network.h"
#include "testbench/accelerator_bench.h"
#include "testbench/scoreboard.h"

namespace cfc {

/// A stream of images to be run through the SystemC model and held against the golden model.
struct StreamTask {
  const golden::Network& network;    ///< what the SystemC model computes
  const golden::Network& reference;  ///< what the golden model computes; usually the same
  const Configuration& configuration;
  const golden::Dataset& dataset;
  golden::Index first_image;  ///< of the data set
  golden::Index images;
};

/// What the stream came to.
struct StreamResult {
  Verdict verdict;
  RunStatistics statistics;  ///< empty where the run was interrupted
  /// The timing model predicts the very same statistics.
  bool timing_model_agrees{};
  double simulation_seconds{};  ///< processor time in the SystemC kernel, summed over processes
  bool interrupted{};
};

/// Runs the stream in `jobs` processes. Whatever `jobs` is, the result is that of one uninterrupted
/// stream: each process also simulates a few images before and behind its share, so that the
/// pipeline is in its steady state where the shares meet, and it is checked there that both
/// neighbours saw the same cycle counts, accesses and states. Should they not agree, the stream is
/// run in one process.
StreamResult run_stream(const StreamTask& task, int jobs);

/// Called now and then while a bench is simulated, with the images that have left it since.
using WatchImages = std::function<void(std::uint64_t images)>;

/// Simulates until the stream of a bench is through or interrupted. Throws std::runtime_error if no
/// image leaves for far longer than any can take.
void simulate(AcceleratorBench& bench, const Configuration& configuration,
              const WatchImages& watch);

}  // namespace cfc
