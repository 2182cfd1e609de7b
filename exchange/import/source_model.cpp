#include "exchange/import/source_model.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "exchange/import/constant_folding.h"
#include "support/error.h"
#include "support/text.h"
#include "support/whole_file.h"

namespace cfc::exchange {
namespace {

namespace fs = std::filesystem;
using onnx::AttributeProto;
using onnx::NodeProto;

constexpr std::int64_t kOldestOperatorSet = 6;
constexpr std::int64_t kNewestOperatorSet = 23;

const AttributeProto* find_attribute(const NodeProto& node, const std::string& name, int type) {
  for (const AttributeProto& attribute : node.attribute()) {
    if (attribute.name() != name) continue;
    if (attribute.type() == type) return &attribute;
    reject(node, fmt::format("has an attribute '{}' of another type than its operator's", name));
  }
  return nullptr;
}

}  // namespace

std::string name_of(const NodeProto& node) {
  if (!node.name().empty()) {
    return fmt::format("{} node '{}'", printable(node.op_type()), printable(node.name()));
  }
  return fmt::format("the {} node that makes '{}'", printable(node.op_type()),
                     node.output_size() > 0 ? printable(node.output(0)) : "");
}

void reject(const NodeProto& node, const std::string& why) {
  throw InputError(fmt::format("{} {}", name_of(node), why));
}

double float_attribute(const NodeProto& node, const std::string& name, double otherwise) {
  const AttributeProto* found = find_attribute(node, name, AttributeProto::FLOAT);
  const double value = found != nullptr ? found->f() : otherwise;
  if (std::isnan(value)) reject(node, fmt::format("has an attribute '{}' that is no number", name));
  return value;
}

std::int64_t int_attribute(const NodeProto& node, const std::string& name, std::int64_t otherwise) {
  const AttributeProto* found = find_attribute(node, name, AttributeProto::INT);
  return found != nullptr ? found->i() : otherwise;
}

std::string text_attribute(const NodeProto& node, const std::string& name,
                           const std::string& otherwise) {
  const AttributeProto* found = find_attribute(node, name, AttributeProto::STRING);
  return found != nullptr ? found->s() : otherwise;
}

std::vector<std::int64_t> ints_attribute(const NodeProto& node, const std::string& name) {
  const AttributeProto* found = find_attribute(node, name, AttributeProto::INTS);
  if (found == nullptr) return {};
  return {found->ints().begin(), found->ints().end()};
}

const onnx::TensorProto* tensor_attribute(const NodeProto& node, const std::string& name) {
  const AttributeProto* found = find_attribute(node, name, AttributeProto::TENSOR);
  return found != nullptr ? &found->t() : nullptr;
}

SourceModel::SourceModel(const fs::path& file) {
  const std::string bytes = read_whole_file(file, "give an ONNX file", 2047);
  if (!model_.ParseFromString(bytes) || !model_.has_graph()) {
    throw InputError("is not an ONNX file, or is truncated");
  }
  check_operator_set();
  for (const auto& initialiser : model_.graph().initializer()) {
    constants_[initialiser.name()] = read_tensor(initialiser, file.parent_path());
  }
  read_ends();
  read_nodes(file.parent_path());
}

void SourceModel::check_operator_set() const {
  for (const auto& import : model_.opset_import()) {
    if (!import.domain().empty() && import.domain() != "ai.onnx") continue;
    if (import.version() >= kOldestOperatorSet && import.version() <= kNewestOperatorSet) return;
    throw InputError(fmt::format("uses operator set {}; known are {} to {}: export it again",
                                 import.version(), kOldestOperatorSet, kNewestOperatorSet));
  }
  throw InputError("names no operator set; export it again");
}

void SourceModel::read_ends() {
  std::vector<const onnx::ValueInfoProto*> inputs;
  for (const auto& input : model_.graph().input()) {
    if (constants_.count(input.name()) == 0) inputs.push_back(&input);
  }
  if (inputs.size() != 1 || model_.graph().output_size() != 1) {
    throw InputError(fmt::format(
        "has {} inputs that are no constants and {} outputs; networks of one each are supported",
        inputs.size(), model_.graph().output_size()));
  }
  input_ = inputs.front()->name();
  output_ = model_.graph().output(0).name();
  const auto& type = inputs.front()->type().tensor_type();
  input_type_ = type.elem_type();
  for (int i = 1; i < type.shape().dim_size(); ++i) {
    const auto& dimension = type.shape().dim(i);
    input_shape_.push_back(
        dimension.has_dim_value() && dimension.dim_value() > 0 ? dimension.dim_value() : -1);
  }
}

/// In the graph's order, which ONNX demands to be one of evaluation.
void SourceModel::read_nodes(const fs::path& folder) {
  const auto is_constant = [this](const std::string& name) {
    return name.empty() || constants_.count(name) > 0;
  };
  for (const NodeProto& node : model_.graph().node()) {
    if (std::all_of(node.input().begin(), node.input().end(), is_constant)) {
      if (node.output_size() == 0) reject(node, "makes nothing");
      std::vector<const Tensor*> inputs;
      for (const std::string& name : node.input()) inputs.push_back(constant(name));
      constants_[node.output(0)] = folded(node, inputs, folder);
      continue;
    }
    for (const std::string& name : node.input()) {
      if (!is_constant(name)) consumers_[name].push_back(&node);
    }
  }
}

const Tensor* SourceModel::constant(const std::string& name) const {
  const auto found = constants_.find(name);
  return found == constants_.end() ? nullptr : &found->second;
}

const NodeProto& SourceModel::consumer(const std::string& tensor) const {
  const auto found = consumers_.find(tensor);
  if (found == consumers_.end()) {
    throw InputError(fmt::format(
        "nothing takes '{}', which is not the output: the graph is no chain", printable(tensor)));
  }
  if (found->second.size() == 1) return *found->second.front();
  std::vector<std::string> names;
  for (const NodeProto* node : found->second) names.push_back(name_of(*node));
  throw InputError(
      fmt::format("'{}' goes to {}; only chains of layers are supported, without branches",
                  printable(tensor), fmt::join(names, " and ")));
}

}  // namespace cfc::exchange
