#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include "golden/onnx_file.h"
#include "golden/onnx_graph.h"
#include "support/whole_file.h"

namespace cfc::golden {
namespace {

namespace fs = std::filesystem;
using onnx_graph::ScaleConstants;
using onnx_graph::ZConstants;

/// Appends the nodes of a chain, each taking the tensor that the one before it made.
class ChainWriter {
 public:
  explicit ChainWriter(onnx::GraphProto& graph) : graph_(graph), tensor_(onnx_graph::kInput) {}

  /// A node `op` of the current tensor and `operands`, making `output`.
  onnx::NodeProto& apply(const std::string& op, const std::string& output,
                         const std::vector<std::string>& operands = {}) {
    onnx::NodeProto& node = add_node(op, output);
    node.add_input(tensor_);
    for (const std::string& operand : operands) node.add_input(operand);
    tensor_ = output;
    return node;
  }

  /// Cast of a tensor that is not on the chain.
  void cast(const std::string& input, const std::string& output, onnx::TensorProto::DataType type) {
    onnx::NodeProto& node = add_node("Cast", output);
    node.add_input(input);
    set_target(node, type);
  }

  static void set_target(onnx::NodeProto& cast, onnx::TensorProto::DataType type) {
    onnx::AttributeProto& to = *cast.add_attribute();
    to.set_name("to");
    to.set_type(onnx::AttributeProto::INT);
    to.set_i(type);
  }

  std::string constant(const std::string& name, std::int64_t value) {
    const auto narrow = static_cast<std::int32_t>(value);
    return add_tensor(name, onnx::TensorProto::INT32, {}, &narrow, sizeof narrow);
  }
  std::string matrix(const std::string& name, const MatrixS8& values) {
    return add_tensor(name, onnx::TensorProto::INT8, {values.rows(), values.cols()}, values.data(),
                      static_cast<std::size_t>(values.size()));
  }
  /// One value as a scalar.
  std::string constants(const std::string& name, const std::vector<std::int64_t>& values) {
    const auto count = static_cast<std::int64_t>(values.size());
    const std::vector<std::int64_t> shape =
        count == 1 ? std::vector<std::int64_t>{} : std::vector<std::int64_t>{count};
    return add_tensor(name, onnx::TensorProto::INT64, shape, values.data(),
                      values.size() * sizeof(std::int64_t));
  }
  std::string vector(const std::string& name, const VectorS32& values) {
    return add_tensor(name, onnx::TensorProto::INT32, {values.size()}, values.data(),
                      static_cast<std::size_t>(values.size()) * sizeof(std::int32_t));
  }

 private:
  onnx::NodeProto& add_node(const std::string& op, const std::string& output) {
    onnx::NodeProto& node = *graph_.add_node();
    node.set_op_type(op);
    node.set_name(output);
    node.add_output(output);
    return node;
  }

  std::string add_tensor(const std::string& name, onnx::TensorProto::DataType type,
                         const std::vector<std::int64_t>& shape, const void* data,
                         std::size_t bytes) {
    onnx::TensorProto& tensor = *graph_.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    for (const std::int64_t size : shape) tensor.add_dims(size);
    tensor.set_raw_data(data, bytes);
    return name;
  }

