#include "golden/network.h"

#include <cstdint>
#include <limits>

#include <catch2/catch.hpp>

#include "golden/inference.h"
#include "tests/helpers/random_networks.h"
#include "tests/helpers/temporary_folder.h"

using namespace cfc::golden;
using Catch::Contains;
using cfc::testing::Generator;
using cfc::testing::input_error;
using cfc::testing::random_images;
using cfc::testing::test_seed;
using cfc::testing::uniform;

namespace {

/// 2 x 2 dense, then 2 x 2 of rank 1.
Network small_network() {
  Network network;
  network.layers.resize(2);
  Layer& dense = network.layers[0];
  dense.name = "fc1";
  dense.weights = DenseWeights{MatrixS8::Constant(2, 2, 1)};
  dense.bias = VectorS32::Zero(2);
  dense.requantisation = Requantisation::by_shift(2);
  Layer& factorised = network.layers[1];
  factorised.name = "fc2";
  factorised.weights =
      FactorisedWeights{MatrixS8::Constant(2, 1, 1), MatrixS8::Constant(1, 2, 1), 8, 8, 3, 8};
  factorised.bias = VectorS32::Zero(2);
  return network;
}

DenseWeights& dense_of(Network& network) {
  return std::get<DenseWeights>(network.layers[0].weights);
}
FactorisedWeights& factors_of(Network& network) {
  return std::get<FactorisedWeights>(network.layers[1].weights);
}

template <typename Change>
std::string refusal(const Change& change) {
  Network network = small_network();
  change(network);
  return input_error([&] { validate(network); });
}

}  // namespace

TEST_CASE("a sound network is accepted, and its weights are counted") {
  const Network network = small_network();
  REQUIRE_NOTHROW(validate(network));
  REQUIRE(weight_count(network.layers[0]) == 4);
  REQUIRE(weight_count(network.layers[1]) == 4);
  REQUIRE(network.layers[1].rank() == 1);
  REQUIRE_FALSE(network.layers[0].rank());
}

TEST_CASE("every unsound network is refused with its layer's name and the reason") {
  CHECK_THAT(refusal([](Network& n) { n.layers.clear(); }), Contains("no layers"));
  CHECK_THAT(refusal([](Network& n) { n.layers[0].bias.resize(3); }), Contains("fc1: 3 biases"));
  CHECK_THAT(refusal([](Network& n) {
               dense_of(n).w = MatrixS8::Constant(2, 3, 1);
               n.layers[0].bias = VectorS32::Zero(3);
             }),
             Contains("fc2: takes 2 inputs, but the layer before it gives 3"));
  CHECK_THAT(refusal([](Network& n) { dense_of(n).w_bits = 1; }), Contains("width of W is 1"));
  CHECK_THAT(refusal([](Network& n) { dense_of(n).w_bits = 9; }), Contains("width of W is 9"));
  CHECK_THAT(refusal([](Network& n) {
               dense_of(n).w(0, 0) = 8;
               dense_of(n).w_bits = 4;
             }),
             Contains("outside 4 bits"));
  CHECK_THAT(refusal([](Network& n) { dense_of(n).w.resize(0, 2); }), Contains("W is empty"));
  CHECK_THAT(refusal([](Network& n) { n.layers[0].requantisation.reset(); }),
             Contains("needs a requantisation"));
  CHECK_THAT(refusal([](Network& n) { n.layers[0].requantisation->shifts = {63}; }),
             Contains("shift of the requantisation is 63"));
  CHECK_THAT(refusal([](Network& n) { n.layers[0].requantisation->multipliers = {0}; }),
             Contains("multiplier of the requantisation is 0"));
  CHECK_THAT(refusal([](Network& n) {
               n.layers[0].requantisation->multipliers = {1, 1, 1};
             }),
             Contains("3 multipliers and 1 shifts; give one of each, or 2"));
  CHECK_THAT(refusal([](Network& n) { n.layers[0].requantisation->zero_point = 256; }),
             Contains("zero point is 256"));
  CHECK_THAT(refusal([](Network& n) { n.layers[0].requantisation->hi = -1; }),
             Contains("largest output is -1"));
  CHECK_THAT(refusal([](Network& n) { n.layers[0].requantisation->lo = 256; }),
             Contains("least output is 256"));
  CHECK_THAT(refusal([](Network& n) { factors_of(n).v = MatrixS8::Constant(2, 2, 1); }),
             Contains("U has 1 columns, but V 2 rows"));
  CHECK_THAT(refusal([](Network& n) {
               factors_of(n).u = MatrixS8::Constant(2, 3, 1);
               factors_of(n).v = MatrixS8::Constant(3, 2, 1);
             }),
             Contains("rank 3 is above min(m, n) = 2"));
  CHECK_THAT(refusal([](Network& n) { factors_of(n).z_bits = 1; }), Contains("z_bits is 1"));
  CHECK_THAT(refusal([](Network& n) { factors_of(n).z_shift = 31; }), Contains("z_shift is 31"));
  CHECK_THAT(refusal([](Network& n) { factors_of(n).z_shift = 30; }), Contains("31 bits"));
}

