#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <onnx/onnx_pb.h>

#include "golden/onnx_file.h"
#include "golden/onnx_graph.h"
#include "support/error.h"
#include "support/whole_file.h"

namespace cfc::golden {
namespace {

namespace fs = std::filesystem;
using onnx::NodeProto;
using onnx::TensorProto;
using onnx_graph::ZConstants;

constexpr std::int64_t kMaxElements = std::int64_t{1} << 28;

const std::set<std::string>& supported_operators() {
  static const std::set<std::string> operators{"Add",    "Cast",          "Clip", "Div",
                                               "MatMul", "MatMulInteger", "Relu", "Sub"};
  return operators;
}

/// The constants of a graph by name, checked when they are asked for.
class Constants {
 public:
  explicit Constants(const onnx::GraphProto& graph) {
    for (const TensorProto& tensor : graph.initializer()) tensors_[tensor.name()] = &tensor;
  }

  bool is_scalar(const std::string& name) const {
    const auto found = tensors_.find(name);
    return found != tensors_.end() && found->second->dims_size() == 0;
  }

  MatrixS8 matrix(const std::string& name) const {
    const TensorProto& tensor = find(name, TensorProto::INT8, 2, "a matrix of s8");
    MatrixS8 values(tensor.dims(0), tensor.dims(1));
    copy(tensor, values.data(), values.size());
    return values;
  }
  VectorS32 vector(const std::string& name) const {
    const TensorProto& tensor = find(name, TensorProto::INT32, 1, "a vector of s32");
    VectorS32 values(tensor.dims(0));
    copy(tensor, values.data(), values.size());
    return values;
  }
  std::int32_t scalar(const std::string& name) const {
    const TensorProto& tensor = find(name, TensorProto::INT32, 0, "a scalar of s32");
    std::int32_t value = 0;
    copy(tensor, &value, 1);
    return value;
  }

 private:
  const TensorProto& find(const std::string& name, TensorProto::DataType type, int dimensions,
                          const char* wanted) const {
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) throw InputError(fmt::format("constant '{}' is missing", name));
    const TensorProto& tensor = *found->second;
    if (tensor.data_type() != type || tensor.dims_size() != dimensions) {
      throw InputError(fmt::format("constant '{}' is not {}", name, wanted));
    }
    std::int64_t elements = 1;
    for (const std::int64_t size : tensor.dims()) {
      if (size < 1 || size > kMaxElements / elements) {
        throw InputError(fmt::format("constant '{}' has an impossible shape", name));
      }
      elements *= size;
    }
    if (tensor.data_location() == TensorProto::EXTERNAL) {
      throw InputError(fmt::format("constant '{}' lies in another file; save it inside", name));
    }
    return tensor;
  }

  /// ONNX keeps small integers either as raw bytes or as one s32 each.
  template <typename Element>
  static void copy(const TensorProto& tensor, Element* values, Index count) {
    const std::string& raw = tensor.raw_data();
    if (raw.size() == static_cast<std::size_t>(count) * sizeof(Element)) {
      std::copy(raw.begin(), raw.end(), reinterpret_cast<char*>(values));
    } else if (raw.empty() && tensor.int32_data_size() == count) {
      std::transform(tensor.int32_data().begin(), tensor.int32_data().end(), values,
                     [](std::int32_t value) { return static_cast<Element>(value); });
    } else {
      throw InputError(
          fmt::format("constant '{}' has not the {} elements of its shape", tensor.name(), count));
    }
  }

  std::map<std::string, const TensorProto*> tensors_;
};

/// Walks a chain of nodes from the graph's input to its output.
class ChainReader {
 public:
  explicit ChainReader(const onnx::GraphProto& graph)
      : constants_(graph), nodes_left_(graph.node_size()) {
    for (const NodeProto& node : graph.node()) {
      if (supported_operators().count(node.op_type()) == 0 || !node.domain().empty()) {
        throw InputError(
            fmt::format("node '{}': operator {} is not supported; networks are made of {}",
                        node.name(), node.op_type(), fmt::join(supported_operators(), ", ")));
      }
      if (node.output_size() != 1) reject(node, "has not one output");
      for (const std::string& input : node.input()) consumers_[input].push_back(&node);
      makers_[node.output(0)] = &node;
    }
    if (graph.input_size() != 1 || graph.output_size() < 1) {
      throw InputError("the graph has not one input and an output");
    }
    tensor_ = graph.input(0).name();
    output_ = graph.output(0).name();
  }

