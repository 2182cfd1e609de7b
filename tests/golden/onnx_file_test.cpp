#include "golden/onnx_file.h"

#include <functional>

#include <catch2/catch.hpp>
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>

#include "golden/fixed_point.h"
#include "golden/inference.h"
#include "tests/helpers/random_networks.h"
#include "tests/helpers/temporary_folder.h"

using namespace cfc::golden;
using Catch::Contains;
using cfc::testing::input_error;
using cfc::testing::TemporaryFolder;

namespace {

bool same_layer(const Layer& a, const Layer& b) {
  if (a.name != b.name || a.bias != b.bias || a.activation_shift != b.activation_shift)
    return false;
  const auto* x = std::get_if<FactorisedWeights>(&a.weights);
  const auto* y = std::get_if<FactorisedWeights>(&b.weights);
  if (x && y) {
    return x->u == y->u && x->v == y->v && x->u_bits == y->u_bits && x->v_bits == y->v_bits &&
           x->z_bits == y->z_bits && x->z_shift == y->z_shift;
  }
  if (x || y) return false;
  const auto& v = std::get<DenseWeights>(a.weights);
  const auto& w = std::get<DenseWeights>(b.weights);
  return v.w == w.w && v.w_bits == w.w_bits;
}

bool same(const Network& a, const Network& b) {
  return a.metadata == b.metadata &&
         std::equal(a.layers.begin(), a.layers.end(), b.layers.begin(), b.layers.end(), same_layer);
}

onnx::ModelProto load(const std::filesystem::path& file) {
  onnx::ModelProto model;
  model.ParseFromString(cfc::testing::read_file(file));
  return model;
}

/// Layer 1 factorised, layer 2 dense, a shift everywhere.
Network sample() {
  Network network;
  network.layers.resize(2);
  network.layers[0] = {
      "fc1",
      FactorisedWeights{MatrixS8::Constant(4, 2, 3), MatrixS8::Constant(2, 3, -5), 8, 8, 4, 8},
      VectorS32::Constant(3, 7), 3};
  network.layers[1] = {"fc2", DenseWeights{MatrixS8::Constant(3, 2, 2), 4}, VectorS32::Zero(2), {}};
  network.metadata = {{"seed", "7"}};
  return network;
}

onnx::NodeProto& node(onnx::ModelProto& model, const std::string& name) {
  for (auto& candidate : *model.mutable_graph()->mutable_node()) {
    if (candidate.name() == name) return candidate;
  }
  throw std::logic_error("no node " + name);
}

onnx::TensorProto& tensor(onnx::ModelProto& model, const std::string& name) {
  for (auto& candidate : *model.mutable_graph()->mutable_initializer()) {
    if (candidate.name() == name) return candidate;
  }
  throw std::logic_error("no tensor " + name);
}

void set_scalar(onnx::ModelProto& model, const std::string& name, std::int32_t value) {
  tensor(model, name).set_raw_data(&value, sizeof value);
}

/// The message with which a changed copy of `sample` is refused.
std::string refusal(const std::function<void(onnx::ModelProto&)>& change) {
  TemporaryFolder folder;
  const auto file = folder / "changed.onnx";
  write_network(sample(), file);
  onnx::ModelProto model = load(file);
  change(model);
  cfc::testing::write_file(file, model.SerializeAsString());
  const std::string message = input_error([&] { read_network(file); });
  CHECK_THAT(message, Contains(file.string()));
  return message;
}

}  // namespace

TEST_CASE("what is written is read back, and the ONNX checker accepts it") {
  cfc::testing::Generator generator(cfc::testing::test_seed());
  TemporaryFolder folder;
  for (int i = 0; i < 100; ++i) {
    Network network = cfc::testing::random_network(generator);
    network.metadata = {{"seed", std::to_string(i)}, {"recipe", "random"}};
    write_network(network, folder / "a.onnx");
    REQUIRE_NOTHROW(onnx::checker::check_model(load(folder / "a.onnx")));
    const Network back = read_network(folder / "a.onnx");
    REQUIRE(same(network, back));
    write_network(back, folder / "b.onnx");
    REQUIRE(cfc::testing::read_file(folder / "a.onnx") ==
            cfc::testing::read_file(folder / "b.onnx"));
  }
  REQUIRE_FALSE(std::filesystem::exists(folder / "a.onnx.partial"));
}

