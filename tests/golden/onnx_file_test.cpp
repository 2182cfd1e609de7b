#include "golden/onnx_file.h"

#include <functional>

#include <catch2/catch.hpp>
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>

#include "golden/fixed_point.h"
#include "golden/inference.h"
#include "tests/helpers/random_networks.h"
#include "tests/helpers/same_network.h"
#include "tests/helpers/temporary_folder.h"

using namespace cfc::golden;
using Catch::Contains;
using cfc::testing::input_error;
using cfc::testing::same_network;
using cfc::testing::TemporaryFolder;

namespace {

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
      VectorS32::Constant(3, 7), Requantisation::by_shift(3)};
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
    REQUIRE(same_network(network, back));
    write_network(back, folder / "b.onnx");
    REQUIRE(cfc::testing::read_file(folder / "a.onnx") ==
            cfc::testing::read_file(folder / "b.onnx"));
  }
  REQUIRE_FALSE(std::filesystem::exists(folder / "a.onnx.partial"));
}

TEST_CASE("every part of a requantisation stands in the graph, and what does not fit is refused") {
  const auto refusal_of_scaled = [](const char* constant, std::vector<std::int64_t> values) {
    const TemporaryFolder folder;
    const auto file = folder / "changed.onnx";
    Network network = sample();
    network.layers[0].requantisation = Requantisation{{514, 3, 7}, {16, 0, 40}, 128, 128, 200};
    write_network(network, file);
    REQUIRE(same_network(network, read_network(file)));
    onnx::ModelProto model = load(file);
    tensor(model, constant).set_raw_data(values.data(), values.size() * sizeof(std::int64_t));
    cfc::testing::write_file(file, model.SerializeAsString());
    return input_error([&] { read_network(file); });
  };
  constexpr std::int64_t kRaise = std::int64_t{1} << 62;
  CHECK_THAT(refusal_of_scaled("fc1.multiplier", {514, 0, 7}),
             Contains("multiplier of the requant"));
  CHECK_THAT(refusal_of_scaled("fc1.multiplier", {514, kRaise, 7}), Contains("is out of range"));
  CHECK_THAT(refusal_of_scaled("fc1.divisor", {65536, 3, std::int64_t{1} << 40}),
             Contains("divides by 3"));
  CHECK_THAT(refusal_of_scaled("fc1.divisor", {65536, 2, std::int64_t{1} << 40}),
             Contains("does not round as its division needs"));
  CHECK_THAT(refusal_of_scaled("fc1.raise", {kRaise, kRaise, kRaise}),
             Contains("does not round as its division needs"));
  CHECK_THAT(refusal_of_scaled("fc1.lower", {128 - kRaise / 65536, 127 - kRaise, 128 - (1 << 22)}),
             Contains("does not undo what was added before"));
  CHECK_THAT(refusal_of_scaled("fc1.activation_lo", {201}), Contains("least output is 201"));
  CHECK_THAT(refusal_of_scaled("fc1.activation_hi", {256}), Contains("largest output is 256"));
}

TEST_CASE("a flipped weight bit is a different network") {
  TemporaryFolder folder;
  const auto file = folder / "a.onnx";
  write_network(sample(), file);
  onnx::ModelProto model = load(file);
  (*tensor(model, "fc1.u").mutable_raw_data())[0] ^= 1;
  cfc::testing::write_file(file, model.SerializeAsString());
  REQUIRE_FALSE(same_network(sample(), read_network(file)));
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
  REQUIRE(same_network(sample(), read_network(file)));
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
             Contains("makes 'fc1.relu', which is there already"));
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
             Contains("has 0 outputs"));
  CHECK_THAT(refusal([](auto& m) {
               onnx::ValueInfoProto* output = m.mutable_graph()->mutable_output(0);
               output->set_name("fc1.biased");
               output->mutable_type()->mutable_tensor_type()->clear_shape();
             }),
             Contains("on the way"));
}

