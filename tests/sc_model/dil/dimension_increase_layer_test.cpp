// DIL by itself: operands at random times, resets in mid-run, running sums in registers and in a
// memory; every sum against y = sum over k of z_k V[k,:].

#include "sc_model/dil/dimension_increase_layer.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/helpers/clocked_bench.h"
#include "tests/helpers/isolated.h"
#include "tests/helpers/random_networks.h"
#include "tests/sc_model/twin.h"

namespace cfc::testing {
namespace {

struct Case {
  int outputs;
  int lanes;
  RowPlan plan;
  bool psum_memory;

  static Case random(Generator& generator) {
    const int outputs = uniform(generator, 1, 10);
    const int lanes = uniform(generator, 1, 11);
    return {outputs,
            lanes,
            {uniform(generator, 1, 4), (outputs + lanes - 1) / lanes, uniform(generator, 0, 4),
             uniform(generator, 0, 1)},
            uniform(generator, 0, 1) == 0};
  }
};

class Bench : public ClockedBench, public SumSink {
 public:
  Bench(const Case& drawn, std::uint64_t seed)
      : ClockedBench("bench"),
        case_(drawn),
        generator_(seed),
        content_(random_weights()),
        weights_("v", content_, 8, peak_),
        psum_("psum", static_cast<std::size_t>(drawn.outputs), 32, peak_),
        dil_("dil", {drawn.outputs, drawn.lanes, drawn.plan, weights_,
                     drawn.psum_memory ? &psum_ : nullptr}),
        twin_(dil_.state_control()) {
    clock(dil_);
    dil_.i_valid(i_valid_);
    dil_.i_z(i_z_);
    dil_.o_ready(o_ready_);
    dil_.o_done(o_done_);
    dil_.results(*this);
  }

  std::string run(int cycles) {
    for (int cycle = 0; cycle < cycles; ++cycle) {
      if (cycle == 0 || uniform(generator_, 0, 299) == 0) {
        reset();
        twin_.reset();
        new_image();
      } else {
        step();
      }
      twin_.compare(findings_);
      findings_.expect(o_ready_ == twin_.outputs().ready, "o_ready");
      findings_.expect(o_done_ == twin_.outputs().done, "o_done");
      // The last sums are complete in the cycle of o_done, and not before.
      findings_.expect((taken_ == case_.outputs) == o_done_.read(), "sums in another cycle");
      in_ = {uniform(generator_, 0, 2) != 0, uniform(generator_, -2000, 2000)};
      i_valid_ = in_.valid;
      i_z_ = in_.z;
    }
    findings_.expect(images_ > 5, "hardly an image");
    return findings_.fault;
  }

 private:
  void take(int first, const std::int32_t* sums, int count) override {
    findings_.expect(first == taken_, "sums out of order");
    taken_ += count;
    for (int i = 0; i < count; ++i) {
      findings_.expect(sums[i] == sums_[static_cast<std::size_t>(first + i)], "a wrong sum");
    }
  }

  void step() {
    const auto out = twin_.outputs();
    if (in_.valid && out.ready) add_row(in_.z);
    if (out.done) end_image();
    cycle();
    twin_.step(in_);
  }

  void add_row(std::int32_t z) {
    for (std::size_t j = 0; j < sums_.size(); ++j) {
      sums_[j] += z * content_[static_cast<std::size_t>(rows_) * sums_.size() + j];
    }
    ++rows_;
  }

  void end_image() {
    findings_.expect(rows_ == case_.plan.operations, "an operand too many or too few");
    const auto tiles = static_cast<std::uint64_t>(case_.plan.tiles);
    const auto rows = static_cast<std::uint64_t>(case_.plan.operations);
    findings_.expect(weights_.reads().words - v_before_ == rows * tiles,
                     "a tile of V is not read once");
    const std::uint64_t psum = case_.psum_memory ? (rows - 1) * tiles : 0;
    findings_.expect(psum_.reads().words - psum_reads_before_ == psum, "reads of sums");
    findings_.expect(psum_.writes().words - psum_writes_before_ == psum, "writes of sums");
    ++images_;
    new_image();
  }

  void new_image() {
    rows_ = 0;
    taken_ = 0;
    sums_.assign(static_cast<std::size_t>(case_.outputs), 0);
    v_before_ = weights_.reads().words;
    psum_reads_before_ = psum_.reads().words;
    psum_writes_before_ = psum_.writes().words;
  }

  std::vector<std::int8_t> random_weights() {
    std::vector<std::int8_t> all(static_cast<std::size_t>(case_.outputs * case_.plan.operations));
    for (auto& weight : all) weight = static_cast<std::int8_t>(uniform(generator_, -128, 127));
    return all;
  }

  const Case case_;
  Generator generator_;
  const std::vector<std::int8_t> content_;
  PeakMeter peak_;
  Memory<std::int8_t> weights_;
  Memory<std::int32_t> psum_;
  DimensionIncreaseLayer dil_;
  Twin<DilStateControl> twin_;
  DilMachine::Inputs in_;
  int rows_{0};   ///< operands transferred
  int taken_{0};  ///< sums that have come out
  std::vector<std::int32_t> sums_;
  std::uint64_t v_before_{0};
  std::uint64_t psum_reads_before_{0};
  std::uint64_t psum_writes_before_{0};
  int images_{0};
  Findings findings_;
  sc_core::sc_signal<bool> i_valid_{"i_valid"};
  sc_core::sc_signal<std::int32_t> i_z_{"i_z"};
  sc_core::sc_signal<bool> o_ready_{"o_ready"};
  sc_core::sc_signal<bool> o_done_{"o_done"};
};

TEST(DimensionIncreaseLayer, MakesEverySumUnderRandomStallsAndResets) {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 60; ++seed) {
    Generator generator(seed);
    const Case drawn = Case::random(generator);
    EXPECT_EQ(isolated([&] { return Bench(drawn, seed).run(3000); }), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace cfc::testing
