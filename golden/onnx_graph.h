#pragma once

// What the ONNX reader and writer agree on (docs/reference/networks.md). Internal to golden.

#include <cstdint>
#include <string>

#include "golden/fixed_point.h"

namespace cfc::golden::onnx_graph {

inline constexpr const char* kInput = "image";
inline constexpr const char* kOutput = "logits";
inline constexpr const char* kMetadataPrefix = "cfcsim.";
inline constexpr std::int64_t kOpset = 15;
inline constexpr std::int64_t kIrVersion = 8;

/// z = clip((a + 2^(s-1)) >> s) out of operators whose division truncates: clip first, to the range
/// that the shift maps onto z's, then shift the range to start at 0, where truncation is floor.
struct ZConstants {
  ZConstants(int shift, int bits)
      : rounding(shift > 0 ? std::int32_t{1} << (shift - 1) : 0),
        divisor(std::int64_t{1} << shift),
        lowest(signed_range(bits).lo),
        clip_lo(std::int64_t{lowest} * divisor),
        clip_hi(std::int64_t{signed_range(bits).hi} * divisor + divisor - 1) {}

  std::int32_t rounding;
  std::int64_t divisor;
  std::int32_t lowest;
  std::int64_t clip_lo;
  std::int64_t clip_hi;
};

/// ((a * multiplier + 2^(s-1)) >> s) + zero_point for |a * multiplier| < 2^62, likewise: moved up
/// by 2^62, where truncation is floor, divided, and moved down again. 64 bits hold all of it.
struct ScaleConstants {
  ScaleConstants(int shift, int zero_point)
      : raise((std::int64_t{1} << kRaise) + (shift > 0 ? std::int64_t{1} << (shift - 1) : 0)),
        divisor(std::int64_t{1} << shift),
        lower(zero_point - (std::int64_t{1} << (kRaise - shift))) {}

  static constexpr int kRaise = 62;
  std::int64_t raise;
  std::int64_t divisor;
  std::int64_t lower;
};

}  // namespace cfc::golden::onnx_graph
