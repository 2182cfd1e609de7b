#include "sc_model/dil/v_matrix_calculator.h"

#include <algorithm>

#include "sc_model/hardware/vector_kernels.h"

namespace cfc {

VMatrixCalculator::VMatrixCalculator(const sc_core::sc_module_name& name, const RowPlan& plan,
                                     int outputs, Memory<std::int32_t>* psum)
    : sc_module(name),
      operations_(plan.operations),
      pipeline_(static_cast<std::size_t>(plan.multiply_latency) + 1),
      sums_(static_cast<std::size_t>(outputs)),
      psum_(psum) {}

void VMatrixCalculator::issue(int operation, int tile) {
  // A reset in mid-run leaves products of a dropped image behind.
  if (operation == 0 && tile == 0) std::fill(pipeline_.begin(), pipeline_.end(), Products{});
  pipeline_[slot_] = {operands->read_row_tile(operation, tile), operand_, operation};
}

VMatrixCalculator::Products VMatrixCalculator::issued() const {
  Products youngest = pipeline_[(slot_ + pipeline_.size() - 1) % pipeline_.size()];
  if (pipeline_.size() == 1) youngest.row = retired_;
  return youngest;
}

void VMatrixCalculator::advance() {
  slot_ = slot_ + 1 == pipeline_.size() ? 0 : slot_ + 1;
  Products& oldest = pipeline_[slot_];
  retired_ = oldest.row;
  if (oldest.row.count == 0) return;
  accumulate(oldest);
  oldest.row.count = 0;
}

/// The first operation starts from 0 and reads no sums; the last hands its sums on and writes none
/// back.
void VMatrixCalculator::accumulate(const Products& products) {
  const RowTile& row = products.row;
  const bool is_last = products.operation == operations_ - 1;
  std::int32_t* sums = sums_.data() + row.first;
  if (psum_ && products.operation > 0) {
    const std::int32_t* stored = psum_->read(row.first, row.count);
    std::copy(stored, stored + row.count, sums);
  }
  if (products.operation == 0) {
    set_scaled(sums, products.operand, row.weights, row.count);
  } else {
    add_scaled(sums, products.operand, row.weights, row.count);
  }
  if (psum_ && !is_last) std::copy(sums, sums + row.count, psum_->write(row.first, row.count));
  if (is_last) results->take(row.first, sums, row.count);
}

}  // namespace cfc
