// What is not imported, and the message that says so; docs/reference/import.md lists them.

#include <functional>
#include <limits>

#include <catch2/catch.hpp>

#include "exchange/import/import.h"
#include "tests/exchange/source_graphs.h"
#include "tests/helpers/temporary_folder.h"

using namespace cfc::exchange;
using Catch::Contains;
using cfc::testing::GraphWriter;
using cfc::testing::TemporaryFolder;
using onnx::TensorProto;

namespace {

std::string refusal_of(const onnx::ModelProto& model, std::vector<double> calibration = {}) {
  const TemporaryFolder folder;
  cfc::testing::write_file(folder / "source.onnx", model.SerializeAsString());
  ImportOptions options;
  if (!calibration.empty()) {
    const auto count = static_cast<Eigen::Index>(calibration.size());
    options.calibration = NumberTable{"x", NumberKind::real, {count}, std::move(calibration)};
  }
  const std::string message =
      cfc::testing::input_error([&] { import_model(folder / "source.onnx", options); });
  CHECK_THAT(message, Contains("source.onnx: "));
  return message;
}

/// A layer of 2 x 2, with `op` behind it.
onnx::ModelProto with_op(const std::string& op, const std::vector<std::string>& others = {},
                         const std::function<void(onnx::NodeProto&)>& change = {}) {
  GraphWriter graph(13);
  graph.input(TensorProto::FLOAT, 2);
  graph.floats("c", {2}, {1, 2});
  graph.floats("minus", {}, {-1});
  graph.node("MatMul", {"x", graph.floats("w", {2, 2}, {1, 2, 3, 4})}, "sums");
  std::vector<std::string> inputs{"sums"};
  inputs.insert(inputs.end(), others.begin(), others.end());
  onnx::NodeProto& node = graph.node(op, inputs, "y");
  if (change) change(node);
  graph.output("y", TensorProto::FLOAT, 2);
  return graph.model();
}

}  // namespace

TEST_CASE("an operator that is not supported is named, with those that are") {
  for (const char* op :
       {"Conv", "LayerNormalization", "Tanh", "Erf", "Gelu", "ReduceMean", "Pow"}) {
    CHECK_THAT(refusal_of(with_op(op)),
               Contains(std::string(op) + " node '" + op + "_y'") &&
                   Contains("is not supported; supported are Add, ArgMax"));
  }
  CHECK_THAT(refusal_of(with_op("DynamicQuantizeLinear")), Contains("dynamic quantisation"));
  onnx::ModelProto nameless = with_op("Tanh");
  nameless.mutable_graph()->mutable_node(1)->clear_name();
  CHECK_THAT(refusal_of(nameless), Contains("the Tanh node that makes 'y'"));
}

TEST_CASE("a node that does something else than a layer is refused by name") {
  const auto ints = [](const char* name, std::vector<std::int64_t> values) {
    return [=](onnx::NodeProto& node) {
      onnx::AttributeProto& attribute = *node.add_attribute();
      attribute.set_name(name);
      attribute.set_type(onnx::AttributeProto::INTS);
      for (const auto value : values) attribute.add_ints(value);
    };
  };
  CHECK_THAT(refusal_of(with_op("Transpose", {}, ints("perm", {1, 0}))),
             Contains("Transpose node 'Transpose_y' changes the order of values"));
  const auto number = [](const char* name, std::int64_t value) {
    return [=](onnx::NodeProto& node) { GraphWriter::attribute(node, name, value); };
  };
  CHECK_THAT(refusal_of(with_op("Flatten", {}, number("axis", 0))),
             Contains("Flatten node 'Flatten_y' changes the number of vectors"));
  CHECK_THAT(refusal_of(with_op("Squeeze", {}, ints("axes", {0}))),
             Contains("changes the number of vectors"));
  CHECK_THAT(refusal_of(with_op("Softmax", {}, number("axis", 0))), Contains("works along axis 0"));
  CHECK_THAT(refusal_of(with_op("ArgMax")), Contains("works along axis 0"));
  CHECK_THAT(refusal_of(with_op("Cast", {}, number("to", TensorProto::INT32))),
             Contains("rounds its values"));
  CHECK_THAT(refusal_of(with_op("Clip", {"minus"})), Contains("clips to -1 .. inf"));
  CHECK_THAT(refusal_of(with_op("Add", {"sums"})),
             Contains("goes to") && Contains("without branches"));
  CHECK_THAT(refusal_of(with_op("Mul", {"w"})), Contains("computes with more than one dimension"));
  CHECK_THAT(refusal_of(with_op("MatMul", {"c"})), Contains("'c' has 1 dimensions"));
  CHECK_THAT(refusal_of(with_op("Relu")), Contains("--calibrate X.npy"));
  GraphWriter left(13);
  left.input(TensorProto::FLOAT, 2);
  left.node("MatMul", {left.floats("w", {2, 2}, {1, 2, 3, 4}), "x"}, "y");
  left.output("y", TensorProto::FLOAT, 2);
  CHECK_THAT(refusal_of(left.model()),
             Contains("takes the values as another input than its first"));
}