TEST_CASE("kind 1, a file says something that is not read: it is honoured or refused by name") {
  const auto input_type = [](onnx::ModelProto& m) {
    return m.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type();
  };
  const auto output_type = [](onnx::ModelProto& m) {
    return m.mutable_graph()->mutable_output(0)->mutable_type()->mutable_tensor_type();
  };
  CHECK_THAT(refusal([&](auto& m) { input_type(m)->set_elem_type(onnx::TensorProto::INT8); }),
             Contains("'image' is declared as INT8, but must be UINT8"));
  CHECK_THAT(refusal([&](auto& m) { input_type(m)->set_elem_type(99); }), Contains("type 99"));
  CHECK_THAT(
      refusal([](auto& m) {
        node(m, "fc1.activation").mutable_attribute(0)->set_type(onnx::AttributeProto::FLOAT);
      }),
      Contains("does not cast to UINT8"));
  CHECK_THAT(refusal([](auto& m) { node(m, "fc1.activation").mutable_attribute(0)->set_f(1); }),
             Contains("does not cast to UINT8"));
  CHECK_THAT(refusal([&](auto& m) { output_type(m)->set_elem_type(onnx::TensorProto::FLOAT); }),
             Contains("'logits' is declared as FLOAT, but must be INT32"));
  CHECK_THAT(
      refusal([&](auto& m) { input_type(m)->mutable_shape()->mutable_dim(1)->set_dim_value(5); }),
      Contains("'image' is declared with 5 columns, but has 4"));
  CHECK_THAT(
      refusal([&](auto& m) { input_type(m)->mutable_shape()->mutable_dim(0)->set_dim_value(0); }),
      Contains("'image' is declared with a batch of 0"));
  CHECK_THAT(refusal([](auto& m) { m.mutable_graph()->mutable_input(0)->clear_type(); }),
             Contains("input 'image' is declared without a type"));
  CHECK_THAT(refusal([](auto& m) { node(m, "fc1.relu").set_name("fc1.dots"); }),
             Contains("two nodes are named 'fc1.dots'"));
  CHECK_THAT(refusal([&](auto& m) { input_type(m)->mutable_shape()->add_dim(); }),
             Contains("3 dimensions"));
  CHECK_THAT(refusal([&](auto& m) {
               *m.mutable_graph()->add_value_info() = m.graph().input(0);
               m.mutable_graph()->mutable_value_info(0)->set_name("fc1.dots");
             }),
             Contains("'fc1.dots' is declared as UINT8, but must be INT32"));
  CHECK_THAT(refusal([](auto& m) { m.mutable_opset_import(0)->set_version(13); }),
             Contains("operator set 13; known are 14 to"));
  CHECK_THAT(refusal([](auto& m) { m.mutable_opset_import(0)->set_version(1000); }),
             Contains("operator set 1000"));
  CHECK_THAT(refusal([](auto& m) { m.clear_opset_import(); }), Contains("names 0 operator sets"));
  CHECK_THAT(refusal([](auto& m) { m.set_ir_version(99); }), Contains("version 99"));
  CHECK_THAT(refusal([](auto& m) { m.add_functions()->set_name("Add"); }), Contains("functions"));
  CHECK_THAT(refusal([](auto& m) {
               onnx::AttributeProto* attribute = node(m, "fc1.relu").add_attribute();
               attribute->set_name("alpha");
             }),
             Contains("node 'fc1.relu' (Relu) has the attribute 'alpha'"));
  CHECK_THAT(refusal([](auto& m) { *m.mutable_graph()->add_initializer() = tensor(m, "fc1.u"); }),
             Contains("constant 'fc1.u' is given twice"));
  CHECK_THAT(refusal([](auto& m) { m.mutable_graph()->add_sparse_initializer(); }),
             Contains("sparse"));
  CHECK_THAT(refusal([](auto& m) {
               onnx::TensorProto& u = tensor(m, "fc1.u");
               u.clear_raw_data();
               for (int i = 0; i < 8; ++i) u.add_int32_data(i == 5 ? 200 : 3);
             }),
             Contains("constant 'fc1.u' holds 200, outside of -128 to 127"));
  CHECK_THAT(refusal([](auto& m) { tensor(m, "fc1.u").add_int32_data(3); }),
             Contains("has not the 8 elements"));
  CHECK_THAT(refusal([](auto& m) { *m.add_metadata_props() = m.metadata_props(0); }),
             Contains("is given twice"));
  CHECK_THAT(refusal([](auto& m) {
               auto* entry = m.add_metadata_props();
               entry->set_key("cfcsim.fc9.w_bits");
               entry->set_value("4");
             }),
             Contains("metadata cfcsim.fc9.w_bits means no matrix of this network"));
  CHECK_THAT(refusal([](auto& m) {
               tensor(m, "fc2.bias").set_name("fc1.other");
               node(m, "logits").set_input(1, "fc1.other");
               m.clear_metadata_props();
             }),
             Contains("layer fc1: another layer has this name"));
  CHECK_THAT(refusal([](auto& m) { *m.mutable_graph()->add_output() = m.graph().output(0); }),
             Contains("has 2 outputs"));
}

