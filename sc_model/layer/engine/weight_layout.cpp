#include "sc_model/layer/engine/weight_layout.h"

namespace cfc {

std::vector<std::int8_t> by_rows(const golden::MatrixS8& matrix) {
  return {matrix.data(), matrix.data() + matrix.size()};
}

std::vector<std::int8_t> by_columns(const golden::MatrixS8& matrix) {
  return by_rows(golden::MatrixS8(matrix.transpose()));
}

}  // namespace cfc
