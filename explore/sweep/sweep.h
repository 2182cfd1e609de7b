#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "explore/sweep/sweep_store.h"

namespace cfc::explore {

/// Every `count`-th point, beginning with number `index` (from 1).
struct Shard {
  std::uint64_t index{1};
  std::uint64_t count{1};
};

/// What is to be swept. Points are numbered network by network.
struct SweepPlan {
  std::vector<NetworkFacts> networks;
  Grid grid;
  Settings base;  ///< what the grid does not set
  SweepSetting setting;
  Shard shard;

  /// Points of the shard.
  std::uint64_t points() const;
};

/// What a sweep came to.
struct SweepSummary {
  std::uint64_t computed{};          ///< points that were not known, failed ones among them
  std::uint64_t known{};             ///< points that were, or that are equal to another one
  std::vector<std::string> digests;  ///< of all of them
  bool interrupted{};
};

/// Looked at, and called, several times a second.
struct SweepHooks {
  std::function<bool()> stop;
  std::function<void(std::uint64_t points)> show_progress;
};

/// Evaluates the points of a plan that the store does not have, in `jobs` threads, and stores them
/// several times a second, so that an end at any moment loses no more than the last fraction of a
/// second. A point that cannot be evaluated is stored as failed. Throws InputError where the store
/// does.
SweepSummary run_sweep(const SweepPlan& plan, SweepStore& store, int jobs, const SweepHooks& hooks);

}  // namespace cfc::explore