TEST_CASE("kind 1: constants among the inputs, as ONNX allows, and any batch size are read") {
  TemporaryFolder folder;
  const auto file = folder / "a.onnx";
  write_network(sample(), file);
  onnx::ModelProto model = load(file);
  auto* type = model.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type();
  type->mutable_shape()->mutable_dim(0)->set_dim_value(1);
  model.mutable_graph()->add_input()->set_name("fc1.u");
  cfc::testing::write_file(file, model.SerializeAsString());
  CHECK(same_network(sample(), read_network(file)));
}

TEST_CASE("kind 11, messages that name nothing: a node without a name is known by its output") {
  CHECK_THAT(refusal([](auto& m) {
               onnx::NodeProto& relu = node(m, "fc1.relu");
               relu.clear_name();
               relu.set_op_type("Sigmoid");
             }),
             Contains("the node that makes 'fc1.relu': operator Sigmoid"));
  CHECK_THAT(refusal([](auto& m) { m.mutable_graph()->add_input()->set_name("mask"); }),
             Contains("2 inputs that are no constants (image, mask)"));
}

TEST_CASE("kind 5, text that is not UTF-8 in a file, and kind 21, control characters in a name") {
  CHECK_THAT(refusal([](auto& m) { node(m, "fc1.relu").set_name("caf\xE9"); }),
             Contains("a name: byte 4 (0xe9) is not UTF-8"));
  CHECK_THAT(refusal([](auto& m) { node(m, "fc1.relu").set_name("x\n9000 images, 0 mismatches"); }),
             Contains("'x?9000 images, 0 mismatches' has control characters"));
  const auto add_metadata = [](auto& m, const char* key, const char* value) {
    auto& entry = *m.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  };
  CHECK_THAT(refusal([&](auto& m) { add_metadata(m, "recipe", "\xFF"); }),
             Contains("metadata recipe: byte 1 (0xff) is not UTF-8"));
  CHECK_THAT(refusal([&](auto& m) { add_metadata(m, "\x1B[2J", "7"); }),
             Contains("a key of the metadata: '?[2J' has control characters"));
}

TEST_CASE("an Add with one input is refused, as any other node with too few") {
  CHECK_THAT(refusal([](auto& m) { node(m, "logits").mutable_input()->RemoveLast(); }),
             Contains("Add") || Contains("logits"));
}

TEST_CASE("a graph that runs in a circle ends in an error") {
  CHECK_THAT(refusal([](auto& m) {
               // The last node makes the tensor that the second layer takes.
               node(m, "logits").set_output(0, "fc1.activation");
               node(m, "fc1.activation").set_output(0, "elsewhere");
             }),
             Contains("elsewhere") || Contains("cycle") || Contains("chain"));
}
