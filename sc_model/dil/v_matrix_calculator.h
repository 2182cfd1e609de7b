#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sc_model/dil/dil_state_control.h"
#include "sc_model/hardware/memory.h"
#include "sc_model/hardware/operands.h"

namespace cfc {

/// V-MC: multiplies a tile of a row of V with the operand and adds the products to n running sums
/// (Fig. 6b). No process of its own: DIL-SCM says what happens in which cycle.
/// RTL twin: rtl_ref/dil/v_matrix_calculator.v
class VMatrixCalculator : public sc_core::sc_module, public RowCalculator {
 public:
  sc_core::sc_port<RowSource> operands{"operands"};
  sc_core::sc_port<SumSink> results{"results"};

  /// `psum`: the memory that holds the running sums; null keeps them in `outputs` registers.
  VMatrixCalculator(const sc_core::sc_module_name& name, const RowPlan& plan, int outputs,
                    Memory<std::int32_t>* psum);

  void load_operand(std::int32_t z) override { operand_ = z; }
  void issue(int operation, int tile) override;
  void advance() override;

  /// The outputs whose running sums products reach in this cycle; none: `count` is 0.
  const RowTile& retired() const { return retired_; }
  /// Running sum of output `index`, after the products that reach it in this cycle.
  std::int32_t running_sum(int index) const { return sums_[static_cast<std::size_t>(index)]; }

  /// A tile of a row of V on its way to the running sums.
  struct Products {
    RowTile row;
    std::int32_t operand{0};
    int operation{0};
  };
  /// What is multiplied in this cycle, if DIL is in Run.
  Products issued() const;

 private:
  void accumulate(const Products& products);

  const int operations_;
  std::int32_t operand_{0};
  std::vector<Products> pipeline_;  ///< a slot per cycle of multiply latency, and this one
  std::size_t slot_{0};
  RowTile retired_;
  std::vector<std::int32_t> sums_;  ///< the running sums; with a psum memory, those on their way
  Memory<std::int32_t>* psum_;
};

}  // namespace cfc
