// DCL by itself: random stalls of the block that takes its results, resets in mid-run, every result
// against a dot product.

#include "sc_model/dcl/dimension_compression_layer.h"

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
  DotProductShape shape;
  DotProductPlan plan;

  static Case random(Generator& generator) {
    const DotProductShape shape{uniform(generator, 1, 12), uniform(generator, 1, 12)};
    return {shape,
            {uniform(generator, 1, 4), shape.tiles(),
             uniform(generator, 0, 1) == 0 ? Issue::overlapped : Issue::stepped,
             uniform(generator, 0, 3), uniform(generator, 0, 3), uniform(generator, 0, 3),
             uniform(generator, 0, 1)}};
  }
};

class Bench : public ClockedBench, public NodeSource<std::uint8_t>, public ResultSink {
 public:
  Bench(const Case& drawn, std::uint64_t seed)
      : ClockedBench("bench"),
        case_(drawn),
        generator_(seed),
        content_(random_weights()),
        weights_("u", content_, 8, peak_),
        dcl_("dcl", {drawn.shape, drawn.plan, weights_}),
        twin_(dcl_.state_control()) {
    clock(dcl_);
    dcl_.i_start(i_start_);
    dcl_.i_ready(i_ready_);
    dcl_.o_valid(o_valid_);
    dcl_.o_done(o_done_);
    dcl_.nodes(*this);
    dcl_.results(*this);
  }

  std::string run(int cycles) {
    for (int cycle = 0; cycle < cycles; ++cycle) {
      if (cycle == 0 || uniform(generator_, 0, 499) == 0) {
        reset();
        twin_.reset();
        new_image();
      } else {
        step();
      }
      twin_.compare(findings_);
      findings_.expect(o_valid_ == twin_.outputs().valid, "o_valid");
      findings_.expect(o_done_ == twin_.outputs().done, "o_done");
      // Each result is there in the cycle in which it is first offered, and not before.
      findings_.expect(made_ == offered(), "a result in another cycle");
      in_ = {uniform(generator_, 0, 3) == 0, uniform(generator_, 0, 2) != 0};
      i_start_ = in_.start;
      i_ready_ = in_.ready;
    }
    findings_.expect(images_ > 5, "hardly an image");
    return findings_.fault;
  }

 private:
  const std::uint8_t* read_nodes(std::size_t first, std::size_t count) override {
    findings_.expect(first + count <= nodes_.size(), "nodes that are not there");
    return nodes_.data() + first;
  }

  void take(int k, std::int32_t sum) override {
    findings_.expect(k == made_, "a result out of order");
    ++made_;
    std::int32_t expected = 0;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      expected += nodes_[i] * content_[static_cast<std::size_t>(k) * nodes_.size() + i];
    }
    findings_.expect(sum == expected, "a wrong dot product");
  }

  int offered() const { return transferred_ + (twin_.outputs().valid ? 1 : 0); }

  void step() {
    const bool was_busy = twin_.registers().state != DclState::idle;
    const auto out = twin_.outputs();
    cycle();
    twin_.step(in_);
    if (out.valid && in_.ready) ++transferred_;
    if (was_busy && twin_.registers().state == DclState::idle) end_image();
  }

  void end_image() {
    findings_.expect(made_ == case_.plan.operations, "a result is lost");
    const auto tiles = static_cast<std::uint64_t>(case_.plan.operations * case_.plan.tiles);
    const std::uint64_t reads = weights_.reads().words - reads_before_;
    findings_.expect(reads == tiles, "a tile of weights is not read once");
    ++images_;
    new_image();
  }

  void new_image() {
    made_ = 0;
    transferred_ = 0;
    reads_before_ = weights_.reads().words;
    nodes_.resize(static_cast<std::size_t>(case_.shape.depth));
    for (auto& node : nodes_) node = static_cast<std::uint8_t>(uniform(generator_, 0, 255));
  }

  std::vector<std::int8_t> random_weights() {
    std::vector<std::int8_t> all(
        static_cast<std::size_t>(case_.shape.depth * case_.plan.operations));
    for (auto& weight : all) weight = static_cast<std::int8_t>(uniform(generator_, -128, 127));
    return all;
  }

  const Case case_;
  Generator generator_;
  const std::vector<std::int8_t> content_;
  std::vector<std::uint8_t> nodes_;
  PeakMeter peak_;
  Memory<std::int8_t> weights_;
  DimensionCompressionLayer<std::uint8_t> dcl_;
  Twin<DclStateControl> twin_;
  DclMachine::Inputs in_;
  int made_{0};
  int transferred_{0};
  std::uint64_t reads_before_{0};
  int images_{0};
  Findings findings_;
  sc_core::sc_signal<bool> i_start_{"i_start"};
  sc_core::sc_signal<bool> i_ready_{"i_ready"};
  sc_core::sc_signal<bool> o_valid_{"o_valid"};
  sc_core::sc_signal<bool> o_done_{"o_done"};
};

TEST(DimensionCompressionLayer, MakesEveryDotProductUnderRandomStallsAndResets) {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 60; ++seed) {
    Generator generator(seed);
    const Case drawn = Case::random(generator);
    EXPECT_EQ(isolated([&] { return Bench(drawn, seed).run(5000); }), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace cfc::testing
