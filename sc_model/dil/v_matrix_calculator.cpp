#include "sc_model/dil/v_matrix_calculator.h"

#include <algorithm>
#include <utility>

#include "sc_model/hardware/vector_kernels.h"

namespace cfc {

VMatrixCalculator::VMatrixCalculator(const sc_core::sc_module_name& name, const RowEngine& engine)
    : sc_module(name),
      engine_(engine),
      pipeline_(static_cast<std::size_t>(engine.plan.product_latency) + 1),
      sums_(static_cast<std::size_t>(engine.outputs)) {}

RowTile VMatrixCalculator::read_row_tile(int k, int tile) {
  const TileExtent extent(engine_.outputs, engine_.lanes, tile);
  const auto row = static_cast<std::size_t>(k) * static_cast<std::size_t>(engine_.outputs);
  return {engine_.weights.read(row + extent.first, extent.count), static_cast<int>(extent.first),
          static_cast<int>(extent.count)};
}

void VMatrixCalculator::issue(int k, int tile) {
  // A reset in mid-run leaves products of a dropped image behind.
  if (k == 0 && tile == 0) {
    std::fill(pipeline_.begin(), pipeline_.end(), Products{});
    complete_ = {};
  }
  pipeline_[slot_] = {read_row_tile(k, tile), operand_, k};
}

VMatrixCalculator::Products VMatrixCalculator::issued() const {
  Products youngest = pipeline_[(slot_ + pipeline_.size() - 1) % pipeline_.size()];
  if (pipeline_.size() == 1) youngest.row = retired_.row;
  return youngest;
}

void VMatrixCalculator::advance() {
  slot_ = slot_ + 1 == pipeline_.size() ? 0 : slot_ + 1;
  Products& oldest = pipeline_[slot_];
  retired_ = oldest;
  deliver(accumulate(oldest));
  oldest.row.count = 0;
}

void VMatrixCalculator::deliver(const RowTile& complete) {
  const RowTile now =
      engine_.plan.requantise_latency > 0 ? std::exchange(complete_, complete) : complete;
  if (now.count > 0) results->take(now.first, sums_.data() + now.first, now.count);
}

/// The first operation starts from 0 and reads no sums; the last hands its sums on and writes none
/// back.
RowTile VMatrixCalculator::accumulate(const Products& products) {
  const RowTile& row = products.row;
  if (row.count == 0) return {};
  Memory<std::int32_t>* psum = engine_.psum;
  const bool is_last = products.k == engine_.plan.operations - 1;
  std::int32_t* sums = sums_.data() + row.first;
  if (psum && products.k > 0) {
    const std::int32_t* stored = psum->read(row.first, row.count);
    std::copy(stored, stored + row.count, sums);
  }
  if (products.k == 0) {
    set_scaled(sums, products.operand, row.weights, row.count);
  } else {
    add_scaled(sums, products.operand, row.weights, row.count);
  }
  if (psum && !is_last) std::copy(sums, sums + row.count, psum->write(row.first, row.count));
  return is_last ? row : RowTile{};
}

}  // namespace cfc
