// What other people's models become.

#include "exchange/import/import.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "golden/inference.h"
#include "tests/exchange/source_graphs.h"
#include "tests/helpers/temporary_folder.h"

using namespace cfc::exchange;
using Catch::Contains;
using cfc::golden::DenseWeights;
using cfc::golden::MatrixU8;
using cfc::testing::GraphWriter;
using cfc::testing::TemporaryFolder;
using onnx::TensorProto;

namespace {

ImportResult import(const onnx::ModelProto& model, const ImportOptions& options = {}) {
  const TemporaryFolder folder;
  cfc::testing::write_file(folder / "source.onnx", model.SerializeAsString());
  return import_model(folder / "source.onnx", options);
}

NumberTable table(Eigen::Index columns, std::vector<double> values) {
  const auto rows = static_cast<Eigen::Index>(values.size()) / columns;
  return {"x", NumberKind::real, {rows, columns}, std::move(values)};
}

/// A tensor attribute of one number, as PULP's exporter writes it.
void number_attribute(onnx::NodeProto& node, const std::string& name, float value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::TENSOR);
  attribute.mutable_t()->set_data_type(TensorProto::FLOAT);
  attribute.mutable_t()->add_float_data(value);
}

onnx::ModelProto requant_shift_model(bool is_signed, float addend = 0) {
  GraphWriter graph(10);
  graph.input(TensorProto::FLOAT, 3);
  onnx::NodeProto& gemm = graph.node("Gemm",
                                     {"x", graph.floats("w", {2, 3}, {1, -2, 3, 100, 50, -120}),
                                      graph.floats("b", {2}, {10, -700})},
                                     "sums");
  GraphWriter::attribute(gemm, "transB", std::int64_t{1});
  onnx::NodeProto& shift =
      graph.node("RequantShift",
                 {"sums", graph.floats("mul", {2}, {514, 514}), graph.floats("add", {}, {addend})},
                 "y", "PACTOps");
  number_attribute(shift, "div", 65536);
  number_attribute(shift, "n_levels_out", 256);
  number_attribute(shift, "signed", is_signed ? 1 : 0);
  graph.output("y", TensorProto::FLOAT, 2);
  return graph.model();
}

}  // namespace

TEST_CASE("integers of PULP's RequantShift are kept, to the bit") {
  for (const bool is_signed : {false, true}) {
    const ImportResult result = import(requant_shift_model(is_signed));
    REQUIRE(result.network.layers.size() == 1);
    REQUIRE(result.fits[0].sums_different == 0);
    CHECK(result.network.layers[0].requantisation->multipliers == std::vector<std::int32_t>{257});
    CHECK(result.network.metadata.at("output_zero_point") == (is_signed ? "128" : "0"));
    const std::uint64_t seed = cfc::testing::test_seed();
    cfc::testing::Generator generator(seed);
    const MatrixU8 inputs = cfc::testing::random_images(generator, 500, 3);
    const auto outputs = cfc::golden::infer(result.network, inputs).logits();
    for (Eigen::Index row = 0; row < 500; ++row) {
      const int x[] = {inputs(row, 0), inputs(row, 1), inputs(row, 2)};
      const int sums[] = {x[0] - 2 * x[1] + 3 * x[2] + 10,
                          100 * x[0] + 50 * x[1] - 120 * x[2] - 700};
      for (int j = 0; j < 2; ++j) {
        const int value = (sums[j] * 514 + 32768) >> 16;
        const int expected = is_signed ? std::min(std::max(value, -128), 127) + 128
                                       : std::min(std::max(value, 0), 255);
        REQUIRE(outputs(row, j) == expected);
      }
    }
  }
}

TEST_CASE("what RequantShift adds behind its multiplier goes into the bias") {
  const ImportResult plain = import(requant_shift_model(false));
  const ImportResult added = import(requant_shift_model(false, 514 * 100 + 3));
  CHECK(added.fits[0].sums_different == 0);
  CHECK(added.network.layers[0].bias[0] == plain.network.layers[0].bias[0] + 100);
}

