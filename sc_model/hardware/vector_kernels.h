#pragma once

#include <cstdint>

namespace cfc {

/// Sum of `count` products, exact in s32 for every network that `golden::validate` accepts.
std::int32_t dot_product(const std::uint8_t* nodes, const std::int8_t* weights, int count);
std::int32_t dot_product(const std::int32_t* nodes, const std::int8_t* weights, int count);

/// sums[i] += z * row[i].
void add_scaled(std::int32_t* sums, std::int32_t z, const std::int8_t* row, int count);

/// sums[i] = z * row[i].
void set_scaled(std::int32_t* sums, std::int32_t z, const std::int8_t* row, int count);

}  // namespace cfc
