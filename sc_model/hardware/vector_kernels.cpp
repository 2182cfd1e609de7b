#include "sc_model/hardware/vector_kernels.h"

// Plain loops that the compiler vectorises, once per instruction set; the loader picks the widest
// that the processor has, so one binary serves every x86-64.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CFC_EVERY_VECTOR_WIDTH \
  __attribute__((target_clones("default", "avx2", "arch=icelake-server")))
#else
#define CFC_EVERY_VECTOR_WIDTH
#endif

namespace cfc {

CFC_EVERY_VECTOR_WIDTH
std::int32_t dot_product(const std::uint8_t* nodes, const std::int8_t* weights, int count) {
  std::int32_t sum = 0;
  for (int i = 0; i < count; ++i) sum += nodes[i] * weights[i];
  return sum;
}

CFC_EVERY_VECTOR_WIDTH
std::int32_t dot_product(const std::int32_t* nodes, const std::int8_t* weights, int count) {
  std::int32_t sum = 0;
  for (int i = 0; i < count; ++i) sum += nodes[i] * weights[i];
  return sum;
}

CFC_EVERY_VECTOR_WIDTH
void add_scaled(std::int32_t* sums, std::int32_t z, const std::int8_t* row, int count) {
  for (int i = 0; i < count; ++i) sums[i] += z * row[i];
}

CFC_EVERY_VECTOR_WIDTH
void set_scaled(std::int32_t* sums, std::int32_t z, const std::int8_t* row, int count) {
  for (int i = 0; i < count; ++i) sums[i] = z * row[i];
}

}  // namespace cfc