TEST_CASE("a model that is no chain of one input and one output is refused") {
  onnx::ModelProto two = with_op("Relu");
  *two.mutable_graph()->add_output() = two.graph().output(0);
  CHECK_THAT(refusal_of(two), Contains("1 inputs that are no constants and 2 outputs"));
  onnx::ModelProto set = with_op("Relu");
  set.mutable_opset_import(0)->set_version(5);
  CHECK_THAT(refusal_of(set), Contains("operator set 5; known are 6 to"));
  onnx::ModelProto cycle = with_op("Relu");
  cycle.mutable_graph()->mutable_output(0)->set_name("z");
  cycle.mutable_graph()->mutable_node(1)->set_output(0, "x");
  CHECK_THAT(refusal_of(cycle), Contains("goes to") || Contains("cycle"));
  onnx::ModelProto itself = with_op("Identity");
  itself.mutable_graph()->mutable_output(0)->set_name("z");
  itself.mutable_graph()->mutable_node(1)->set_output(0, "sums");
  CHECK_THAT(refusal_of(itself), Contains("Identity node 'Identity_y' is part of a cycle"));
  onnx::ModelProto lost = with_op("Relu");
  lost.mutable_graph()->mutable_output(0)->set_name("z");
  CHECK_THAT(refusal_of(lost), Contains("nothing takes 'y'"));
  const TemporaryFolder folder;
  cfc::testing::write_file(folder / "text.onnx", "hello");
  CHECK_THAT(cfc::testing::input_error([&] { import_model(folder / "text.onnx", {}); }),
             Contains("text.onnx: is not an ONNX file"));
  CHECK_THAT(cfc::testing::input_error([&] { import_model(folder / "none.onnx", {}); }),
             Contains("none.onnx: cannot be opened"));
}

TEST_CASE("constants that cannot be are refused by name") {
  const auto changed = [](const std::function<void(TensorProto&)>& change) {
    onnx::ModelProto model = with_op("Relu");
    change(*model.mutable_graph()->mutable_initializer(2));
    return refusal_of(model);
  };
  CHECK_THAT(changed([](TensorProto& w) { w.set_float_data(1, NAN); }),
             Contains("constant 'w' holds an infinite number, or none"));
  CHECK_THAT(changed([](TensorProto& w) { w.mutable_float_data()->RemoveLast(); }),
             Contains("has not the elements of its shape"));
  CHECK_THAT(changed([](TensorProto& w) { w.set_dims(0, std::int64_t{1} << 60); }),
             Contains("impossible shape"));
  CHECK_THAT(changed([](TensorProto& w) { w.set_data_type(TensorProto::COMPLEX64); }),
             Contains("of a type that is not supported"));
  const auto external = [&](const std::string& location) {
    return changed([&](TensorProto& w) {
      w.clear_float_data();
      w.set_data_location(TensorProto::EXTERNAL);
      auto& entry = *w.add_external_data();
      entry.set_key("location");
      entry.set_value(location);
    });
  };
  CHECK_THAT(external("../w.bin"), Contains("outside of the model's folder"));
  CHECK_THAT(external("/etc/hostname"), Contains("outside of the model's folder"));
  CHECK_THAT(external("w.bin"), Contains("w.bin: cannot be opened"));
}

TEST_CASE("integers that the accelerator does not hold are refused") {
  GraphWriter graph(13);
  graph.input(TensorProto::FLOAT, 2);
  const std::string scale = graph.floats("s", {}, {0.1F});
  const std::string zero = graph.integers("z", TensorProto::UINT8, {}, {100});
  graph.node("QuantizeLinear", {"x", scale, zero}, "q");
  graph.node("QLinearMatMul",
             {"q", scale, zero, graph.integers("w", TensorProto::UINT8, {2, 1}, {255, 0}), scale,
              zero, scale, zero},
             "y");
  graph.output("y", TensorProto::UINT8, 1);
  CHECK_THAT(refusal_of(graph.model()), Contains("weight 155 (its zero point taken off)") &&
                                            Contains("quantise weights symmetrically"));
  onnx::ModelProto other = graph.model();
  other.mutable_graph()->mutable_node(1)->set_input(
      2, graph.integers("z2", TensorProto::UINT8, {}, {7}));
  *other.mutable_graph()->add_initializer() = graph.model().graph().initializer(3);
  CHECK_THAT(refusal_of(other), Contains("another scale or zero point than they have"));
}