TEST_CASE("a chain that mixes RequantShift with other requantisations is refused") {
  onnx::ModelProto model = requant_shift_model(false);
  onnx::GraphProto& graph = *model.mutable_graph();
  graph.mutable_node(1)->set_output(0, "t");
  onnx::TensorProto& w = *graph.add_initializer();
  w.set_name("w2");
  w.set_data_type(TensorProto::FLOAT);
  w.add_dims(2);
  w.add_dims(1);
  w.add_float_data(1);
  w.add_float_data(2);
  onnx::NodeProto& product = *graph.add_node();
  product.set_op_type("MatMul");
  product.add_input("t");
  product.add_input("w2");
  product.add_output("u");
  onnx::NodeProto& relu = *graph.add_node();
  relu.set_op_type("Relu");
  relu.add_input("u");
  relu.add_output("y");
  CHECK_THAT(cfc::testing::input_error([&] { import(model); }),
             Contains("quantised in another way than by RequantShift"));
}

TEST_CASE("signed bytes without a zero point, and narrow inputs, are what the graph says") {
  GraphWriter graph(13);
  graph.input(TensorProto::INT8, 1);
  graph.node("DequantizeLinear", {"x", graph.floats("s", {}, {0.5F})}, "d");
  graph.node("MatMul", {"d", graph.floats("w", {1, 1}, {127})}, "y");
  graph.output("y", TensorProto::FLOAT, 1);
  const ImportResult result = import(graph.model());
  const MatrixU8 inputs = network_inputs({"x", NumberKind::s8, {1, 1}, {-3}}, result.network);
  CHECK(cfc::golden::infer(result.network, inputs).logits()(0, 0) == -3 * 127);

  GraphWriter narrow(9);
  narrow.input(TensorProto::FLOAT, 1);
  const std::string one = narrow.floats("one", {}, {1}), zero = narrow.floats("zero", {}, {0});
  onnx::NodeProto& quant = narrow.node("Quant", {"x", one, zero, narrow.floats("bits", {}, {4})},
                                       "q", "qonnx.custom_op.general");
  GraphWriter::attribute(quant, "signed", std::int64_t{0});
  narrow.node("MatMul", {"q", narrow.floats("w", {1, 1}, {127})}, "y");
  narrow.output("y", TensorProto::FLOAT, 1);
  const ImportResult four = import(narrow.model());
  const MatrixU8 clipped = network_inputs({"x", NumberKind::real, {1, 1}, {100}}, four.network);
  CHECK(clipped(0, 0) == 15);
}

TEST_CASE("rounding weights here is no proof of what the source does") {
  GraphWriter graph(13);
  graph.input(TensorProto::FLOAT, 2);
  const std::string scale = graph.floats("s", {}, {0.1F});
  const std::string zero = graph.integers("z", TensorProto::UINT8, {}, {10});
  graph.node("QuantizeLinear", {"x", scale, zero}, "q");
  graph.node("DequantizeLinear", {"q", scale, zero}, "d");
  graph.node("MatMul", {"d", graph.floats("w", {2, 1}, {0.123F, -0.9F})}, "sums");
  graph.node("QuantizeLinear", {"sums", scale, zero}, "y");
  graph.output("y", TensorProto::UINT8, 1);
  CHECK(import(graph.model()).fits[0].sums_tried == 0);
}

TEST_CASE("QONNX's Quant gives weights and outputs their integers") {
  GraphWriter graph(9);
  graph.input(TensorProto::FLOAT, 2);
  const std::string one = graph.floats("one", {}, {1}), zero = graph.floats("zero", {}, {0});
  const std::string scale = graph.floats("scale", {}, {0.25F}),
                    bits = graph.floats("bits", {}, {4});
  const auto quant = [&](const std::string& input, const std::string& by, const std::string& output,
                         std::int64_t is_signed) {
    onnx::NodeProto& node =
        graph.node("Quant", {input, by, zero, bits}, output, "qonnx.custom_op.general");
    GraphWriter::attribute(node, "signed", is_signed);
    GraphWriter::attribute(node, "narrow", std::int64_t{0});
  };
  quant("x", one, "xq", 0);
  // 3.1 is clipped to 7 steps, -2.1 to 8 below zero.
  quant(graph.floats("w", {2, 2}, {0.5F, 3.1F, -2.1F, 0.3F}), scale, "wq", 1);
  graph.node("MatMul", {"xq", "wq"}, "sums");
  graph.node("Relu", {"sums"}, "positive");
  quant("positive", one, "y", 0);
  graph.output("y", TensorProto::FLOAT, 2);
  const ImportResult result = import(graph.model());
  const auto& weights = std::get<DenseWeights>(result.network.layers[0].weights);
  CHECK(weights.w(0, 0) == 2);
  CHECK(weights.w(0, 1) == 7);
  CHECK(weights.w(1, 0) == -8);
  CHECK(weights.w(1, 1) == 1);
  CHECK(weights.w_bits == 4);
  CHECK(result.network.layers[0].requantisation->hi == 15);
  CHECK(result.network.metadata.at("input_scale") == "1");
  CHECK(result.fits[0].sums_different > 0);  // halves: to even there, up here
}

