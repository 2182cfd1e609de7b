#include "tests/exchange/source_graphs.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace cfc::testing {
namespace {

using onnx::TensorProto;
using Shape = std::vector<std::int64_t>;

float real(Generator& generator, float lo, float hi) {
  return std::uniform_real_distribution<float>(lo, hi)(generator);
}

std::vector<float> reals(Generator& generator, std::int64_t count, float lo, float hi) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < count; ++i) values.push_back(real(generator, lo, hi));
  return values;
}

std::vector<int> whole(Generator& generator, std::int64_t count, int lo, int hi) {
  std::vector<int> values;
  for (std::int64_t i = 0; i < count; ++i) values.push_back(uniform(generator, lo, hi));
  return values;
}

bool coin(Generator& generator) { return uniform(generator, 0, 1) == 0; }

/// Scale and zero point of a value on the chain.
struct Scale {
  std::string scale;
  std::string zero;
  float value;
};

/// A chain that is being written, `tensor` the value at its end.
class SourceWriter {
 public:
  SourceWriter(Generator& generator, int operator_set)
      : generator_(generator), writer_(operator_set), operator_set_(operator_set) {}

  GraphWriter& writer() { return writer_; }
  const std::string& tensor() const { return tensor_; }
  void set_tensor(const std::string& tensor) { tensor_ = tensor; }

  onnx::NodeProto& apply(const std::string& op, const std::vector<std::string>& others = {},
                         const std::string& domain = "") {
    std::vector<std::string> inputs{tensor_};
    inputs.insert(inputs.end(), others.begin(), others.end());
    tensor_ = name("t");
    return writer_.node(op, inputs, tensor_, domain);
  }

  std::string name(const char* stem) { return fmt::format("{}{}", stem, number_++); }

  // Real numbers

  void real_layer(std::int64_t m, std::int64_t n, bool is_last) {
    const float spread = 1.5F / std::sqrt(static_cast<float>(m));
    const auto weights = reals(generator_, m * n, -spread, spread);
    const auto bias = reals(generator_, n, -0.3F, 0.3F);
    if (operator_set_ >= 7 && coin(generator_)) {  // no runtime is left that has the sixth set's
      const bool transposed = coin(generator_);
      onnx::NodeProto& gemm =
          apply("Gemm", {writer_.floats(name("w"), transposed ? Shape{n, m} : Shape{m, n}, weights),
                         writer_.floats(name("b"), {n}, bias)});
      GraphWriter::attribute(gemm, "transB", std::int64_t{transposed ? 1 : 0});
      GraphWriter::attribute(gemm, "alpha", real(generator_, 0.5F, 1.5F));
      GraphWriter::attribute(gemm, "beta", real(generator_, 0.5F, 1.5F));
    } else {
      apply("MatMul", {writer_.floats(name("w"), {m, n}, weights)});
      if (operator_set_ >= 7) apply("Add", {writer_.floats(name("b"), {n}, bias)});
    }
    habits(n);
    if (!is_last) activation();
  }

  // Integers

  Scale scale(int type, float value) {
    const int zero =
        type == TensorProto::UINT8 ? uniform(generator_, 0, 200) : uniform(generator_, -90, 90);
    return {writer_.floats(name("s"), {}, {value}),
            writer_.integers(name("z"), type, {}, {coin(generator_) ? zero : 0}), value};
  }

  Scale quantise(int type, float value) {
    const Scale made = scale(type, value);
    apply("QuantizeLinear", {made.scale, made.zero});
    return made;
  }
  void dequantise(const Scale& scale) { apply("DequantizeLinear", {scale.scale, scale.zero}); }

  /// s8 weights, one scale or one an output.
  struct Weights {
    std::string integers, scale, zero;
    std::vector<float> scales;
  };
  Weights weights(const Shape& shape, std::int64_t outputs, bool per_output) {
    Weights made;
    made.integers = writer_.integers(name("w"), TensorProto::INT8, shape,
                                     whole(generator_, shape[0] * shape[1], -127, 127));
    made.scales = reals(generator_, per_output ? outputs : 1, 0.002F, 0.02F);
    const Shape scale_shape = per_output ? Shape{outputs} : Shape{};
    made.scale = writer_.floats(name("s"), scale_shape, made.scales);
    made.zero = writer_.integers(name("z"), TensorProto::INT8, scale_shape,
                                 std::vector<int>(made.scales.size(), 0));
    return made;
  }

  std::string bias(std::int64_t n) {
    return writer_.integers(name("b"), TensorProto::INT32, {n}, whole(generator_, n, -3000, 3000));
  }