TEST_CASE("a flipped weight bit is a different network") {
  TemporaryFolder folder;
  const auto file = folder / "a.onnx";
  write_network(sample(), file);
  onnx::ModelProto model = load(file);
  (*tensor(model, "fc1.u").mutable_raw_data())[0] ^= 1;
  cfc::testing::write_file(file, model.SerializeAsString());
  REQUIRE_FALSE(same(sample(), read_network(file)));
}

TEST_CASE("constants as s32 numbers and files without our metadata are read too") {
  TemporaryFolder folder;
  const auto file = folder / "a.onnx";
  write_network(sample(), file);
  onnx::ModelProto model = load(file);
  model.clear_metadata_props();
  onnx::TensorProto& u = tensor(model, "fc1.u");
  u.clear_raw_data();
  for (int i = 0; i < 8; ++i) u.add_int32_data(3);
  cfc::testing::write_file(file, model.SerializeAsString());
  const Network network = read_network(file);
  REQUIRE(std::get<FactorisedWeights>(network.layers[0].weights).u == MatrixS8::Constant(4, 2, 3));
  REQUIRE(std::get<DenseWeights>(network.layers[1].weights).w_bits == 8);
}

TEST_CASE("narrow weights keep their width, and a weight outside of it is refused") {
  for (const int bits : {2, 4, 7}) {
    const SignedRange range = signed_range(bits);
    for (const int weight : {range.lo, range.hi, range.lo - 1, range.hi + 1}) {
      INFO(bits << " bits, weight " << weight);
      const bool fits = weight >= range.lo && weight <= range.hi;
      TemporaryFolder folder;
      const auto file = folder / "a.onnx";
      Network network = sample();
      std::get<FactorisedWeights>(network.layers[0].weights) = {
          MatrixS8::Ones(4, 2), MatrixS8::Ones(2, 3), bits, bits, 4, 8};
      write_network(network, file);
      onnx::ModelProto model = load(file);
      (*tensor(model, "fc1.v").mutable_raw_data())[4] = static_cast<char>(weight);
      cfc::testing::write_file(file, model.SerializeAsString());
      if (fits) {
        const Network back = read_network(file);
        const auto& factors = std::get<FactorisedWeights>(back.layers[0].weights);
        CHECK(factors.u_bits == bits);
        CHECK(factors.v_bits == bits);
        CHECK(factors.v(1, 1) == weight);
      } else {
        CHECK_THAT(input_error([&] { read_network(file); }),
                   Contains("a.onnx") && Contains("V[1, 1] is " + std::to_string(weight) +
                                                  ", outside " + std::to_string(bits) + " bits"));
      }
    }
  }
}

TEST_CASE("the order of the nodes in the file does not matter") {
  TemporaryFolder folder;
  const auto file = folder / "a.onnx";
  write_network(sample(), file);
  onnx::ModelProto model = load(file);
  std::reverse(model.mutable_graph()->mutable_node()->begin(),
               model.mutable_graph()->mutable_node()->end());
  cfc::testing::write_file(file, model.SerializeAsString());
  REQUIRE(same(sample(), read_network(file)));
}

TEST_CASE("files that are no networks are refused by name") {
  TemporaryFolder folder;
  const auto refused = [&](const std::string& bytes) {
    cfc::testing::write_file(folder / "x.onnx", bytes);
    return input_error([&] { read_network(folder / "x.onnx"); });
  };
  write_network(sample(), folder / "good.onnx");
  const std::string good = cfc::testing::read_file(folder / "good.onnx");
  CHECK_THAT(refused(""), Contains("is not an ONNX file"));
  CHECK_THAT(refused("hello, world"), Contains("is not an ONNX file"));
  for (const std::size_t size : {good.size() / 4, good.size() / 2, good.size() - 1}) {
    CHECK_THAT(refused(good.substr(0, size)), Contains("x.onnx"));
  }
  CHECK_THAT(input_error([&] { read_network(folder / "none.onnx"); }),
             Contains("cannot be opened"));
  CHECK_THAT(input_error([&] { read_network(folder.path()); }), Contains("cannot be opened"));
  CHECK_THAT(input_error([&] { write_network(sample(), folder / "no" / "such.onnx"); }),
             Contains("cannot be written"));
}

