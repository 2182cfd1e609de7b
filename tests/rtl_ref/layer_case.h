#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

/// Random accelerators with behavioural results and closed-form cycles: the oracle of the RTL
/// bench. Written from docs/reference only; uses neither the golden library nor the SystemC model.
namespace rtl_bench {

using Row = std::vector<std::int64_t>;
using Matrix = std::vector<Row>;
using Random = std::mt19937_64;

enum class Schedule { dense, sequential, streaming };

/// u8 from sums: clip(round(sum * multiplier / 2^shift) + zero_point, lo, hi).
struct Scale {
  Row multipliers{1};          ///< 1 or n
  std::vector<int> shifts{0};  ///< as many
  int multiplier_bits{1};
  int zero_point{0}, lo{0}, hi{255};

  bool is_per_output() const { return shifts.size() > 1; }
};

struct Layer {
  Schedule schedule{Schedule::dense};
  int m{1}, n{1}, r{1};
  int lanes_u{1}, lanes_v{1};
  int issue{0};  ///< 0 overlapped, 1 stepped
  int read_latency{0}, multiply_latency{0}, adder_latency{0}, requantise_latency{0},
      v_read_latency{0};
  int in_beat_width{1}, link_width{1}, input_buffers{1}, psum_storage{0};
  int w_bits{8}, u_bits{8}, v_bits{8}, z_bits{16}, z_shift{0};
  std::optional<Scale> scale;  ///< none: the sums leave
  Matrix w;                    ///< m x n (dense)
  Matrix u;                    ///< m x r
  Matrix v;                    ///< r x n
  Row bias;                    ///< n

  int input_beats() const;
  int output_beat_width() const;
  int output_beats() const;
  int output_bits() const { return scale ? 8 : 32; }
  /// Cycles in Run, the closed form of docs/reference/timing.md.
  int run_cycles() const;
};

/// A chain of layers, images for it, and what comes out.
struct Case {
  std::uint64_t seed{};
  std::vector<Layer> layers;
  Matrix images;        ///< images x m of the first layer, u8
  Matrix outputs;       ///< images x n of the last layer
  int gap_percent{};    ///< cycles in which the source offers nothing
  int stall_percent{};  ///< cycles in which the sink is not ready
  int reset_cycle{};    ///< reset again in this cycle; 0: never

  /// First beat offered to last beat taken, both included; where a closed form is known: a single
  /// layer without gaps, stalls and reset.
  std::optional<int> total_cycles() const;
};

/// `kind`: dense, sequential, streaming (one layer), network (two or three layers of any kind), or
/// worked_example, the page's own: one image, streaming, 784 -> 50 at rank 30, all at full width.
Case draw_case(const std::string& kind, std::uint64_t seed);

int ceil_div(int a, int b);

}  // namespace rtl_bench
