#include "platform/system/arrivals.h"

#include <random>

#include <fmt/format.h>

#include "support/error.h"

namespace cfc {
namespace {

/// Seconds in which a double still holds every picosecond of simulated time.
constexpr double kLongestRun = 9000;

void check_end(const Arrivals& arrivals, std::size_t images, double end) {
  if (end <= kLongestRun) return;
  throw InputError(fmt::format(
      "--rate {:g}: the last of {} images would come after {:.4g} s, and simulated time "
      "goes up to {:g} s; give a higher rate or fewer --images",
      arrivals.images_per_second, images, end, kLongestRun));
}

}  // namespace

std::vector<double> arrival_times(const Arrivals& arrivals, std::size_t images) {
  std::vector<double> times(images, 0.0);
  if (arrivals.kind == ArrivalKind::back_to_back) return times;
  std::mt19937_64 generator(arrivals.seed);
  std::exponential_distribution<double> gap(arrivals.images_per_second);
  double now = 0;
  for (double& time : times) {
    now += arrivals.kind == ArrivalKind::periodic ? 1 / arrivals.images_per_second : gap(generator);
    time = now;
  }
  check_end(arrivals, images, now);
  return times;
}

std::string to_string(ArrivalKind kind) {
  switch (kind) {
    case ArrivalKind::back_to_back:
      return "back_to_back";
    case ArrivalKind::periodic:
      return "periodic";
    case ArrivalKind::poisson:
      return "poisson";
  }
  return "?";
}

}  // namespace cfc
