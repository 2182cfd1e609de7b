// Activation and ZQuantiser against golden, which does not share a line with them.

#include "sc_model/layer/activation.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "golden/fixed_point.h"
#include "sc_model/dcl/z_quantiser.h"
#include "tests/helpers/random_networks.h"

namespace cfc::testing {
namespace {

constexpr int kOutputs = 5;

struct Outputs : tlm::tlm_analysis_if<OutputEvent> {
  void write(const OutputEvent& event) override {
    first.push_back(event.first);
    for (int i = 0; i < event.count; ++i) values.push_back(event.outputs[i]);
  }
  std::vector<int> first;
  std::vector<std::int32_t> values;
};

golden::Layer layer(std::optional<golden::Requantisation> requantisation) {
  golden::VectorS32 bias(kOutputs);
  bias << 0, 1000, -1000, 7, -100'000;
  return {"fc", golden::DenseWeights{golden::MatrixS8::Zero(1, kOutputs)}, bias,
          std::move(requantisation)};
}

TEST(Activation, IsGoldensForEveryShift) {
  Generator generator(test_seed());
  PeakMeter peak;
  OutputMemory output("output", kOutputs, OutputMemory::kActivationBits, peak);
  Activation activation("activation", layer(golden::Requantisation::by_shift(0)), output);
  for (int shift = 0; shift <= 30; ++shift) {
    const auto requantisation = golden::Requantisation::by_shift(shift);
    const golden::Layer loaded = layer(requantisation);
    activation.load(loaded);
    for (int round = 0; round < 200; ++round) {
      std::vector<std::int32_t> sums;
      for (int j = 0; j < kOutputs; ++j) {
        const int width = uniform(generator, 0, 29);
        sums.push_back(uniform(generator, -(1 << width), 1 << width));
      }
      activation.take(0, sums.data(), kOutputs);
      const Beat beat = output.read(0, kOutputs);
      for (int j = 0; j < kOutputs; ++j) {
        const std::int32_t sum = sums[static_cast<std::size_t>(j)] + loaded.bias[j];
        ASSERT_EQ(beat[j], requantisation.apply(sum, j)) << sum << " >> " << shift;
      }
    }
  }
}

TEST(Activation, IsGoldensForEveryRequantisation) {
  Generator generator(test_seed());
  PeakMeter peak;
  OutputMemory output("output", kOutputs, OutputMemory::kActivationBits, peak);
  Activation activation("activation", layer(golden::Requantisation::by_shift(0)), output);
  int inside = 0;
  for (int round = 0; round < 5000; ++round) {
    const golden::Requantisation requantisation = random_requantisation(generator, kOutputs);
    const golden::Layer loaded = layer(requantisation);
    activation.load(loaded);
    std::vector<std::int32_t> sums;
    for (int j = 0; j < kOutputs; ++j) {
      const int width = uniform(generator, 0, 29);
      sums.push_back(uniform(generator, -(1 << width), 1 << width));
    }
    activation.take(0, sums.data(), kOutputs);
    const Beat beat = output.read(0, kOutputs);
    for (int j = 0; j < kOutputs; ++j) {
      const std::int32_t sum = sums[static_cast<std::size_t>(j)] + loaded.bias[j];
      ASSERT_EQ(beat[j], requantisation.apply(sum, j)) << "seed " << test_seed();
      inside += beat[j] > requantisation.lo && beat[j] < requantisation.hi ? 1 : 0;
    }
  }
  EXPECT_GT(inside, 2500) << "of 25,000: nearly all outputs are clipped";
}

TEST(Activation, WithoutAShiftAddsTheBiasOnly) {
  PeakMeter peak;
  OutputMemory output("output", kOutputs, OutputMemory::kLogitBits, peak);
  Activation activation("activation", layer({}), output);
  Outputs outputs;
  activation.made(outputs);
  const std::vector<std::int32_t> sums{-5, 6};
  activation.take(1, sums.data(), 2);  // a tile: outputs 1 and 2
  activation.take(4, 3);               // one result
  EXPECT_EQ(outputs.first, (std::vector<int>{1, 4}));
  EXPECT_EQ(outputs.values, (std::vector<std::int32_t>{995, -994, -99'997}));
  EXPECT_EQ(output.read(4, 1)[0], -99'997);
  EXPECT_EQ(output.writes(), (AccessCounters{2, 3, 96}));
}

struct ZSink : sc_core::sc_module, ResultSink {
  explicit ZSink(const sc_core::sc_module_name& name) : sc_module(name) {}
  void take(int k, std::int32_t z) override {
    newest_k = k;
    newest_z = z;
  }
  int newest_k{-1};
  std::int32_t newest_z{0};
};

struct ZListener : tlm::tlm_analysis_if<ZEvent> {
  void write(const ZEvent& event) override { newest = event; }
  ZEvent newest{-1, 0};
};

golden::FactorisedWeights factors(int z_shift, int z_bits) {
  return {golden::MatrixS8::Zero(1, 1), golden::MatrixS8::Zero(1, 1), 8, 8, z_shift, z_bits};
}

TEST(ZQuantiser, IsGoldensForEveryShiftAndWidth) {
  Generator generator(test_seed());
  ZQuantiser quantiser("z_quantiser", factors(0, 8));
  ZSink sink("sink");
  ZListener listener;
  quantiser.destination(sink);
  quantiser.made(listener);
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  constexpr std::int32_t kLowest = std::numeric_limits<std::int32_t>::min();
  constexpr std::int32_t kHighest = std::numeric_limits<std::int32_t>::max();
  for (int bits = 2; bits <= 24; ++bits) {
    for (int shift = 0; shift <= 30; ++shift) {
      quantiser.load(factors(shift, bits));
      std::vector<std::int32_t> sums{kLowest, -1, 0, 1, kHighest};
      for (int i = 0; i < 50; ++i)
        sums.push_back(uniform(generator, kLowest, kHighest) >> (i % 31));
      for (std::size_t k = 0; k < sums.size(); ++k) {
        quantiser.take(static_cast<int>(k), sums[k]);
        ASSERT_EQ(sink.newest_k, static_cast<int>(k));
        ASSERT_EQ(sink.newest_z, golden::requantise_z(sums[k], shift, bits));
        ASSERT_EQ(listener.newest.z, sink.newest_z);
      }
    }
  }
}

}  // namespace
}  // namespace cfc::testing
