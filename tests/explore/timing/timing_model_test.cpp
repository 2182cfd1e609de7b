// The timing model against the SystemC model: every field of the statistics, on random networks in
// random configurations. Neither knows how the other gets there.

#include "explore/timing/timing_model.h"

#include <string>

#include <gtest/gtest.h>

#include "testbench/accelerator_bench.h"
#include "testbench/serialisation.h"
#include "testbench/statistics_difference.h"
#include "tests/helpers/isolated.h"
#include "tests/helpers/random_networks.h"

namespace cfc::testing {
namespace {

using golden::Index;

/// What a test runs, drawn from one seed.
struct Case {
  golden::Network network;
  Configuration configuration;
  golden::MatrixU8 images;
};

Case random_case(std::uint64_t seed) {
  Generator generator(seed);
  Case drawn;
  drawn.network = random_network(generator);
  drawn.configuration = random_configuration(generator, drawn.network);
  drawn.images = random_images(generator, uniform(generator, 1, 30), drawn.network.inputs());
  return drawn;
}

RunStatistics measure(const Case& given) {
  const auto images = static_cast<std::uint64_t>(given.images.rows());
  AcceleratorBench bench("bench", given.network, given.configuration, given.images, 0,
                         given.images.rows());
  bench.record_after(images);
  bench.reset();
  constexpr int kPatience = 5000;  // stretches of 1,000 cycles, far above any case here
  for (int i = 0; i < kPatience && !bench.finished(); ++i) bench.run(1000);
  return bench.recorded_after(images);
}

RunStatistics predict(const Case& given) {
  return explore::predict(given.configuration, explore::widths_of(given.network),
                          static_cast<std::uint64_t>(given.images.rows()));
}

/// A line each; "" if there is none.
std::string difference_text(const RunStatistics& measured, const RunStatistics& predicted) {
  std::string text;
  for (const std::string& field : differences(measured, predicted)) text += field + '\n';
  return text;
}

std::string check_random_case(std::uint64_t seed) {
  const Case given = random_case(seed);
  std::string wrong = difference_text(measure(given), predict(given));
  if (wrong.empty()) return wrong;
  return "seed " + std::to_string(seed) + ", " + std::to_string(given.images.rows()) + " images\n" +
         describe(given.configuration) + wrong;
}

/// Parts that ctest can run side by side.
class TimingModel : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(TimingModel, EqualsSystemCInEveryField) {
  constexpr std::uint64_t kCases = 250;
  const std::uint64_t first = test_seed() + GetParam() * kCases;
  for (std::uint64_t seed = first; seed < first + kCases; ++seed) {
    EXPECT_EQ(isolated([&] { return check_random_case(seed); }), "");
  }
}

INSTANTIATE_TEST_SUITE_P(Part, TimingModel, ::testing::Range<std::uint64_t>(0, 8));

/// The differences when the prediction is made for another configuration than the measurement.
std::string differences_after(std::uint64_t seed, void (*change)(LayerConfiguration& layer)) {
  Case given = random_case(seed);
  const RunStatistics measured = measure(given);
  change(given.configuration.layers.front());
  return difference_text(measured, predict(given));
}

TEST(TimingModelComparison, NoticesOneCycleOfLatency) {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 20; ++seed) {
    const std::string wrong = isolated([&] {
      return differences_after(seed, [](LayerConfiguration& layer) { ++layer.multiply_latency; });
    });
    EXPECT_NE(wrong.find("/layers/0/run_cycles: timing model "), std::string::npos) << wrong;
  }
}

TEST(TimingModelComparison, NoticesEveryFieldThatIsOffByOne) {
  const Case given = random_case(1);
  const nlohmann::json predicted = nlohmann::json(predict(given)).flatten();
  ASSERT_GT(predicted.size(), 20U);
  for (const auto& [name, value] : predicted.items()) {
    nlohmann::json perturbed = predicted;
    perturbed[name] = value.get<std::uint64_t>() + 1;
    const std::string wrong =
        difference_text(predict(given), perturbed.unflatten().get<RunStatistics>());
    EXPECT_EQ(wrong, name + ": timing model " + perturbed[name].dump() + ", SystemC " +
                         value.dump() + '\n');
  }
}

}  // namespace
}  // namespace cfc::testing
