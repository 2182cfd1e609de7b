#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "golden/network.h"

namespace cfc {

/// How a layer orders its work (docs/reference/timing.md).
enum class Schedule {
  dense,       ///< one dot product over m per output (Fig. 6a): n operations
  sequential,  ///< Fig. 6a twice, first U, then V: r + n operations
  streaming,   ///< DCL and DIL at the same time (Fig. 6b): r + 1 operations
};

/// Every schedule, in the order in which results name them.
inline constexpr std::array kSchedules{Schedule::dense, Schedule::sequential, Schedule::streaming};

/// Whether the schedule computes with the factors U and V; else with W itself.
constexpr bool uses_factors(Schedule schedule) { return schedule != Schedule::dense; }

/// When the next tile enters a calculator.
enum class Issue {
  overlapped,  ///< a tile every cycle
  stepped,     ///< after Compute, Multiply and Accumulate of the tile before it
};

inline constexpr std::array kIssues{Issue::overlapped, Issue::stepped};

/// Where DIL keeps its n running sums.
enum class PsumStorage { registers, memory };

inline constexpr std::array kPsumStorages{PsumStorage::registers, PsumStorage::memory};

/// m x n, and the rank where the weights are factorised.
struct LayerShape {
  int m{};
  int n{};
  std::optional<int> r;
};

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
  int link_width{1};     ///< elements a cycle on the layer's output link
  int input_buffers{1};  ///< 1: MCM writes or reads; 2: it loads the next image while computing
  PsumStorage psum_storage{PsumStorage::registers};

  int tiles_u() const { return ceil_div(shape.m, lanes_u); }   ///< T_u
  int tiles_v() const { return ceil_div(shape.n, lanes_v); }   ///< T_v
  int tiles_z() const { return ceil_div(*shape.r, lanes_v); }  ///< T_z
  /// Operations of one image that follow one another, in the paper's count (Fig. 6, sec. 3.2).
  int operations() const {
    switch (schedule) {
      case Schedule::dense:
        return shape.n;
      case Schedule::sequential:
        return *shape.r + shape.n;
      case Schedule::streaming:
        return *shape.r + 1;
    }
    return 0;
  }
  /// D, 0 when stepped: there the latencies lengthen the period instead.
  int pipeline_depth() const { return issue == Issue::overlapped ? latency_sum() : 0; }
  /// II, cycles between two tiles of a dot product.
  int tile_period() const { return issue == Issue::overlapped ? 1 : 3 + latency_sum(); }
  /// Elements in one beat of the output link: only a streaming layer has several at once.
  int output_beat_width() const { return schedule == Schedule::streaming ? link_width : 1; }
  int output_beats() const { return ceil_div(shape.n, output_beat_width()); }

  static int ceil_div(int a, int b) { return (a + b - 1) / b; }

 private:
  int latency_sum() const { return read_latency + multiply_latency + adder_latency; }
};

/// A whole accelerator, every value resolved and checked.
struct Configuration {
  double clock_period_ns{10.0};
  int input_link_width{1};  ///< elements a cycle from the image source to layer 1
  std::vector<LayerConfiguration> layers;
};

/// Shapes of a network's layers, as `resolve` wants them.
std::vector<LayerShape> shapes_of(const golden::Network& network);

std::string to_string(Schedule schedule);
std::string to_string(Issue issue);
std::string to_string(PsumStorage storage);

}  // namespace cfc
