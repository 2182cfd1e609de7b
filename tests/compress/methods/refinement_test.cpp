#include "compress/methods/refinement.h"

#include <catch2/catch.hpp>

#include "compress/network/conversion.h"
#include "compress/training/training_plan.h"
#include "golden/onnx_file.h"
#include "tests/compress/helpers/random_data.h"
#include "tests/compress/helpers/saboteur.h"
#include "tests/helpers/temporary_folder.h"

namespace cfc::compress {
namespace {

using Catch::Matchers::Contains;
using cfc::testing::input_error;
using cfc::testing::kNever;
using cfc::testing::read_file;
using cfc::testing::Saboteur;
using cfc::testing::seed_everything;
using cfc::testing::synthetic_data;

struct Nobody : Observer {
  void batch_done() override {}
  void epoch_done(const EpochReport& /*report*/) override {}
};

Data small_data(cfc::testing::Generator& random) {
  Data data;
  data.training = to_samples(synthetic_data(600, 64, random));
  data.validation_bytes = synthetic_data(200, 64, random);
  data.validation = to_samples(data.validation_bytes);
  data.test_bytes = data.validation_bytes;
  return data;
}

Model trained(const Data& data) {
  Nobody nobody;
  Model model = make_model({64, 20, 16, 10});
  fit(model, Arithmetic::real, {10, 1e-2, 1e-5, 50}, data.training, data.validation, nobody);
  model.calibrate(data.calibration_images());
  return model;
}

/// Keeps its state in `file`, and is sabotaged after so many batches.
golden::Network refined(const Refinement& refinement, const std::filesystem::path& file,
                        int batches) {
  cfc::testing::Generator random = seed_everything();
  Data data = small_data(random);
  Model model = trained(data);
  reshape(model, refinement);
  Saboteur saboteur(batches);
  Checkpoint checkpoint(file, "a test");
  refine(model, refinement, data, saboteur, {checkpoint, "refinement"});
  return checked_network(model, data);  // throws unless every logit is that of the training
}

golden::Network refined(const Refinement& refinement) {
  const cfc::testing::TemporaryFolder folder;
  return refined(refinement, folder / "checkpoint", kNever);
}

double validation_accuracy(const golden::Network& network) {
  cfc::testing::Generator random = seed_everything();
  return golden_accuracy(network, small_data(random).validation_bytes);
}

template <typename Action>
void for_each_matrix(const golden::Network& network, const Action& action) {
  for (const golden::Layer& layer : network.layers) {
    if (const auto* factors = std::get_if<golden::FactorisedWeights>(&layer.weights)) {
      action(factors->u, factors->u_bits);
      action(factors->v, factors->v_bits);
    } else {
      const auto& dense = std::get<golden::DenseWeights>(layer.weights);
      action(dense.w, dense.w_bits);
    }
  }
}

Refinement two_factors() {
  Refinement refinement;
  refinement.factorisations = {{1, 8, 8}, {2, 6, 8}};
  refinement.recipe = Recipe{6, 5e-3, 1e-5, 50};
  return refinement;
}

TEST_CASE("several layers are factorised together, and still tell the classes apart") {
  const golden::Network network = refined(two_factors());
  REQUIRE(network.layers[0].rank() == 8);
  REQUIRE(network.layers[1].rank() == 6);
  REQUIRE_FALSE(network.layers[2].rank());
  REQUIRE(validation_accuracy(network) > 0.95);
}

TEST_CASE("narrow weights are recorded with their width, keep to it, and are read back so") {
  for (const int bits : {2, 3, 4}) {
    INFO(bits << " bits");
    Refinement refinement = two_factors();
    refinement.weight_bits = bits;
    const golden::Network network = refined(refinement);
    const cfc::testing::TemporaryFolder folder;
    golden::write_network(network, folder / "narrow.onnx");
    const std::int32_t largest = (1 << (bits - 1)) - 1;
    for_each_matrix(golden::read_network(folder / "narrow.onnx"),
                    [&](const golden::MatrixS8& matrix, int width) {
                      CHECK(width == bits);
                      CHECK(matrix.cast<int>().cwiseAbs().maxCoeff() <= largest);
                      CHECK((matrix.array() != 0).any());
                    });
    CHECK(validation_accuracy(network) > 0.9);
  }
}

TEST_CASE("pruned factors have the zeros that were asked for, with and without training") {
  for (const int epochs : {0, 4}) {
    Refinement refinement = two_factors();
    refinement.zeros = {{"fc1.u", 0.5}};
    refinement.recipe.epochs = epochs;
    const golden::Network network = refined(refinement);
    const auto& u = std::get<golden::FactorisedWeights>(network.layers[0].weights).u;
    INFO(epochs << " epochs");
    REQUIRE((u.array() == 0).count() >= u.size() / 2);
  }
}

TEST_CASE("a refinement that is interrupted anywhere and goes on ends with the same network") {
  const cfc::testing::TemporaryFolder folder;
  Refinement refinement = two_factors();
  refinement.zeros = {{"fc1.u", 0.5}, {"fc3.w", 0.3}};
  refinement.augmentation = {1, 10.0};
  golden::write_network(refined(refinement), folder / "whole.onnx");

  // 12 batches an epoch, 6 epochs, zeros until batch 43: while they come, and later.
  for (const int batches : {5, 30, 60}) {
    const auto file = folder / std::to_string(batches);
    REQUIRE_THROWS_WITH(refined(refinement, file, batches), "sabotage");
    golden::write_network(refined(refinement, file, kNever), folder / "resumed.onnx");
    INFO("interrupted at batch " << batches);
    CHECK(read_file(folder / "resumed.onnx") == read_file(folder / "whole.onnx"));
  }
}

TEST_CASE("a refinement says how it was asked for") {
  Refinement refinement = two_factors();
  refinement.weight_bits = 4;
  refinement.zeros = {{"fc1.u", 0.8}};
  refinement.augmentation = {1, 7.5};
  REQUIRE(options_of(refinement) ==
          " --factorise 1:8 --factorise 2:6 --z-bits 8 --weight-bits 4 --zeros fc1.u:0.8 --shift 1 "
          "--rotate 7.5 --epochs 6 --peak-rate 0.005 --weight-decay 0.0005");
  REQUIRE_THAT(describe(refinement), Contains("layer 2 factorised by SVD at rank 6") &&
                                         Contains("weights of 4 bits") &&
                                         Contains("0.8 of fc1.u pruned") && Contains("6 epochs") &&
                                         Contains("7.5 degrees"));
}

TEST_CASE("factors are read, and refused where they make no sense") {
  REQUIRE(parse_factorisation("2:24").layer == 2);
  REQUIRE(parse_factorisation("2:24").rank == 24);
  for (const char* text : {"", "1", "1:", "1:2x", "1:2:3", "x:2", ":2"}) {
    INFO(text);
    CHECK_THAT(input_error([&] { parse_factorisation(text); }), Contains("LAYER:RANK"));
  }
  Model model = make_model({64, 20, 10});
  Refinement twice;
  twice.factorisations = {{1, 4, 8}, {1, 4, 8}};
  CHECK_THAT(input_error([&] { reshape(model, twice); }), Contains("factorised already"));
  Refinement elsewhere;
  elsewhere.zeros = {{"fc2.u", 0.5}};
  CHECK_THAT(input_error([&] { reshape(model, elsewhere); }), Contains("fc2.w"));
}

}  // namespace
}  // namespace cfc::compress
