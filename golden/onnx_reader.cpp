#include <limits>

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include "golden/onnx_chain.h"
#include "golden/onnx_declarations.h"
#include "golden/onnx_file.h"
#include "golden/onnx_graph.h"
#include "support/error.h"
#include "support/text.h"
#include "support/whole_file.h"

namespace cfc::golden {
namespace {

namespace fs = std::filesystem;
using onnx::NodeProto;
using onnx::TensorProto;
using onnx_graph::ChainReader;
using onnx_graph::ScaleConstants;
using onnx_graph::ZConstants;

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

/// [Relu, Add rounding, Div] Clip.
Requantisation read_shift(ChainReader& chain) {
  int shift = 0;
  if (!chain.next_is("Clip")) {
    chain.take("Relu", 0);
    const NodeProto& add = chain.take("Add", 1);
    shift = shift_of(chain, chain.take("Div", 1));
    chain.expect(add, 1, std::int64_t{1} << (shift - 1));
  }
  const NodeProto& clip = chain.take("Clip", 2);
  chain.expect(clip, 1, 0);
  chain.expect(clip, 2, Requantisation::kLargestOutput);
  return Requantisation::by_shift(shift);
}

/// s of 2^s, s >= 0.
int exponent_of(std::int64_t divisor, const NodeProto& node) {
  for (int shift = 0; shift <= Requantisation::kMaxShift; ++shift) {
    if (divisor == std::int64_t{1} << shift) return shift;
  }
  ChainReader::reject(node, fmt::format("divides by {}, which is no power of two", divisor));
}

/// A number that must fit `Requantisation`, whose own limits `validate` checks.
int narrow(std::int64_t value, const NodeProto& node) {
  constexpr std::int64_t kLargest = std::numeric_limits<std::int32_t>::max();
  if (value >= -kLargest && value <= kLargest) return static_cast<int>(value);
  ChainReader::reject(node, fmt::format("has the constant {}, which is out of range", value));
}

void read_multipliers(const ChainReader& chain, const NodeProto& mul, Requantisation& scale) {
  scale.multipliers.clear();
  for (const std::int64_t value : chain.constants().wide_numbers(mul.input(1))) {
    scale.multipliers.push_back(narrow(value, mul));
  }
}

/// Shifts and zero point out of three nodes whose constants must agree.
void read_shifts(const ChainReader& chain, const NodeProto& raise, const NodeProto& div,
                 const NodeProto& lower, Requantisation& scale) {
  const auto raises = chain.constants().wide_numbers(raise.input(1));
  const auto divisors = chain.constants().wide_numbers(div.input(1));
  const auto lowers = chain.constants().wide_numbers(lower.input(1));
  scale.shifts.clear();
  for (const std::int64_t divisor : divisors) scale.shifts.push_back(exponent_of(divisor, div));
  scale.zero_point = narrow(lowers.front() - ScaleConstants(scale.shifts.front(), 0).lower, lower);
  std::vector<std::int64_t> expected_raises, expected_lowers;
  for (const int shift : scale.shifts) {
    const ScaleConstants constants(shift, scale.zero_point);
    expected_raises.push_back(constants.raise);
    expected_lowers.push_back(constants.lower);
  }
  if (raises != expected_raises) ChainReader::reject(raise, "does not round as its division needs");
  if (lowers != expected_lowers) ChainReader::reject(lower, "does not undo what was added before");
}

/// Cast to s64, Mul, Add, Div, Add, Clip: see ScaleConstants.
Requantisation read_scale(ChainReader& chain) {
  Requantisation scale;
  chain.take_cast(TensorProto::INT64);
  read_multipliers(chain, chain.take("Mul", 1), scale);
  const NodeProto& raise = chain.take("Add", 1);
  const NodeProto& div = chain.take("Div", 1);
  read_shifts(chain, raise, div, chain.take("Add", 1), scale);
  const NodeProto& clip = chain.take("Clip", 2);
  scale.lo = narrow(chain.constants().wide_number(clip.input(1)), clip);
  scale.hi = narrow(chain.constants().wide_number(clip.input(2)), clip);
  return scale;
}

Requantisation read_requantisation(ChainReader& chain) {
  Requantisation scale = chain.next_is("Cast") ? read_scale(chain) : read_shift(chain);
  chain.take_cast(TensorProto::UINT8);
  return scale;
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
  const bool adds_bias = chain.next_is("Add") && chain.peek().input_size() == 2 &&
                         !chain.constants().is_scalar(chain.peek().input(1));
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
  if (!chain.at_end()) layer.requantisation = read_requantisation(chain);
  return layer;
}

/// Takes the widths of the weights out of the metadata, which keeps the rest.
void read_metadata(const onnx::ModelProto& model, Network& network) {
  for (const auto& entry : model.metadata_props()) {
    if (!network.metadata.emplace(entry.key(), entry.value()).second) {
      throw InputError(fmt::format("metadata {} is given twice; keep one", entry.key()));
    }
  }
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
  for (const auto& [key, value] : network.metadata) {
    if (key.rfind(onnx_graph::kMetadataPrefix, 0) != 0) continue;
    throw InputError(fmt::format("metadata {} means no matrix of this network", key));
  }
}

/// What the graph declares of its two ends is what the layers make of them.
void check_ends(const ChainReader& chain, const Network& network) {
  const onnx_graph::Declarations& declared = chain.declarations();
  declared.expect_declared(chain.input());
  declared.expect_type(chain.input(), TensorProto::UINT8);
  declared.expect_columns(chain.input(), network.inputs());
  declared.expect_columns(chain.output(), network.outputs());
}

/// All text of a model comes back in messages and results.
void check_text(const onnx::ModelProto& model) {
  const auto check_name = [](const std::string& name) { check_plain(name, "a name"); };
  for (const auto& node : model.graph().node()) {
    check_name(node.name());
    for (const auto& name : node.input()) check_name(name);
    for (const auto& name : node.output()) check_name(name);
  }
  for (const auto& constant : model.graph().initializer()) check_name(constant.name());
  for (const auto& end : model.graph().input()) check_name(end.name());
  for (const auto& end : model.graph().output()) check_name(end.name());
  for (const auto& entry : model.metadata_props()) {
    check_plain(entry.key(), "a key of the metadata");
    check_utf8(entry.value(), "metadata " + entry.key());
  }
}

Network from_model(const onnx::ModelProto& model) {
  check_text(model);
  onnx_graph::check_versions(model);
  ChainReader chain(model.graph());
  Network network;
  do {
    network.layers.push_back(read_layer(chain, network.layers.size() + 1));
  } while (!chain.at_end());
  if (!chain.all_read())
    throw InputError("some nodes are not on the way from the input to the output");
  read_metadata(model, network);
  validate(network);
  check_ends(chain, network);
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