TEST_CASE("real numbers become integers near them, and every node is accounted for") {
  const std::uint64_t seed = cfc::testing::test_seed();
  cfc::testing::Generator generator(seed);
  for (int i = 0; i < 30; ++i) {
    const auto source = cfc::testing::random_source(generator, cfc::testing::SourceKind::real);
    ImportOptions options;
    std::normal_distribution<> normal;
    std::vector<double> values;
    for (int k = 0; k < 100 * source.inputs; ++k) values.push_back(normal(generator));
    options.calibration = table(source.inputs, values);
    for (const auto scales : {ScaleOptions::Values::free, ScaleOptions::Values::power_of_two}) {
      options.scales.values = scales;
      const ImportResult result = import(source.model, options);
      INFO("seed " << seed << ", source " << i);
      REQUIRE(result.notes.size() == static_cast<std::size_t>(source.model.graph().node_size()));
      REQUIRE(result.agreement->signal_to_noise_db > 12);
      for (const cfc::golden::Layer& layer : result.network.layers) {
        const bool needs_none = scales == ScaleOptions::Values::free || !layer.requantisation ||
                                layer.requantisation->multiplier_bits() == 1;
        REQUIRE(needs_none);
      }
    }
  }
}

TEST_CASE("a final Softmax is left out, one input vector is enough, and zeros do no harm") {
  GraphWriter graph(13);
  graph.input(TensorProto::FLOAT, 2);
  graph.node("MatMul", {"x", graph.floats("w", {2, 2}, {0, 0, 0, 0})}, "sums");
  graph.node("Softmax", {"sums"}, "y");
  graph.output("y", TensorProto::FLOAT, 2);
  ImportOptions options;
  options.calibration = NumberTable{"x", NumberKind::real, {2}, {0, 0}};
  const ImportResult result = import(graph.model(), options);
  CHECK_THAT(result.notes.back().what, Contains("left out"));
  CHECK_FALSE(result.network.layers[0].requantisation);
}

TEST_CASE("bytes that become real numbers are their own scale") {
  for (const bool is_signed : {false, true}) {
    GraphWriter graph(13);
    graph.input(is_signed ? TensorProto::INT8 : TensorProto::UINT8, 2);
    onnx::NodeProto& cast = graph.node("Cast", {"x"}, "real");
    GraphWriter::attribute(cast, "to", std::int64_t{TensorProto::FLOAT});
    graph.node("MatMul", {"real", graph.floats("w", {2, 2}, {127, -1, 2, 3})}, "y");
    graph.output("y", TensorProto::FLOAT, 2);
    const ImportResult result = import(graph.model());
    CHECK(result.network.metadata.at("input_type") == (is_signed ? "s8" : "u8"));
    const NumberKind kind = is_signed ? NumberKind::s8 : NumberKind::u8;
    const double first = is_signed ? -5 : 200;
    const MatrixU8 inputs = network_inputs({"x", kind, {1, 2}, {first, 7}}, result.network);
    const auto outputs = cfc::golden::infer(result.network, inputs).logits();
    CHECK(outputs(0, 0) == static_cast<int>(first) * 127 + 14);
    CHECK(outputs(0, 1) == -static_cast<int>(first) + 21);
  }
}

