#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sc_model/dcl/dcl_state_control.h"
#include "sc_model/hardware/memory.h"
#include "sc_model/hardware/operands.h"
#include "sc_model/hardware/vector_kernels.h"

namespace cfc {

/// One tile of a dot product: `count` nodes and as many weights.
template <typename Node>
struct Tile {
  const Node* nodes{nullptr};
  const std::int8_t* weights{nullptr};
  int count{0};
};

/// What is built of U-MC.
struct DotProductShape {
  int depth;  ///< elements of a dot product
  int lanes;  ///< multipliers
  int tiles() const { return LayerConfiguration::ceil_div(depth, lanes); }
};

/// U-MC, the multipliers, the adder tree and the accumulator of a dot-product engine. It has no
/// process of its own: DCL-SCM says which tile enters and which leaves. A plain FC layer uses the
/// same calculator over W; the second pass of the sequential schedule uses it over V, with z
/// (s32) as nodes. RTL twin: rtl_ref/dcl/u_matrix_calculator.v
template <typename Node>
class UMatrixCalculator : public sc_core::sc_module, public TileCalculator {
 public:
  sc_core::sc_port<NodeSource<Node>> nodes{"nodes"};
  sc_core::sc_port<ResultSink> results{"results"};

  /// `weights` holds the weights of each operation one after the other, `shape.depth` each;
  /// `stages` is the most tiles in flight, at least 1.
  UMatrixCalculator(const sc_core::sc_module_name& name, const DotProductShape& shape,
                    Memory<std::int8_t>& weights, int stages)
      : sc_module(name),
        shape_(shape),
        weights_(weights),
        pipeline_(static_cast<std::size_t>(stages)) {}

  const DotProductShape& shape() const { return shape_; }

  /// The tile that was issued `back` tiles before the youngest one; it must be in flight.
  const Tile<Node>& issued(std::size_t back) const {
    return pipeline_[(youngest_ + pipeline_.size() - 1 - back) % pipeline_.size()];
  }
  /// The running sum, after the tile that retires in this cycle.
  std::int32_t running_sum() const { return accumulator_; }

  void issue(int k, int tile) override {
    if (k == 0 && tile == 0) youngest_ = oldest_ = 0;  // a reset may have left tiles in flight
    const TileExtent extent(shape_.depth, shape_.lanes, tile);
    const auto column = static_cast<std::size_t>(k) * static_cast<std::size_t>(shape_.depth);
    pipeline_[youngest_] = {nodes->read_nodes(extent.first, extent.count),
                            weights_.read(column + extent.first, extent.count),
                            static_cast<int>(extent.count)};
    youngest_ = next(youngest_);
  }

  void retire(int tile) override {
    const Tile<Node>& oldest = pipeline_[oldest_];
    oldest_ = next(oldest_);
    const std::int32_t sum = dot_product(oldest.nodes, oldest.weights, oldest.count);
    accumulator_ = tile == 0 ? sum : accumulator_ + sum;
  }

  void offer(int k) override { results->take(k, accumulator_); }

 private:
  std::size_t next(std::size_t slot) const { return slot + 1 == pipeline_.size() ? 0 : slot + 1; }

  const DotProductShape shape_;
  Memory<std::int8_t>& weights_;
  std::vector<Tile<Node>> pipeline_;
  std::size_t youngest_{0};
  std::size_t oldest_{0};
  std::int32_t accumulator_{0};
};

}  // namespace cfc