  bool at_end() const { return tensor_ == output_; }
  bool all_read() const { return nodes_left_ == 0; }
  const Constants& constants() const { return constants_; }

  /// The node that takes the current tensor.
  const NodeProto& peek() const {
    const auto found = consumers_.find(tensor_);
    if (found == consumers_.end() || found->second.size() != 1 ||
        found->second.front()->input(0) != tensor_) {
      throw InputError(fmt::format(
          "tensor '{}' is not the first input of exactly one node: the graph is no chain of layers",
          tensor_));
    }
    return *found->second.front();
  }

  bool next_is(const char* op) const { return !at_end() && peek().op_type() == op; }

  /// Goes on behind the next node, which must be `op` with `operands` more inputs.
  const NodeProto& take(const char* op, int operands) {
    if (at_end())
      throw InputError(fmt::format("the graph ends at '{}', where {} is expected", tensor_, op));
    const NodeProto& node = peek();
    if (node.op_type() != op) reject(node, fmt::format("stands where {} is expected", op));
    if (node.input_size() != operands + 1) {
      reject(node, fmt::format("has {} inputs instead of {}", node.input_size(), operands + 1));
    }
    if (nodes_left_ <= 0) reject(node, "is part of a cycle");
    --nodes_left_;
    tensor_ = node.output(0);
    return node;
  }

  /// The s8 constant behind a Cast to s32, input `index` of `node`.
  MatrixS8 cast_matrix(const NodeProto& node, int index) {
    const auto found = makers_.find(node.input(index));
    if (found == makers_.end() || found->second->op_type() != "Cast" ||
        found->second->input_size() != 1) {
      reject(node, "does not take a Cast of an s8 constant");
    }
    expect_target(*found->second, TensorProto::INT32);
    --nodes_left_;
    return constants_.matrix(found->second->input(0));
  }

  void expect_target(const NodeProto& cast, TensorProto::DataType type) const {
    for (const onnx::AttributeProto& attribute : cast.attribute()) {
      if (attribute.name() == "to" && attribute.i() == type) return;
    }
    reject(cast, fmt::format("does not cast to {}", TensorProto::DataType_Name(type)));
  }

  void expect(const NodeProto& node, int input, std::int64_t value) const {
    const std::int32_t actual = constants_.scalar(node.input(input));
    if (actual != value) {
      reject(node,
             fmt::format("has the constant {}, where the rounding shift needs {}", actual, value));
    }
  }

  [[noreturn]] static void reject(const NodeProto& node, const std::string& why) {
    throw InputError(fmt::format("node '{}' ({}) {}", node.name(), node.op_type(), why));
  }