TEST_CASE("factors of full rank are the layer again, fewer are further away") {
  const std::uint64_t seed = cfc::testing::test_seed();
  cfc::testing::Generator generator(seed);
  for (int i = 0; i < 20; ++i) {
    auto source = cfc::testing::random_source(generator, cfc::testing::SourceKind::real);
    std::normal_distribution<> normal;
    std::vector<double> values;
    for (int k = 0; k < 200 * source.inputs; ++k) values.push_back(normal(generator));
    ImportOptions options;
    options.calibration = table(source.inputs, values);
    const ImportResult plain = import(source.model, options);
    const cfc::golden::Layer& first = plain.network.layers.front();
    const auto largest = static_cast<int>(std::min(first.inputs(), first.outputs()));
    const auto decibels_at = [&](int rank) {
      options.factors.ranks = {{1, rank}};
      const ImportResult result = import(source.model, options);
      REQUIRE(result.network.layers.front().rank() == rank);
      return result.agreement->signal_to_noise_db;
    };
    INFO("seed " << seed << ", source " << i);
    const double full = decibels_at(largest);
    CHECK(full > 12);
    if (largest >= 4) CHECK(decibels_at(1) < full);
  }
}

TEST_CASE("an energy finds the rank that weights have, and leaves what it would not make smaller") {
  cfc::testing::Generator generator(cfc::testing::test_seed());
  std::normal_distribution<> normal;
  const auto random = [&](int rows, int cols) {
    return Eigen::MatrixXd::NullaryExpr(rows, cols, [&] { return normal(generator); }).eval();
  };
  const Eigen::MatrixXd low = random(20, 3) * random(3, 16);
  const Eigen::MatrixXd full = random(16, 12);
  const auto floats = [](const Eigen::MatrixXd& matrix) {
    std::vector<float> values;
    for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
      for (Eigen::Index j = 0; j < matrix.cols(); ++j) {
        values.push_back(static_cast<float>(matrix(i, j)));
      }
    }
    return values;
  };
  GraphWriter graph(13);
  graph.input(TensorProto::FLOAT, 20);
  graph.node("MatMul", {"x", graph.floats("low", {20, 16}, floats(low))}, "h");
  graph.node("Relu", {"h"}, "a");
  graph.node("MatMul", {"a", graph.floats("full", {16, 12}, floats(full))}, "y");
  graph.output("y", TensorProto::FLOAT, 12);
  ImportOptions options;
  const Eigen::MatrixXd inputs = random(300, 20);
  options.calibration = table(20, {inputs.data(), inputs.data() + inputs.size()});
  options.factors.energy = 0.9999;
  const ImportResult result = import(graph.model(), options);
  CHECK(result.network.layers[0].rank() == 3);
  CHECK_FALSE(result.network.layers[1].rank());
  CHECK(result.agreement->signal_to_noise_db > 25);
  CHECK_THAT(result.notes.back().what, Contains("would keep 100.0 % of the energy, but save no"));
  options.factors.ranks = {{1, 2}};  // what is asked for stands before it
  CHECK(import(graph.model(), options).network.layers[0].rank() == 2);
  options.factors = {{}, 0.2};
  const ImportResult small = import(graph.model(), options);
  CHECK(small.network.layers[0].rank() < 3);
  CHECK(small.network.layers[1].rank());
}

TEST_CASE("what cannot be factored is refused") {
  const std::uint64_t seed = cfc::testing::test_seed();
  cfc::testing::Generator generator(seed);
  const auto refusal = [](const onnx::ModelProto& model, ImportOptions options) {
    return cfc::testing::input_error([&] { import(model, options); });
  };
  const auto real = cfc::testing::random_source(generator, cfc::testing::SourceKind::real);
  ImportOptions options;
  options.factors.ranks = {{1, 1}};
  CHECK_THAT(refusal(real.model, options), Contains("--calibrate X.npy"));
  options.calibration =
      table(real.inputs, std::vector<double>(static_cast<std::size_t>(real.inputs), 1));
  options.factors.ranks = {{1, 1000}};
  CHECK_THAT(refusal(real.model, options),
             Contains("--factorise 1:1000: the rank of that layer is 1 to"));
  options.factors.ranks = {{9, 1}};
  CHECK_THAT(refusal(real.model, options), Contains("--factorise 9:1: layers are 1 to"));
  const auto quantised = cfc::testing::random_source(generator, cfc::testing::SourceKind::qgemm);
  options.calibration =
      table(quantised.inputs, std::vector<double>(static_cast<std::size_t>(quantised.inputs), 1));
  options.factors.ranks = {{1, 1}};
  CHECK_THAT(refusal(quantised.model, options), Contains("has integers of its own"));
}
