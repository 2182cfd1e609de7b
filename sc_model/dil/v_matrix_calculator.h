#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sc_model/dil/dil_state_control.h"
#include "sc_model/hardware/memory.h"
#include "sc_model/hardware/operands.h"

namespace cfc {

/// One tile of a row of V, for outputs `first` to `first + count - 1`.
struct RowTile {
  const std::int8_t* weights{nullptr};
  int first{0};
  int count{0};
};

/// What is built of DIL.
struct RowEngine {
  int outputs;  ///< n
  int lanes;    ///< multipliers
  RowPlan plan;
  Memory<std::int8_t>& weights;  ///< V by rows
  Memory<std::int32_t>* psum;    ///< holds the running sums; null: registers do
};

/// V-MC: multiplies a tile of a row of V with the operand and adds the products to n running sums
/// (Fig. 6b). No process of its own: DIL-SCM says what happens in which cycle.
/// RTL twin: rtl_ref/dil/v_matrix_calculator.v
class VMatrixCalculator : public sc_core::sc_module, public RowCalculator {
 public:
  sc_core::sc_port<SumSink> results{"results"};

  VMatrixCalculator(const sc_core::sc_module_name& name, const RowEngine& engine);

  void load_operand(std::int32_t z) override { operand_ = z; }
  void issue(int k, int tile) override;
  void advance() override;

  int lanes() const { return engine_.lanes; }
  /// Running sum of output `index`, after the products that reach it in this cycle.
  std::int32_t running_sum(int index) const { return sums_[static_cast<std::size_t>(index)]; }

  /// A tile of a row of V on its way to the running sums.
  struct Products {
    RowTile row;
    std::int32_t operand{0};
    int k{0};
  };
  /// What is multiplied in this cycle, if DIL is in Run.
  Products issued() const;
  /// What leaves the multipliers and reaches the running sums in this cycle; none: `row.count` is
  /// 0.
  const Products& retired() const { return retired_; }

 private:
  RowTile read_row_tile(int k, int tile);
  /// Adds the products; gives the tile of the sums that they complete, an empty one if none.
  RowTile accumulate(const Products& products);
  /// Passes a tile of complete sums on, at once or a cycle later.
  void deliver(const RowTile& complete);

  const RowEngine engine_;
  std::int32_t operand_{0};
  std::vector<Products> pipeline_;  ///< a slot per cycle of product latency, and this one
  std::size_t slot_{0};
  Products retired_;
  RowTile complete_;                ///< sums that wait a cycle for what follows them
  std::vector<std::int32_t> sums_;  ///< the running sums; with a psum memory, those on their way
};

}  // namespace cfc