TEST_CASE("the overflow proof is tight: the largest sum that fits is accepted, one more is not") {
  const std::int32_t largest = std::numeric_limits<std::int32_t>::max();
  Network network = small_network();
  // Output 0: |bias| + 255 (127 + 1) + 2^1 = the largest s32.
  dense_of(network).w(0, 0) = 127;
  network.layers[0].bias[0] = -(largest - 255 * 128 - 2);
  REQUIRE_NOTHROW(validate(network));
  network.layers[0].bias[0] -= 1;
  CHECK_THAT(input_error([&] { validate(network); }), Contains("the 32-bit sum y[0] may overflow"));

  network = small_network();
  factors_of(network).v(0, 1) = -128;
  network.layers[1].bias[1] = largest - 128 * 128;  // z is -128 at the lowest
  REQUIRE_NOTHROW(validate(network));
  network.layers[1].bias[1] += 1;
  CHECK_THAT(input_error([&] { validate(network); }), Contains("fc2") && Contains("y[1]"));
}

TEST_CASE("the largest sums are reached by the inputs that pull hardest, and never passed") {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 50; ++seed) {
    INFO("seed " << seed);
    Generator generator(seed);
    DenseWeights dense;
    dense.w = MatrixS8::NullaryExpr(9, 5, [&] {  // of one sign
      return static_cast<std::int8_t>(uniform(generator, 0, 127));
    });
    Layer layer{"fc", dense, VectorS32::Constant(5, 77), {}};
    const std::int64_t largest = largest_sums(layer).y;
    CHECK(largest == 255 * dense.w.cast<std::int64_t>().colwise().sum().maxCoeff() + 77);
    CHECK(largest_sums(layer).z == 0);
    const MatrixU8 inputs = random_images(generator, 20, 9);
    const MatrixS32 sums = infer(Network{{layer}, {}}, inputs).logits();
    CHECK(sums.cwiseAbs().maxCoeff() <= largest);
  }
}

TEST_CASE("random networks of the tests are sound") {
  cfc::testing::Generator generator(cfc::testing::test_seed());
  for (int i = 0; i < 200; ++i) REQUIRE_NOTHROW(validate(cfc::testing::random_network(generator)));
}

TEST_CASE("kind 9, numbers from metadata: an accuracy is a share of 1, or refused by name") {
  Network network = small_network();
  CHECK_FALSE(recorded_share(network, "validation_accuracy"));
  network.metadata["validation_accuracy"] = "0.9822";
  CHECK(recorded_share(network, "validation_accuracy") == 0.9822);
  for (const char* text : {"93.1", "nan", "inf", "-1", "0,93", "", "0.9 %"}) {
    network.metadata["validation_accuracy"] = text;
    CHECK_THAT(input_error([&] { (void)recorded_share(network, "validation_accuracy"); }),
               Contains("metadata validation_accuracy: '"));
  }
}
