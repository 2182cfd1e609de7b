#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "configuration/configuration_file.h"
#include "explore/timing/engine/layer_widths.h"

namespace cfc::explore {

/// One FC layer of which only the shape is known: all that timing and accesses depend on.
struct WorkloadLayer {
  std::string name;
  LayerShape shape;
  LayerWidths widths;
  std::uint64_t vectors{1};  ///< input vectors that an inference sends through it
  std::uint64_t repeat{1};   ///< such layers, one behind the other, in an inference
  /// Of the multiplier that brings a sum to an activation; 0: a shift does it, or nothing.
  int requantisation_bits{0};
  /// Shares of weights and of inputs that are not zero, 0 to 1. No schedule skips zeros yet.
  double weight_density{1};
  double input_density{1};
};

/// Layers that one stream of vectors runs through as through a network: each takes what the one
/// before it sends. A layer of other vectors, repeats or inputs begins a new chain.
struct Chain {
  std::size_t first{};              ///< place of its first layer in the workload, from 0
  std::vector<LayerWidths> widths;  ///< of its layers
  std::uint64_t vectors{1};
  std::uint64_t repeat{1};
};

/// A network without weights (docs/reference/workloads.md). Its chains run one after the other.
struct Workload {
  std::string name;
  std::string source;  ///< where its shapes are from
  std::vector<WorkloadLayer> layers;

  std::vector<LayerShape> shapes() const;
  std::vector<LayerWidths> widths() const;
  std::vector<Chain> chains() const;
};

/// The machine that settings make for a workload. `full` of the input link is as many elements as
/// any chain takes. Throws InputError where `cfc::resolve` does.
Configuration resolve(const Settings& settings, const Workload& workload);

/// The shapes of a network: one chain.
Workload workload_of(const golden::Network& network);

/// Reads a YAML file. Throws InputError, naming file, line and key.
Workload read_workload(const std::filesystem::path& file);

}  // namespace cfc::explore
