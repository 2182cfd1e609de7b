#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sc_model/dcl/dcl_state_control.h"
#include "sc_model/hardware/operands.h"
#include "sc_model/hardware/vector_kernels.h"

namespace cfc {

/// U-MC, the multipliers, the adder tree and the accumulator of a dot-product engine. It has no
/// process of its own: DCL-SCM says which tile enters and which leaves. A plain FC layer uses the
/// same calculator over W; the second pass of the sequential schedule uses it over V, with z
/// (s32) as nodes. RTL twin: rtl_ref/dcl/u_matrix_calculator.v
template <typename Node>
class UMatrixCalculator : public sc_core::sc_module, public TileCalculator {
 public:
  sc_core::sc_port<TileSource<Node>> operands{"operands"};
  sc_core::sc_port<ResultSink> results{"results"};

  /// `tiles`: tiles of an operation; `stages`: the most tiles in flight, at least 1.
  UMatrixCalculator(const sc_core::sc_module_name& name, int tiles, int stages)
      : sc_module(name), tiles_(tiles), pipeline_(static_cast<std::size_t>(stages)) {}

  /// The tile that was issued `back` tiles before the youngest one; it must be in flight.
  const Tile<Node>& issued(std::size_t back) const {
    return pipeline_[(youngest_ + pipeline_.size() - 1 - back) % pipeline_.size()];
  }
  /// The running sum, after the tile that retires in this cycle.
  std::int32_t running_sum() const { return accumulator_; }

  void issue(int operation, int tile) override {
    if (operation == 0 && tile == 0) youngest_ = 0;
    operands->read_tile(operation, tile, pipeline_[youngest_]);
    youngest_ = next(youngest_);
  }

  void retire(int operation, int tile) override {
    if (operation == 0 && tile == 0) oldest_ = 0;
    const Tile<Node>& oldest = pipeline_[oldest_];
    oldest_ = next(oldest_);
    const std::int32_t sum = dot_product(oldest.nodes, oldest.weights, oldest.count);
    accumulator_ = tile == 0 ? sum : accumulator_ + sum;
    if (tile == tiles_ - 1) results->take(operation, accumulator_);
  }

 private:
  std::size_t next(std::size_t slot) const { return slot + 1 == pipeline_.size() ? 0 : slot + 1; }

  int tiles_;
  std::vector<Tile<Node>> pipeline_;
  std::size_t youngest_{0};
  std::size_t oldest_{0};
  std::int32_t accumulator_{0};
};

}  // namespace cfc
