#include <ATen/ops/empty.h>
#include <catch2/catch.hpp>

#include "compress/methods/factorise.h"
#include "compress/network/conversion.h"
#include "compress/network/quantiser.h"
#include "compress/training/trainer.h"
#include "golden/inference.h"
#include "support/error.h"
#include "tests/compress/helpers/random_data.h"

namespace cfc::compress {
namespace {

using cfc::testing::random_images;
using cfc::testing::seed_everything;
using cfc::testing::synthetic_data;

/// A dense model with random weights of the layers' own widths, calibrated on `images`.
Model random_model(const std::vector<std::int64_t>& widths, int bits, const at::Tensor& images) {
  Model model = make_model(widths);
  for (FullyConnected& layer : model.layers) std::get<Dense>(layer.weights).w.bits = bits;
  model.calibrate(images);
  return model;
}

std::int64_t differing_logits(const Model& model, const golden::Network& network,
                              const golden::Dataset& data) {
  const golden::MatrixS32 expected = integer_logits(model, to_samples(data).images);
  const golden::InferenceResult got = golden::infer(network, data.images);
  return (expected.array() != got.logits().array()).count();
}

struct Case {
  std::vector<std::int64_t> widths;
  int bits;
  std::vector<Factorisation> factorisations;
};

TEST_CASE("the exported network gives the logits of the trained forward pass, bit for bit") {
  const std::vector<Case> cases = {
      {{784, 50, 100, 10}, 8, {}},
      {{784, 50, 100, 10}, 8, {{1, 30, 8}}},
      {{784, 50, 100, 10}, 4, {{1, 16, 6}, {2, 12, 8}}},
      {{784, 50, 100, 10}, 3, {{2, 1, 4}}},
      {{13, 7}, 8, {}},
      {{40, 30, 10}, 2, {{1, 5, 8}}},
  };
  cfc::testing::Generator random = seed_everything();
  for (const Case& c : cases) {
    const golden::Dataset data{random_images(random, 500, c.widths.front()),
                               std::vector<golden::Label>(500)};
    const at::Tensor images = to_samples(data).images;
    Model model = random_model(c.widths, c.bits, images);
    for (const Factorisation& wanted : c.factorisations) factorise(model, wanted);
    model.calibrate(images);
    const golden::Network network = to_network(model);
    INFO(c.widths.size() - 1 << " layers, " << c.bits << " bits, " << c.factorisations.size()
                             << " factorised");
    REQUIRE(differing_logits(model, network, data) == 0);
  }
}

TEST_CASE("the comparison of logits sees one changed weight, bias or shift") {
  cfc::testing::Generator random = seed_everything();
  const golden::Dataset data{random_images(random, 200, 60), std::vector<golden::Label>(200)};
  const Model model = random_model({60, 20, 10}, 8, to_samples(data).images);
  const golden::Network network = to_network(model);
  REQUIRE(differing_logits(model, network, data) == 0);

  golden::Index busiest = 0;  // the weights of a unit that is always 0 change nothing
  const golden::InferenceResult result = golden::infer(network, data.images);
  result.layers[0].output.colwise().sum().maxCoeff(&busiest);
  golden::Network weight = network;
  std::int8_t& changed = std::get<golden::DenseWeights>(weight.layers[1].weights).w(busiest, 3);
  changed = static_cast<std::int8_t>(changed > 0 ? changed - 1 : changed + 1);
  REQUIRE(differing_logits(model, weight, data) > 0);
  golden::Network bias = network;
  bias.layers[1].bias(9) += 1;
  REQUIRE(differing_logits(model, bias, data) > 0);
  golden::Network shift = network;
  shift.layers[0].requantisation->shifts[0] += 1;
  REQUIRE(differing_logits(model, shift, data) > 0);
}

TEST_CASE("a network read back is the same model, factors and exponents included") {
  cfc::testing::Generator random = seed_everything();
  const golden::Dataset data = synthetic_data(100, 90, random);
  const at::Tensor images = to_samples(data).images;
  Model model = random_model({90, 40, 30, 10}, 8, images);
  factorise(model, {1, 9, 7});
  model.calibrate(images);
  const golden::Network network = to_network(model);
  const Model back = to_model(network);
  REQUIRE(
      back.forward(images, Arithmetic::integer).equal(model.forward(images, Arithmetic::integer)));
  REQUIRE(to_network(back).metadata == network.metadata);
  REQUIRE(differing_logits(back, network, data) == 0);
}

TEST_CASE("a network without recorded exponents still computes its own integers") {
  cfc::testing::Generator random = seed_everything();
  const golden::Dataset data = synthetic_data(100, 90, random);
  golden::Network network = to_network(random_model({90, 40, 10}, 8, to_samples(data).images));
  network.metadata.clear();
  REQUIRE(differing_logits(to_model(network), network, data) == 0);
}

TEST_CASE("recorded exponents that do not fit the layers are refused") {
  cfc::testing::Generator random = seed_everything();
  const golden::Dataset data = synthetic_data(20, 30, random);
  golden::Network network = to_network(random_model({30, 20, 10}, 8, to_samples(data).images));
  for (const char* text : {"8", "8 7 6", "8 seven", ""}) {
    INFO('"' << text << '"');
    network.metadata["weight_exponents"] = text;
    REQUIRE_THROWS_AS(to_model(network), InputError);
  }
}

}  // namespace
}  // namespace cfc::compress