  /// DequantizeLinear of a constant.
  std::string dequantised(const Weights& weights, int axis) {
    const std::string made = name("d");
    onnx::NodeProto& node =
        writer_.node("DequantizeLinear", {weights.integers, weights.scale, weights.zero}, made);
    if (weights.scales.size() > 1) GraphWriter::attribute(node, "axis", std::int64_t{axis});
    return made;
  }

  Scale qdq_layer(std::int64_t m, std::int64_t n, const Scale& input, int type) {
    const bool transposed = coin(generator_);
    const Weights made = weights(transposed ? Shape{n, m} : Shape{m, n}, n, coin(generator_));
    const std::string w = dequantised(made, transposed ? 0 : 1);
    Weights b{bias(n), "", "", made.scales};
    for (float& value : b.scales) value *= input.value;
    const Shape scale_shape = b.scales.size() > 1 ? Shape{n} : Shape{};
    b.scale = writer_.floats(name("s"), scale_shape, b.scales);
    b.zero = writer_.integers(name("z"), TensorProto::INT32, scale_shape,
                              std::vector<int>(b.scales.size(), 0));
    dequantise(input);
    onnx::NodeProto& gemm = apply("Gemm", {w, dequantised(b, 0)});
    GraphWriter::attribute(gemm, "transB", std::int64_t{transposed ? 1 : 0});
    if (coin(generator_)) apply("Relu");
    return quantise(type, output_scale(m, input, made));
  }

  Scale qlinear_layer(std::int64_t m, std::int64_t n, const Scale& input, int type) {
    const Weights made = weights({m, n}, n, coin(generator_));
    const Scale output = scale(type, output_scale(m, input, made));
    apply("QLinearMatMul", {input.scale, input.zero, made.integers, made.scale, made.zero,
                            output.scale, output.zero});
    return output;
  }

  Scale qgemm_layer(std::int64_t m, std::int64_t n, const Scale& input, int type) {
    const bool transposed = coin(generator_);
    const Weights made = weights(transposed ? Shape{n, m} : Shape{m, n}, n, coin(generator_));
    const Scale output = scale(type, output_scale(m, input, made));
    onnx::NodeProto& gemm = apply("QGemm",
                                  {input.scale, input.zero, made.integers, made.scale, made.zero,
                                   bias(n), output.scale, output.zero},
                                  "com.microsoft");
    GraphWriter::attribute(gemm, "transB", std::int64_t{transposed ? 1 : 0});
    return output;
  }

 private:
  void activation() {
    if (uniform(generator_, 0, 3) > 0) {
      apply("Relu");
    } else if (operator_set_ >= 11) {
      apply("Clip", {writer_.floats(name("lo"), {}, {0}), writer_.floats(name("hi"), {}, {1.5F})});
    } else {
      onnx::NodeProto& clip = apply("Clip");
      GraphWriter::attribute(clip, "min", 0.0F);
      GraphWriter::attribute(clip, "max", 1.5F);
    }
  }

  /// What exporters put between a product and its activation.
  void habits(std::int64_t n) {
    if (operator_set_ >= 9 && coin(generator_)) {
      onnx::NodeProto& norm = apply(
          "BatchNormalization", {writer_.floats(name("g"), {n}, reals(generator_, n, 0.5F, 1.5F)),
                                 writer_.floats(name("b"), {n}, reals(generator_, n, -0.2F, 0.2F)),
                                 writer_.floats(name("m"), {n}, reals(generator_, n, -0.2F, 0.2F)),
                                 writer_.floats(name("v"), {n}, reals(generator_, n, 0.5F, 2))});
      GraphWriter::attribute(norm, "epsilon", 1e-4F);
    }
    if (coin(generator_)) apply("Identity");
    if (operator_set_ >= 7 && coin(generator_)) {
      apply("Mul", {writer_.floats(name("c"), {}, {real(generator_, 0.5F, 1.5F)})});
    }
    if (operator_set_ >= 7 && coin(generator_)) {
      apply("Sub", {writer_.floats(name("c"), {1, n}, reals(generator_, n, -0.1F, 0.1F))});
    }
  }

  /// With which most outputs stay inside 8 bits.
  static float output_scale(std::int64_t m, const Scale& input, const Weights& weights) {
    const float largest = *std::max_element(weights.scales.begin(), weights.scales.end());
    return std::sqrt(static_cast<float>(m)) * 60 * input.value * largest;
  }

  Generator& generator_;
  GraphWriter writer_;
  const int operator_set_;
  std::string tensor_{"x"};
  int number_{0};
};

