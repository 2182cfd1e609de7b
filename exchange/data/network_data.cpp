#include "exchange/data/network_data.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "support/error.h"
#include "support/numbers.h"

namespace cfc::exchange {
namespace {

using golden::Index;

constexpr int kLargestByte = 255;
constexpr int kSignedZero = 128;

std::optional<double> recorded(const Metadata& metadata, const std::string& key, double lo,
                               double hi) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) return {};
  try {
    return parse_real(found->second, lo, hi);
  } catch (const ValueError& error) {
    throw InputError(fmt::format("metadata {}: {}", key, error.what()));
  }
}

std::optional<Quantisation> recorded_quantisation(const Metadata& metadata,
                                                  const std::string& end) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  constexpr double kLeast = std::numeric_limits<double>::min();
  const auto scale = recorded(metadata, end + "_scale", kLeast, kLargest);
  const auto zero_point = recorded(metadata, end + "_zero_point", 0, kLargestByte);
  if (!scale && !zero_point) return {};
  return Quantisation{scale.value_or(1), static_cast<int>(zero_point.value_or(0))};
}

[[noreturn]] void fail(const NumberTable& table, std::size_t place, const std::string& why) {
  throw InputError(
      fmt::format("{}: number {} is {}; {}", table.origin, place, table.values[place], why));
}

/// One number as the network takes it.
class InputQuantiser {
 public:
  InputQuantiser(const NumberTable& table, const Metadata& format) {
    const auto type = format.find("input_type");
    const bool takes_bytes = type != format.end();
    const bool takes_signed = takes_bytes && type->second == "s8";
    const auto quantisation = recorded_quantisation(format, "input");
    is_integer_ = !quantisation ||
                  (takes_bytes && table.kind == (takes_signed ? NumberKind::s8 : NumberKind::u8));
    lo_ = recorded(format, "input_lo", 0, kLargestByte).value_or(0);
    hi_ = recorded(format, "input_hi", lo_, kLargestByte).value_or(kLargestByte);
    offset_ = takes_signed ? kSignedZero : 0;
    quantisation_ = quantisation.value_or(Quantisation{});
  }

  /// Nothing where the number is no such byte.
  std::optional<std::uint8_t> operator()(double value) const {
    if (std::isnan(value)) return {};
    const double integer =
        is_integer_
            ? value + offset_
            : std::clamp<double>(std::nearbyint(steps(value)) + quantisation_.zero_point, lo_, hi_);
    if (integer < lo_ || integer > hi_ || integer != std::floor(integer)) return {};
    return static_cast<std::uint8_t>(integer);
  }

 private:
  /// In single precision, as QuantizeLinear does.
  double steps(double value) const {
    return static_cast<float>(value) / static_cast<float>(quantisation_.scale);
  }

  bool is_integer_;
  int offset_;
  double lo_;
  double hi_;
  Quantisation quantisation_;
};

Index largest_of(const Numbers& rows, Index row) {
  Index place = 0;
  rows.row(row).maxCoeff(&place);
  return place;
}

}  // namespace

std::optional<Quantisation> input_quantisation(const golden::Network& network) {
  return recorded_quantisation(network.metadata, "input");
}

Quantisation output_quantisation(const golden::Network& network) {
  return recorded_quantisation(network.metadata, "output").value_or(Quantisation{});
}

golden::MatrixU8 network_inputs(const NumberTable& table, const golden::Network& network) {
  return network_inputs(table, network.inputs(), network.metadata);
}

golden::MatrixU8 network_inputs(const NumberTable& table, Index width, const Metadata& format) {
  const Numbers vectors = table.vectors(width);
  const InputQuantiser quantise(table, format);
  golden::MatrixU8 inputs(vectors.rows(), vectors.cols());
  for (Index i = 0; i < vectors.size(); ++i) {
    const auto byte = quantise(vectors.data()[i]);
    if (!byte) {
      fail(table, static_cast<std::size_t>(i),
           "the network takes whole numbers from 0 to 255, or has a scale in its metadata "
           "(input_scale) by which others are brought there");
    }
    inputs.data()[i] = *byte;
  }
  return inputs;
}

std::vector<golden::Label> class_labels(const NumberTable& table, Index count, Index classes) {
  if (static_cast<Index>(table.values.size()) != count) {
    throw InputError(fmt::format("{}: has {} labels for {} input vectors", table.origin,
                                 table.values.size(), count));
  }
  const Index largest = std::min<Index>(classes - 1, std::numeric_limits<golden::Label>::max());
  std::vector<golden::Label> labels;
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    const double value = table.values[i];
    if (!(value >= 0 && value <= static_cast<double>(largest)) || value != std::floor(value)) {
      fail(table, i, fmt::format("a label is 0 to {}", largest));
    }
    labels.push_back(static_cast<golden::Label>(value));
  }
  return labels;
}

Numbers source_inputs(const NumberTable& table, const golden::Network& network) {
  const auto type = network.metadata.find("input_type");
  if (type == network.metadata.end()) return table.vectors(network.inputs());
  const Numbers bytes = network_inputs(table, network).cast<double>();
  return type->second == "s8" ? Numbers(bytes.array() - kSignedZero) : bytes;
}

Fidelity fidelity(const golden::MatrixS32& outputs, const NumberTable& expected,
                  const golden::Network& network) {
  const Numbers theirs = expected.vectors(outputs.cols());
  if (theirs.rows() != outputs.rows()) {
    throw InputError(fmt::format("{}: has outputs of {} vectors, but {} were computed",
                                 expected.origin, theirs.rows(), outputs.rows()));
  }
  const Quantisation unit = output_quantisation(network);
  const Numbers ours = (outputs.cast<double>().array() - unit.zero_point) * unit.scale;
  const Numbers error = (ours - theirs).cwiseAbs();
  Fidelity result;
  result.outputs = static_cast<std::uint64_t>(ours.size());
  result.different = static_cast<std::uint64_t>((ours.array() != theirs.array()).count());
  result.max_abs_error = error.maxCoeff();
  result.mean_abs_error = error.mean();
  result.signal_to_noise_db = 10 * std::log10(theirs.squaredNorm() / error.squaredNorm());
  result.vectors = static_cast<std::uint64_t>(ours.rows());
  for (Index row = 0; row < ours.rows(); ++row) {
    if (largest_of(ours, row) == largest_of(theirs, row)) ++result.same_class;
  }
  return result;
}

}  // namespace cfc::exchange
