#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "golden/network.h"

namespace cfc {

/// m x n, and the rank where the weights are factorised.
struct LayerShape {
  int m{};
  int n{};
  std::optional<int> r;
};

/// How a layer orders its work (docs/reference/timing.md).
enum class Schedule {
  dense,       ///< one dot product over m per output (Fig. 6a)
  sequential,  ///< Fig. 6a twice, first U, then V
  streaming,   ///< DCL and DIL at the same time (Fig. 6b)
};

/// What a schedule is, as far as more than its engines must know.
struct ScheduleTraits {
  Schedule schedule;
  const char* name;
  bool uses_factors;      ///< it computes with U and V; else with W itself
  bool sends_at_the_end;  ///< all outputs are there with the end of Run; else one by one before it
  /// Operations of one image that follow one another, in the paper's count (Fig. 6, sec. 3.2).
  int (*operations)(const LayerShape& shape);
  /// Elements of the vectors that V-MC works off, tile by tile.
  int (*vector_v)(const LayerShape& shape);
};

/// Every schedule, in the order in which results name them.
inline constexpr std::array kScheduleTraits{
    ScheduleTraits{Schedule::dense, "dense", false, false,
                   [](const LayerShape& shape) { return shape.n; },
                   [](const LayerShape& shape) { return shape.n; }},
    ScheduleTraits{Schedule::sequential, "sequential", true, false,
                   [](const LayerShape& shape) { return *shape.r + shape.n; },
                   [](const LayerShape& shape) { return *shape.r; }},
    ScheduleTraits{Schedule::streaming, "streaming", true, true,
                   [](const LayerShape& shape) { return *shape.r + 1; },
                   [](const LayerShape& shape) { return shape.n; }}};

inline constexpr auto kSchedules = [] {
  std::array<Schedule, kScheduleTraits.size()> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = kScheduleTraits[i].schedule;
  return all;
}();

/// That of plain weights, whatever is asked of a layer that has them.
inline constexpr Schedule kPlainSchedule = Schedule::dense;

/// The row of a schedule in the table; throws std::logic_error on a value that has none.
constexpr const ScheduleTraits& traits_of(Schedule schedule) {
  for (const ScheduleTraits& traits : kScheduleTraits) {
    if (traits.schedule == schedule) return traits;
  }
  throw std::logic_error("a schedule without traits");
}

/// Whether the schedule computes with the factors U and V; else with W itself.
constexpr bool uses_factors(Schedule schedule) { return traits_of(schedule).uses_factors; }

/// When the next tile enters a calculator.
enum class Issue {
  overlapped,  ///< a tile every cycle
  stepped,     ///< after Compute, Multiply and Accumulate of the tile before it
};

inline constexpr std::array kIssues{Issue::overlapped, Issue::stepped};

/// Where DIL keeps its n running sums.
enum class PsumStorage { registers, memory };

inline constexpr std::array kPsumStorages{PsumStorage::registers, PsumStorage::memory};

/// One layer of the accelerator, every value resolved. Widths are in elements, latencies in cycles
/// beyond the one that each stage takes anyway.
struct LayerConfiguration {
  LayerShape shape;
  Schedule schedule{Schedule::streaming};
  int lanes_u{1};  ///< multipliers in U-MC (and of a dense layer's calculator)
  int lanes_v{1};  ///< multipliers in V-MC
  Issue issue{Issue::overlapped};
  int read_latency{0};
  int multiply_latency{0};
  int adder_latency{0};
  int requantise_latency{0};  ///< 0 or 1: a register between a complete sum and what follows it
  int v_read_latency{0};      ///< of DIL, from V's memory to the multipliers
  int link_width{1};          ///< elements a cycle on the layer's output link
  int input_buffers{1};  ///< 1: MCM writes or reads; 2: it loads the next image while computing
  PsumStorage psum_storage{PsumStorage::registers};

  int tiles_u() const { return ceil_div(shape.m, lanes_u); }   ///< T_u
  int tiles_v() const { return ceil_div(shape.n, lanes_v); }   ///< T_v
  int tiles_z() const { return ceil_div(*shape.r, lanes_v); }  ///< T_z
  int vector_v() const { return traits_of(schedule).vector_v(shape); }
  int operations() const { return traits_of(schedule).operations(shape); }
  bool sends_at_the_end() const { return traits_of(schedule).sends_at_the_end; }
  /// Cycles from the end of a tile's period to its retirement: 0 when stepped, there the latencies
  /// lengthen the period instead.
  int retire_depth() const { return issue == Issue::overlapped ? latency_sum() : 0; }
  /// D, the same to the result.
  int pipeline_depth() const { return retire_depth() + requantise_latency; }
  /// D_v, cycles from the last tile of V to the complete outputs of DIL.
  int row_drain() const { return row_latency() + requantise_latency; }
  /// Cycles from a tile of V in Run to its products in the running sums.
  int row_latency() const { return v_read_latency + multiply_latency; }
  /// II, cycles between two tiles of a dot product.
  int tile_period() const { return issue == Issue::overlapped ? 1 : 3 + latency_sum(); }
  /// Elements in one beat of the output link: one where each output is sent as it is made.
  int output_beat_width() const { return sends_at_the_end() ? link_width : 1; }
  int output_beats() const { return ceil_div(shape.n, output_beat_width()); }

  static int ceil_div(int a, int b) { return (a + b - 1) / b; }

 private:
  int latency_sum() const { return read_latency + multiply_latency + adder_latency; }
};

/// Where a clock period is from.
enum class ClockOrigin {
  configured,   ///< asked for
  synthesised,  ///< what standard cells allow this very machine
  fitted,       ///< what they allow it by a fit to machines that were synthesised
};

/// Clock periods are multiples of it: sc_time counts picoseconds, and the first edge comes after
/// half a period.
inline constexpr double kClockStepNs = 0.002;

/// A whole accelerator, every value resolved and checked.
struct Configuration {
  double clock_period_ns{10.0};
  int input_link_width{1};  ///< elements a cycle from the image source to layer 1
  std::vector<LayerConfiguration> layers{};
  ClockOrigin clock_origin{ClockOrigin::configured};  ///< of `clock_period_ns`
};

/// Shapes of a network's layers, as `resolve` wants them.
std::vector<LayerShape> shapes_of(const golden::Network& network);

std::string to_string(Schedule schedule);
std::string to_string(Issue issue);
std::string to_string(PsumStorage storage);
std::string to_string(ClockOrigin origin);

}  // namespace cfc