void write_integer_layers(SourceWriter& source, Generator& generator, SourceKind kind,
                          const Shape& sizes) {
  const int type = coin(generator) ? TensorProto::UINT8 : TensorProto::INT8;
  Scale scale = source.quantise(type, 0.02F);
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    if (kind == SourceKind::qdq) scale = source.qdq_layer(sizes[i], sizes[i + 1], scale, type);
    if (kind == SourceKind::qlinear_matmul) {
      scale = source.qlinear_layer(sizes[i], sizes[i + 1], scale, type);
    }
    if (kind == SourceKind::qgemm) scale = source.qgemm_layer(sizes[i], sizes[i + 1], scale, type);
  }
  source.dequantise(scale);
}

}  // namespace

GraphWriter::GraphWriter(int operator_set) {
  model_.set_ir_version(operator_set < 9 ? 3 : 7);
  model_.mutable_graph()->set_name("source");
  onnx::OperatorSetIdProto& set = *model_.add_opset_import();
  set.set_domain("");
  set.set_version(operator_set);
  onnx::OperatorSetIdProto& microsoft = *model_.add_opset_import();
  microsoft.set_domain("com.microsoft");
  microsoft.set_version(1);
}

void GraphWriter::input(int type, std::int64_t columns) {
  onnx::ValueInfoProto& info = *model_.mutable_graph()->add_input();
  info.set_name("x");
  auto& tensor = *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(type);
  tensor.mutable_shape()->add_dim()->set_dim_param("batch");
  tensor.mutable_shape()->add_dim()->set_dim_value(columns);
}

void GraphWriter::output(const std::string& name, int type, std::int64_t columns) {
  onnx::ValueInfoProto& info = *model_.mutable_graph()->add_output();
  info.set_name(name);
  auto& tensor = *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(type);
  tensor.mutable_shape()->add_dim()->set_dim_param("batch");
  tensor.mutable_shape()->add_dim()->set_dim_value(columns);
}

onnx::NodeProto& GraphWriter::node(const std::string& op, const std::vector<std::string>& inputs,
                                   const std::string& output, const std::string& domain) {
  onnx::NodeProto& node = *model_.mutable_graph()->add_node();
  node.set_op_type(op);
  node.set_domain(domain);
  node.set_name(op + "_" + output);
  for (const std::string& input : inputs) node.add_input(input);
  node.add_output(output);
  return node;
}

void GraphWriter::attribute(onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}

void GraphWriter::attribute(onnx::NodeProto& node, const std::string& name, float value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::FLOAT);
  attribute.set_f(value);
}

std::string GraphWriter::floats(const std::string& name, const Shape& shape,
                                const std::vector<float>& values) {
  onnx::TensorProto& tensor = *model_.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(TensorProto::FLOAT);
  for (const std::int64_t size : shape) tensor.add_dims(size);
  for (const float value : values) tensor.add_float_data(value);
  if (model_.ir_version() < 4) {  // then constants are inputs, too
    onnx::ValueInfoProto& info = *model_.mutable_graph()->add_input();
    info.set_name(name);
    info.mutable_type()->mutable_tensor_type()->set_elem_type(TensorProto::FLOAT);
    for (const std::int64_t size : shape) {
      info.mutable_type()->mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(size);
    }
  }
  return name;
}

std::string GraphWriter::integers(const std::string& name, int type, const Shape& shape,
                                  const std::vector<int>& values) {
  onnx::TensorProto& tensor = *model_.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(type);
  for (const std::int64_t size : shape) tensor.add_dims(size);
  for (const int value : values) tensor.add_int32_data(value);
  return name;
}

RandomSource random_source(Generator& generator, SourceKind kind) {
  Shape sizes{uniform(generator, 1, 40)};
  for (int layer = uniform(generator, 1, 3); layer > 0; --layer) {
    sizes.push_back(uniform(generator, 1, 30));
  }
  const int operator_set = kind == SourceKind::real ? uniform(generator, 6, 17) : 13;
  SourceWriter source(generator, operator_set);
  source.writer().input(TensorProto::FLOAT, sizes.front());
  if (kind == SourceKind::real) {
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
      source.real_layer(sizes[i], sizes[i + 1], i + 2 == sizes.size());
    }
  } else {
    write_integer_layers(source, generator, kind, sizes);
  }
  source.writer().output(source.tensor(), TensorProto::FLOAT, sizes.back());
  return {source.writer().model(), sizes.front(), sizes.back()};
}

}  // namespace cfc::testing