  onnx::GraphProto& graph_;
  std::string tensor_;
};

void write_z(ChainWriter& chain, const std::string& name, const FactorisedWeights& factors) {
  const ZConstants constants(factors.z_shift, factors.z_bits);
  const auto constant = [&](const char* suffix, std::int64_t value) {
    return chain.constant(name + suffix, value);
  };
  const bool shifts = factors.z_shift > 0;
  if (shifts) chain.apply("Add", name + ".rounded", {constant(".z_rounding", constants.rounding)});
  chain.apply(
      "Clip", shifts ? name + ".clipped" : name + ".z",
      {constant(".z_clip_lo", constants.clip_lo), constant(".z_clip_hi", constants.clip_hi)});
  if (!shifts) return;
  chain.apply("Sub", name + ".from_zero", {name + ".z_clip_lo"});
  chain.apply("Div", name + ".shifted", {constant(".z_divisor", constants.divisor)});
  chain.apply("Add", name + ".z", {constant(".z_lowest", constants.lowest)});
}

void write_shift(ChainWriter& chain, const std::string& name, int shift) {
  // Without a shift, the clip at 0 is the ReLU. With one, the truncating division needs a ReLU
  // before it.
  if (shift > 0) {
    chain.apply("Relu", name + ".relu");
    const std::int64_t divisor = std::int64_t{1} << shift;
    chain.apply("Add", name + ".relu_rounded",
                {chain.constant(name + ".activation_rounding", divisor / 2)});
    chain.apply("Div", name + ".relu_shifted",
                {chain.constant(name + ".activation_divisor", divisor)});
  }
  chain.apply("Clip", name + ".relu_clipped",
              {chain.constant(name + ".activation_lo", 0),
               chain.constant(name + ".activation_hi", Requantisation::kLargestOutput)});
}

void write_scale(ChainWriter& chain, const std::string& name, const Requantisation& scale) {
  std::vector<std::int64_t> raises, divisors, lowers;
  for (const int shift : scale.shifts) {
    const ScaleConstants constants(shift, scale.zero_point);
    raises.push_back(constants.raise);
    divisors.push_back(constants.divisor);
    lowers.push_back(constants.lower);
  }
  ChainWriter::set_target(chain.apply("Cast", name + ".wide"), onnx::TensorProto::INT64);
  chain.apply("Mul", name + ".scaled",
              {chain.constants(name + ".multiplier",
                               {scale.multipliers.begin(), scale.multipliers.end()})});
  chain.apply("Add", name + ".scaled_raised", {chain.constants(name + ".raise", raises)});
  chain.apply("Div", name + ".scaled_shifted", {chain.constants(name + ".divisor", divisors)});
  chain.apply("Add", name + ".scaled_lowered", {chain.constants(name + ".lower", lowers)});
  chain.apply("Clip", name + ".scaled_clipped",
              {chain.constants(name + ".activation_lo", {scale.lo}),
               chain.constants(name + ".activation_hi", {scale.hi})});
}

void write_requantisation(ChainWriter& chain, const std::string& name, const Requantisation& scale,
                          const std::string& output) {
  if (scale.is_plain()) {
    write_shift(chain, name, scale.shifts.front());
  } else {
    write_scale(chain, name, scale);
  }
  ChainWriter::set_target(chain.apply("Cast", output), onnx::TensorProto::UINT8);
}

void write_layer(ChainWriter& chain, const Layer& layer, const std::string& output) {
  const std::string& name = layer.name;
  if (const auto* factors = std::get_if<FactorisedWeights>(&layer.weights)) {
    chain.apply("MatMulInteger", name + ".dots", {chain.matrix(name + ".u", factors->u)});
    write_z(chain, name, *factors);
    chain.cast(chain.matrix(name + ".v", factors->v), name + ".v_s32", onnx::TensorProto::INT32);
    chain.apply("MatMul", name + ".sums", {name + ".v_s32"});
  } else {
    const auto& dense = std::get<DenseWeights>(layer.weights);
    chain.apply("MatMulInteger", name + ".sums", {chain.matrix(name + ".w", dense.w)});
  }
  chain.apply("Add", layer.requantisation ? name + ".biased" : output,
              {chain.vector(name + ".bias", layer.bias)});
  if (layer.requantisation) write_requantisation(chain, name, *layer.requantisation, output);
}

void describe_tensor(onnx::ValueInfoProto& info, const char* name, onnx::TensorProto::DataType type,
                     Index width) {
  info.set_name(name);
  auto& tensor = *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(type);
  tensor.mutable_shape()->add_dim()->set_dim_param("batch");
  tensor.mutable_shape()->add_dim()->set_dim_value(width);
}

void add_metadata(onnx::ModelProto& model, const std::string& key, const std::string& value) {
  onnx::StringStringEntryProto& entry = *model.add_metadata_props();
  entry.set_key(key);
  entry.set_value(value);
}

void write_metadata(onnx::ModelProto& model, const Network& network) {
  for (const auto& [key, value] : network.metadata) add_metadata(model, key, value);
  for (const Layer& layer : network.layers) {
    const auto width = [&](const char* matrix, int bits) {
      add_metadata(model, onnx_graph::kMetadataPrefix + layer.name + '.' + matrix + "_bits",
                   std::to_string(bits));
    };
    if (const auto* factors = std::get_if<FactorisedWeights>(&layer.weights)) {
      width("u", factors->u_bits);
      width("v", factors->v_bits);
    } else {
      width("w", std::get<DenseWeights>(layer.weights).w_bits);
    }
  }
}

onnx::ModelProto to_model(const Network& network) {
  onnx::ModelProto model;
  model.set_ir_version(onnx_graph::kIrVersion);
  model.set_producer_name("cfcsim");
  onnx::OperatorSetIdProto& opset = *model.add_opset_import();
  opset.set_domain("");
  opset.set_version(onnx_graph::kOpset);
  onnx::GraphProto& graph = *model.mutable_graph();
  graph.set_name("cfcsim");
  describe_tensor(*graph.add_input(), onnx_graph::kInput, onnx::TensorProto::UINT8,
                  network.inputs());
  const Layer& last = network.layers.back();
  describe_tensor(*graph.add_output(), onnx_graph::kOutput,
                  last.requantisation ? onnx::TensorProto::UINT8 : onnx::TensorProto::INT32,
                  network.outputs());
  ChainWriter chain(graph);
  for (const Layer& layer : network.layers) {
    write_layer(chain, layer, &layer == &last ? onnx_graph::kOutput : layer.name + ".activation");
  }
  write_metadata(model, network);
  return model;
}

}  // namespace

void write_network(const Network& network, const fs::path& file) {
  validate(network);
  write_whole_file(file, to_model(network).SerializeAsString());
}

}  // namespace cfc::golden
