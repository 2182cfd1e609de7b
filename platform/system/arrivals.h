#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cfc {

/// When images come to a platform.
enum class ArrivalKind {
  back_to_back,  ///< there is always one more
  periodic,
  poisson,
};

struct Arrivals {
  ArrivalKind kind{ArrivalKind::back_to_back};
  double images_per_second{};  ///< on average; not used back to back
  std::uint64_t seed{1};       ///< Poisson
};

/// Arrival times in seconds from the beginning, ascending; all 0 back to back. Throws InputError at
/// a rate so low that they leave the range of simulated time.
std::vector<double> arrival_times(const Arrivals& arrivals, std::size_t images);

std::string to_string(ArrivalKind kind);

}  // namespace cfc