TEST_CASE("a graph that moves values, or works on more than vectors, is refused") {
  const auto image = [](const std::vector<std::int64_t>& axes) {
    GraphWriter graph(11);
    graph.input(TensorProto::FLOAT, 1);
    auto& shape = *graph.model()
                       .mutable_graph()
                       ->mutable_input(0)
                       ->mutable_type()
                       ->mutable_tensor_type()
                       ->mutable_shape();
    for (const int size : {2, 3}) shape.add_dim()->set_dim_value(size);  // batch x 1 x 2 x 3
    onnx::NodeProto& squeeze = graph.node("Squeeze", {"x"}, "squeezed");
    onnx::AttributeProto& attribute = *squeeze.add_attribute();
    attribute.set_name("axes");
    attribute.set_type(onnx::AttributeProto::INTS);
    attribute.add_ints(1);
    std::string tensor = "squeezed";
    if (!axes.empty()) {
      onnx::NodeProto& transpose = graph.node("Transpose", {tensor}, "transposed");
      onnx::AttributeProto& order = *transpose.add_attribute();
      order.set_name("perm");
      order.set_type(onnx::AttributeProto::INTS);
      for (const auto axis : axes) order.add_ints(axis);
      tensor = "transposed";
    }
    graph.node("Flatten", {tensor}, "flat");
    graph.node("MatMul", {"flat", graph.floats("w", {6, 1}, {1, 2, 3, 4, 5, 6})}, "y");
    graph.output("y", TensorProto::FLOAT, 1);
    return graph.model();
  };
  const std::vector<double> six{1, 2, 3, 4, 5, 6};
  CHECK_THAT(refusal_of(image({0, 2, 1}), six), Contains("changes the order of values"));
  onnx::ModelProto wide = image({});
  wide.mutable_graph()->mutable_node(2)->set_input(0, "squeezed");
  wide.mutable_graph()->mutable_node()->DeleteSubrange(1, 1);
  wide.mutable_graph()->mutable_node(1)->set_input(0, "squeezed");
  CHECK_THAT(refusal_of(wide, six), Contains("put a Flatten before it"));
  GraphWriter regroup(13);
  regroup.input(TensorProto::FLOAT, 12);
  regroup.node("Reshape", {"x", regroup.integers("shape", TensorProto::INT64, {2}, {})}, "r");
  auto& shape = *regroup.model().mutable_graph()->mutable_initializer(0);
  shape.add_int64_data(6);
  shape.add_int64_data(-1);
  regroup.node("MatMul", {"r", regroup.floats("w", {2, 1}, {1, 2})}, "y");
  regroup.output("y", TensorProto::FLOAT, 1);
  CHECK_THAT(refusal_of(regroup.model(), {1, 2}), Contains("number of vectors"));
}

TEST_CASE("integers on the chain are no real numbers, and have one scale of 8 bits") {
  GraphWriter graph(13);
  graph.input(TensorProto::FLOAT, 2);
  const std::string scale = graph.floats("s", {}, {0.1F}),
                    two = graph.floats("s2", {2}, {0.1F, 0.2F});
  const std::string zero = graph.integers("z", TensorProto::UINT8, {}, {10});
  const std::string zeros = graph.integers("zz", TensorProto::UINT8, {2}, {0, 0});
  const std::string wide = graph.integers("wide", TensorProto::INT32, {}, {0});
  const std::string w = graph.floats("w", {2, 2}, {1, 2, 3, 4});
  graph.output("y", TensorProto::FLOAT, 2);
  const auto chain = [&](const std::vector<std::vector<std::string>>& nodes) {
    onnx::ModelProto model = graph.model();
    for (const auto& node : nodes) {
      onnx::NodeProto& added = *model.mutable_graph()->add_node();
      added.set_op_type(node[0]);
      added.set_name(node[0] + "_" + node.back());
      for (std::size_t i = 1; i + 1 < node.size(); ++i) added.add_input(node[i]);
      added.add_output(node.back());
    }
    return refusal_of(model, {1, 2});
  };
  CHECK_THAT(chain({{"QuantizeLinear", "x", scale, zero, "q"}, {"MatMul", "q", w, "y"}}),
             Contains("MatMul node 'MatMul_y' computes with quantised numbers"));
  CHECK_THAT(
      chain(
          {{"MatMul", "x", w, "t"}, {"QuantizeLinear", "t", scale, zero, "q"}, {"Relu", "q", "y"}}),
      Contains("computes with quantised numbers"));
  CHECK_THAT(chain({{"QuantizeLinear", "x", two, zeros, "q"},
                    {"DequantizeLinear", "q", two, zeros, "d"},
                    {"MatMul", "d", w, "y"}}),
             Contains("scales each value by its own"));
  CHECK_THAT(chain({{"MatMul", "x", w, "t"}, {"QuantizeLinear", "t", scale, wide, "y"}}),
             Contains("more than 8 bits"));
  CHECK_THAT(chain({{"Mul", "x", graph.floats("seven", {7}, std::vector<float>(7, 1)), "t"},
                    {"MatMul", "t", w, "y"}}),
             Contains("what scales its inputs has 7 numbers for 2"));
}
