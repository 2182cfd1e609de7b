#pragma once

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "cfcsim/platform/platform_run.h"

namespace cfc {

/// A network, the machine that computes it, and what golden says of the images.
struct PlatformSubject {
  golden::Network network;
  Configuration configuration;
  golden::MatrixS32 expected;
};

/// Whether there is a layer whose z may go through memory.
bool can_spill_z(const Configuration& configuration);

/// The platform as `basis` says, once.
nlohmann::json single_experiment(const PlatformBasis& basis, const golden::MatrixU8& images,
                                 const PlatformSubject& subject, const explore::EnergyTable& table);

/// Weights on chip, fetched for every image, or for batches of 1, 4, 16 and 64; z fused, and
/// unfused where a subject's schedule is sequential.
nlohmann::json placement_experiment(
    const PlatformBasis& basis, const golden::MatrixU8& images,
    const std::vector<std::pair<std::string, PlatformSubject>>& subjects,
    const explore::EnergyTable& table);

/// What one and two accelerators can do back to back, then their latencies at Poisson loads up to
/// that of one, and of two; with each of `policies`. A run's `load` is its share of what was
/// done back to back.
nlohmann::json load_experiment(const PlatformBasis& basis, const golden::MatrixU8& images,
                               const PlatformSubject& subject,
                               const std::vector<JobPolicy>& policies,
                               const explore::EnergyTable& table);

/// One accelerator, then 2 to one a layer, which share images or layers, with weights on chip and
/// fetched for every batch.
nlohmann::json parallel_experiment(const PlatformBasis& basis, const golden::MatrixU8& images,
                                   const PlatformSubject& subject,
                                   const explore::EnergyTable& table);

/// The tables of a result for people.
std::string platform_text(const nlohmann::json& document);

}  // namespace cfc
