#include "golden/onnx_chain.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "support/error.h"

namespace cfc::golden::onnx_graph {
namespace {

using onnx::NodeProto;
using onnx::TensorProto;

constexpr std::array<const char*, 9> kOperators{"Add",           "Cast", "Clip", "Div", "MatMul",
                                                "MatMulInteger", "Mul",  "Relu", "Sub"};

/// "node 'fc1.relu'"; a node without a name is known by what it makes.
std::string name_of(const NodeProto& node) {
  if (!node.name().empty()) return fmt::format("node '{}'", node.name());
  return fmt::format("the node that makes '{}'", node.output_size() > 0 ? node.output(0) : "");
}

/// The input of the graph that is no constant: ONNX lets a graph list those, too.
std::string data_input(const onnx::GraphProto& graph, const Constants& constants) {
  std::vector<std::string> names;
  for (const auto& input : graph.input()) {
    if (!constants.has(input.name())) names.push_back(input.name());
  }
  if (names.size() != 1) {
    throw InputError(
        fmt::format("the graph has {} inputs that are no constants ({}); it must have "
                    "one, the image",
                    names.size(), fmt::join(names, ", ")));
  }
  return names.front();
}

}  // namespace

ChainReader::ChainReader(const onnx::GraphProto& graph)
    : constants_(graph), declarations_(graph), nodes_left_(graph.node_size()) {
  std::set<std::string> names;
  for (const NodeProto& node : graph.node()) {
    add_node(node);
    if (!node.name().empty() && !names.insert(node.name()).second) {
      throw InputError(fmt::format("two nodes are named '{}'", node.name()));
    }
  }
  tensor_ = input_ = data_input(graph, constants_);
  if (graph.output_size() != 1) {
    throw InputError(
        fmt::format("the graph has {} outputs; it must have one, the logits", graph.output_size()));
  }
  output_ = graph.output(0).name();
}

void ChainReader::add_node(const NodeProto& node) {
  const bool is_known =
      std::find(kOperators.begin(), kOperators.end(), node.op_type()) != kOperators.end();
  if (!is_known || !node.domain().empty()) {
    throw InputError(fmt::format("{}: operator {} is not supported; networks are made of {}",
                                 name_of(node), node.op_type(), fmt::join(kOperators, ", ")));
  }
  if (node.output_size() != 1) reject(node, "has not one output");
  for (const auto& attribute : node.attribute()) {
    if (node.op_type() == "Cast" && attribute.name() == "to") continue;
    reject(node, fmt::format("has the attribute '{}', which is not supported", attribute.name()));
  }
  for (const std::string& input : node.input()) consumers_[input].push_back(&node);
  if (!makers_.emplace(node.output(0), &node).second || constants_.has(node.output(0))) {
    reject(node, fmt::format("makes '{}', which is there already", node.output(0)));
  }
}

const NodeProto& ChainReader::peek() const {
  const auto found = consumers_.find(tensor_);
  if (found == consumers_.end() || found->second.size() != 1 ||
      found->second.front()->input(0) != tensor_) {
    throw InputError(fmt::format(
        "tensor '{}' is not the first input of exactly one node: the graph is no chain of layers",
        tensor_));
  }
  return *found->second.front();
}

const NodeProto& ChainReader::take(const char* op, int operands) {
  if (at_end()) {
    throw InputError(fmt::format("the graph ends at '{}', where {} is expected", tensor_, op));
  }
  const NodeProto& node = peek();
  if (node.op_type() != op) reject(node, fmt::format("stands where {} is expected", op));
  if (node.input_size() != operands + 1) {
    reject(node, fmt::format("has {} inputs instead of {}", node.input_size(), operands + 1));
  }
  if (nodes_left_ <= 0) reject(node, "is part of a cycle");
  --nodes_left_;
  tensor_ = node.output(0);
  if (node.op_type() == "MatMulInteger") type_ = TensorProto::INT32;
  if (node.op_type() != "Cast") declarations_.expect_type(tensor_, type_);
  return node;
}

const NodeProto& ChainReader::take_cast(TensorProto::DataType type) {
  const NodeProto& node = take("Cast", 0);
  expect_target(node, type);
  type_ = type;
  declarations_.expect_type(node.output(0), type);
  return node;
}

MatrixS8 ChainReader::cast_matrix(const NodeProto& node, int index) {
  const auto found = makers_.find(node.input(index));
  if (found == makers_.end() || found->second->op_type() != "Cast" ||
      found->second->input_size() != 1) {
    reject(node, "does not take a Cast of an s8 constant");
  }
  expect_target(*found->second, TensorProto::INT32);
  declarations_.expect_type(found->first, TensorProto::INT32);
  --nodes_left_;
  return constants_.matrix(found->second->input(0));
}

void ChainReader::expect_target(const NodeProto& cast, TensorProto::DataType type) const {
  onnx::AttributeProto expected;  // of this type, with this number and nothing else
  expected.set_name("to");
  expected.set_type(onnx::AttributeProto::INT);
  expected.set_i(type);
  onnx::AttributeProto actual = cast.attribute_size() == 1 ? cast.attribute(0) : expected;
  actual.clear_doc_string();
  const bool is_expected =
      cast.attribute_size() == 1 && actual.SerializeAsString() == expected.SerializeAsString();
  if (!is_expected) {
    reject(cast, fmt::format("does not cast to {}", TensorProto::DataType_Name(type)));
  }
}

void ChainReader::expect(const NodeProto& node, int input, std::int64_t value) const {
  const std::int32_t actual = constants_.scalar(node.input(input));
  if (actual != value) {
    reject(node,
           fmt::format("has the constant {}, where the rounding shift needs {}", actual, value));
  }
}

void ChainReader::reject(const NodeProto& node, const std::string& why) {
  throw InputError(fmt::format("{} ({}) {}", name_of(node), node.op_type(), why));
}

}  // namespace cfc::golden::onnx_graph