TEST_CASE("graphs that are not of our kind are refused with the node or the constant") {
  CHECK_THAT(refusal([](auto& m) { node(m, "fc1.relu").set_op_type("Sigmoid"); }),
             Contains("node 'fc1.relu': operator Sigmoid is not supported"));
  CHECK_THAT(refusal([](auto& m) { node(m, "fc1.relu").set_op_type("Div"); }),
             Contains("where Relu is expected"));
  CHECK_THAT(refusal([](auto& m) { node(m, "fc1.relu").set_input(0, "nothing"); }),
             Contains("fc1.biased"));
  CHECK_THAT(refusal([](auto& m) { *m.mutable_graph()->add_node() = node(m, "fc1.relu"); }),
             Contains("fc1.biased"));
  CHECK_THAT(refusal([](auto& m) { m.mutable_graph()->mutable_node()->RemoveLast(); }),
             Contains("fc2.sums"));
  CHECK_THAT(refusal([](auto& m) { node(m, "fc1.dots").add_input("fc1.z_lowest"); }),
             Contains("3 inputs instead of 2"));
  CHECK_THAT(refusal([](auto& m) { tensor(m, "fc1.u").set_name("other"); }),
             Contains("'fc1.u' is missing"));
  CHECK_THAT(refusal([](auto& m) { tensor(m, "fc1.u").set_data_type(onnx::TensorProto::UINT8); }),
             Contains("'fc1.u' is not a matrix of s8"));
  CHECK_THAT(refusal([](auto& m) { tensor(m, "fc1.u").add_dims(1); }),
             Contains("'fc1.u' is not a matrix"));
  CHECK_THAT(refusal([](auto& m) { tensor(m, "fc1.u").set_dims(0, 5); }),
             Contains("has not the 10 elements"));
  CHECK_THAT(refusal([](auto& m) { tensor(m, "fc1.u").set_dims(0, -4); }),
             Contains("impossible shape"));
  CHECK_THAT(refusal([](auto& m) { tensor(m, "fc1.u").set_dims(0, std::int64_t{1} << 62); }),
             Contains("impossible shape"));
  CHECK_THAT(
      refusal([](auto& m) { tensor(m, "fc1.u").set_data_location(onnx::TensorProto::EXTERNAL); }),
      Contains("another file"));
  CHECK_THAT(refusal([](auto& m) { set_scalar(m, "fc1.z_divisor", 24); }),
             Contains("no power of two"));
  CHECK_THAT(refusal([](auto& m) { set_scalar(m, "fc1.z_divisor", 32); }),
             Contains("rounding shift needs 16"));
  CHECK_THAT(refusal([](auto& m) { set_scalar(m, "fc1.z_lowest", -100); }),
             Contains("no signed range"));
  CHECK_THAT(refusal([](auto& m) { set_scalar(m, "fc1.z_clip_hi", 5); }),
             Contains("rounding shift needs"));
  CHECK_THAT(refusal([](auto& m) { set_scalar(m, "fc1.activation_hi", 254); }),
             Contains("needs 255"));
  CHECK_THAT(refusal([](auto& m) {
               node(m, "fc1.activation").mutable_attribute(0)->set_i(onnx::TensorProto::INT8);
             }),
             Contains("does not cast to UINT8"));
  CHECK_THAT(refusal([](auto& m) { m.mutable_metadata_props(1)->set_value("99"); }),
             Contains("a width is 2 to 8"));
  CHECK_THAT(refusal([](auto& m) { m.mutable_graph()->clear_output(); }),
             Contains("one input and an output"));
  CHECK_THAT(
      refusal([](auto& m) { m.mutable_graph()->mutable_output(0)->set_name("fc1.activation"); }),
      Contains("on the way"));
}

TEST_CASE("a graph that runs in a circle ends in an error") {
  CHECK_THAT(refusal([](auto& m) {
               // The last node makes the tensor that the second layer takes.
               node(m, "logits").set_output(0, "fc1.activation");
               node(m, "fc1.activation").set_output(0, "elsewhere");
             }),
             Contains("elsewhere") || Contains("cycle") || Contains("chain"));
}