 private:
  Constants constants_;
  std::map<std::string, std::vector<const NodeProto*>> consumers_;
  std::map<std::string, const NodeProto*> makers_;
  std::string tensor_;
  std::string output_;
  int nodes_left_;
};

/// s of a divisor 2^s, s >= 1.
int shift_of(const ChainReader& chain, const NodeProto& node) {
  const std::int32_t divisor = chain.constants().scalar(node.input(1));
  for (int shift = 1; shift < 31; ++shift) {
    if (divisor == std::int32_t{1} << shift) return shift;
  }
  ChainReader::reject(node, fmt::format("divides by {}, which is no power of two", divisor));
}

int bits_of(std::int64_t lowest, const NodeProto& node) {
  for (int bits = 2; bits <= 32; ++bits) {
    if (lowest == signed_range(bits).lo) return bits;
  }
  ChainReader::reject(node, fmt::format("clips to {}, which is no signed range", lowest));
}

/// [Add rounding] Clip [Sub Div Add]: see ZConstants.
void read_z(ChainReader& chain, FactorisedWeights& factors) {
  const NodeProto* add = chain.next_is("Add") ? &chain.take("Add", 1) : nullptr;
  const NodeProto& clip = chain.take("Clip", 2);
  if (!add) {
    factors.z_shift = 0;
    factors.z_bits = bits_of(chain.constants().scalar(clip.input(1)), clip);
  } else {
    const NodeProto& sub = chain.take("Sub", 1);
    const NodeProto& div = chain.take("Div", 1);
    const NodeProto& lowest = chain.take("Add", 1);
    factors.z_shift = shift_of(chain, div);
    factors.z_bits = bits_of(chain.constants().scalar(lowest.input(1)), lowest);
    const ZConstants constants(factors.z_shift, factors.z_bits);
    chain.expect(*add, 1, constants.rounding);
    chain.expect(sub, 1, constants.clip_lo);
  }
  const ZConstants constants(factors.z_shift, factors.z_bits);
  chain.expect(clip, 1, constants.clip_lo);
  chain.expect(clip, 2, constants.clip_hi);
}

/// [Relu, Add rounding, Div] Clip Cast.
int read_activation(ChainReader& chain) {
  int shift = 0;
  if (!chain.next_is("Clip")) {
    chain.take("Relu", 0);
    const NodeProto& add = chain.take("Add", 1);
    shift = shift_of(chain, chain.take("Div", 1));
    chain.expect(add, 1, std::int64_t{1} << (shift - 1));
  }
  const NodeProto& clip = chain.take("Clip", 2);
  chain.expect(clip, 1, 0);
  chain.expect(clip, 2, 255);
  chain.expect_target(chain.take("Cast", 0), TensorProto::UINT8);
  return shift;
}

/// The name before the last dot of a constant's name ("fc1" of "fc1.bias"), if it has one.
std::string layer_name(const std::string& bias, std::size_t number) {
  const std::size_t dot = bias.rfind('.');
  return dot == std::string::npos || dot == 0 ? fmt::format("fc{}", number) : bias.substr(0, dot);
}

Layer read_layer(ChainReader& chain, std::size_t number) {
  Layer layer;
  const NodeProto& first = chain.take("MatMulInteger", 1);
  MatrixS8 weights = chain.constants().matrix(first.input(1));
  const bool adds_bias =
      chain.next_is("Add") && !chain.constants().is_scalar(chain.peek().input(1));
  if (adds_bias) {
    layer.weights = DenseWeights{std::move(weights)};
  } else {
    FactorisedWeights factors;
    factors.u = std::move(weights);
    read_z(chain, factors);
    const NodeProto& second = chain.take("MatMul", 1);
    factors.v = chain.cast_matrix(second, 1);
    layer.weights = std::move(factors);
  }
  const NodeProto& bias = chain.take("Add", 1);
  layer.bias = chain.constants().vector(bias.input(1));
  layer.name = layer_name(bias.input(1), number);
  if (!chain.at_end()) layer.activation_shift = read_activation(chain);
  return layer;
}

/// Takes the widths of the weights out of the metadata, which keeps the rest.
void read_metadata(const onnx::ModelProto& model, Network& network) {
  for (const auto& entry : model.metadata_props()) network.metadata[entry.key()] = entry.value();
  for (Layer& layer : network.layers) {
    const auto take_width = [&](const char* matrix, int& bits) {
      const std::string key = onnx_graph::kMetadataPrefix + layer.name + '.' + matrix + "_bits";
      const auto found = network.metadata.find(key);
      if (found == network.metadata.end()) return;
      const std::string& text = found->second;
      if (text.size() != 1 || text < "2" || text > "8") {
        throw InputError(fmt::format("metadata {} is '{}'; a width is 2 to 8", key, text));
      }
      bits = text[0] - '0';
      network.metadata.erase(found);
    };
    if (auto* factors = std::get_if<FactorisedWeights>(&layer.weights)) {
      take_width("u", factors->u_bits);
      take_width("v", factors->v_bits);
    } else {
      take_width("w", std::get<DenseWeights>(layer.weights).w_bits);
    }
  }
}

Network from_model(const onnx::ModelProto& model) {
  ChainReader chain(model.graph());
  Network network;
  do {
    network.layers.push_back(read_layer(chain, network.layers.size() + 1));
  } while (!chain.at_end());
  if (!chain.all_read())
    throw InputError("some nodes are not on the way from the input to the output");
  read_metadata(model, network);
  validate(network);
  return network;
}

}  // namespace

Network read_network(const fs::path& file) {
  const std::string bytes = read_whole_file(file, "give an ONNX file");
  onnx::ModelProto model;
  if (!model.ParseFromString(bytes) || !model.has_graph()) {
    throw InputError(fmt::format("{}: is not an ONNX file, or is truncated", file.string()));
  }
  try {
    return from_model(model);
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", file.string(), error.what()));
  }
}

}  // namespace cfc::golden
