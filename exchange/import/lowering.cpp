#include "exchange/import/lowering.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "exchange/import/scale_search.h"
#include "golden/fixed_point.h"
#include "support/error.h"

namespace cfc::exchange {
namespace {

using Eigen::Index;
using golden::Requantisation;

constexpr int kSigned = 128;  ///< s8 + 128 is u8

/// Integers on their way into a layer, as bytes.
struct Bytes {
  double scale{1};
  int zero_point{0};
  int lo{0};
  int hi{255};
  bool is_chosen{false};  ///< the scale is the importer's
};

[[noreturn]] void fail(const SourceLayer& layer, const std::string& why) {
  throw InputError(fmt::format("{}: {}", layer.node, why));
}

Bytes bytes_of(const Quantiser& quantiser) {
  const int offset = quantiser.is_signed || quantiser.lo < 0 ? kSigned : 0;
  return {quantiser.scales.front(), quantiser.zero_point + offset, quantiser.lo + offset,
          quantiser.hi + offset, quantiser.is_chosen};
}

/// The least two's complement width that holds all weights.
int width_of(const golden::MatrixS8& weights) {
  int bits = 2;
  const auto fits = [&](int weight) {
    const golden::SignedRange range = golden::signed_range(bits);
    return weight >= range.lo && weight <= range.hi;
  };
  while (!fits(weights.minCoeff()) || !fits(weights.maxCoeff())) ++bits;
  return bits;
}

golden::MatrixS8 narrowed(const Numbers& integers, const SourceLayer& layer) {
  for (Index i = 0; i < integers.size(); ++i) {
    const double weight = integers.data()[i];
    if (weight != std::floor(weight))
      fail(layer, fmt::format("has the weight {}, no integer", weight));
    if (weight < -kSigned || weight >= kSigned) {
      fail(layer,
           fmt::format("has the weight {} (its zero point taken off), outside of 8 bits, -128 to "
                       "127; quantise weights symmetrically",
                       weight));
    }
  }
  return integers.cast<std::int8_t>();
}

golden::FactorisedWeights factors_of(const SourceLayer& layer) {
  golden::FactorisedWeights weights;
  weights.u = narrowed(layer.factors->u, layer);
  weights.v = narrowed(layer.factors->v, layer);
  weights.u_bits = width_of(weights.u);
  weights.v_bits = width_of(weights.v);
  weights.z_shift = layer.factors->z_shift;
  weights.z_bits = layer.factors->z_bits;
  return weights;
}

golden::DenseWeights weights_of(const SourceLayer& layer) {
  golden::DenseWeights weights;
  weights.w = narrowed(layer.grid ? layer.grid->integers : layer.weights, layer);
  weights.w_bits = width_of(weights.w);
  return weights;
}

/// One layer on its way from the source's numbers to ours.
class LayerLowering {
 public:
  LayerLowering(const SourceLayer& layer, const Bytes& input, std::string name)
      : source_(layer), input_(input) {
    layer_.name = std::move(name);
    if (layer.factors) {
      layer_.weights = factors_of(layer);
    } else {
      layer_.weights = weights_of(layer);
    }
    set_bias();
  }

  golden::Layer take() { return std::move(layer_); }

  /// Returns what the outputs are from then on.
  Bytes requantise(LayerFit& fit) {
    const Bytes output = source_.shift ? shifted() : bytes_of(*source_.output);
    Requantisation bounds;
    bounds.zero_point = output.zero_point;
    bounds.lo = output.lo;
    bounds.hi = output.hi;
    if (source_.output && source_.output->is_chosen) {
      layer_.requantisation = choose_scale(slopes(output), bounds, is_per_output());
      return output;
    }
    std::vector<SumFunction> functions;
    for (Index j = 0; j < w().cols(); ++j) {
      functions.push_back(source_.shift ? shift_function(j) : scale_function(j, output));
    }
    ScaleFit found = fit_scale(functions, bounds, is_per_output());
    layer_.requantisation = std::move(found.requantisation);
    // What the importer has rounded already is not the source's function any more.
    const bool is_source = !source_.has_chosen_weights && !input_.is_chosen;
    if (is_source) fit = {found.sums_tried, found.sums_different};
    return output;
  }

  /// Of the sums, where they leave as they are.
  double sum_scale() const {
    if (source_.grid && source_.grid->scales.size() > 1) {
      fail(source_,
           "has a weight scale for each output, but no requantisation behind it that brings "
           "the outputs to one scale");
    }
    return unit(0);
  }

 private:
  const golden::MatrixS8& w() const { return std::get<golden::DenseWeights>(layer_.weights).w; }
  double weight_scale(Index output) const {
    return source_.grid ? source_.grid->scale_of(output) : 1;
  }
  /// What 1 in the sum of an output stands for.
  double unit(Index output) const {
    return input_.scale * (source_.factors ? source_.factors->unit() : weight_scale(output));
  }

  std::vector<double> slopes(const Bytes& output) const {
    std::vector<double> all;
    for (Index j = 0; j < layer_.outputs(); ++j) all.push_back(unit(j) / output.scale);
    return all;
  }

  /// What an input of 1 everywhere comes to in the sum of an output.
  double sum_of_ones(Index output) const {
    if (!source_.factors) return w().col(output).cast<double>().sum();
    const Factors& factors = *source_.factors;
    return factors.u.colwise().sum().dot(factors.v.col(output)) / std::ldexp(1.0, factors.z_shift);
  }

  void set_bias() {
    constexpr double kLargest = std::numeric_limits<std::int32_t>::max();
    layer_.bias.resize(layer_.outputs());
    for (Index j = 0; j < layer_.outputs(); ++j) {
      const double bias = std::nearbyint(source_.bias[j] / unit(j)) + shift_addend(j);
      const double folded = std::nearbyint(bias - input_.zero_point * sum_of_ones(j));
      if (!(std::abs(folded) <= kLargest)) {
        fail(source_,
             fmt::format("has a bias of {} steps at output {}, more than 32 bits", folded, j));
      }
      layer_.bias[j] = static_cast<std::int32_t>(folded);
    }
  }

  /// What RequantShift adds behind its multiplier, as far as it is whole sums.
  double shift_addend(Index j) const {
    if (!source_.shift) return 0;
    const RequantShift& shift = *source_.shift;
    if (source_.bias[j] != std::floor(source_.bias[j]))
      fail(source_, "has a bias that is no integer");
    return std::floor(of_output(shift.addends, j) / of_output(shift.multipliers, j));
  }

  double of_output(const std::vector<double>& values, Index j) const {
    if (values.size() != 1 && static_cast<Index>(values.size()) != layer_.outputs()) {
      fail(source_, "has a requantisation with another number of outputs");
    }
    return values[values.size() == 1 ? 0 : static_cast<std::size_t>(j)];
  }

  bool is_per_output() const {
    if (source_.shift) {
      return source_.shift->multipliers.size() > 1 &&
             !std::all_of(source_.shift->multipliers.begin(), source_.shift->multipliers.end(),
                          [&](double one) { return one == source_.shift->multipliers.front(); });
    }
    return source_.grid && source_.grid->scales.size() > 1;
  }

  Bytes shifted() const {
    const RequantShift& shift = *source_.shift;
    const int offset = shift.lo < 0 ? kSigned : 0;
    return {1, offset, std::max(shift.lo + offset, 0), shift.hi + offset};
  }

  /// Sums of output `j` that inputs can give.
  SumFunction with_range(Index j, std::function<int(std::int64_t)> value, double slope) const {
    std::int64_t least = layer_.bias[j], largest = layer_.bias[j];
    for (Index i = 0; i < w().rows(); ++i) {
      const std::int64_t weight = w()(i, j);
      least += std::min(weight * input_.lo, weight * input_.hi);
      largest += std::max(weight * input_.lo, weight * input_.hi);
    }
    return {std::move(value), least, largest, slope};
  }

  SumFunction shift_function(Index j) const {
    const RequantShift& shift = *source_.shift;
    const double multiplier = of_output(shift.multipliers, j);
    const double addend = of_output(shift.addends, j) - shift_addend(j) * multiplier;
    if (!(multiplier > 0) || !(shift.divisor > 0)) {
      fail(source_, "has a requantisation whose multiplier or divisor is not positive");
    }
    const auto value = [=, lo = shift.lo, hi = shift.hi,
                        divisor = shift.divisor](std::int64_t sum) {
      const double scaled = static_cast<double>(sum) * multiplier + addend;
      const double rounded = std::floor((scaled + std::floor(divisor / 2)) / divisor);
      return static_cast<int>(std::clamp<double>(rounded, lo, hi)) + (lo < 0 ? kSigned : 0);
    };
    return with_range(j, value, multiplier / shift.divisor);
  }

  /// As other runtimes compute it: in single precision, where the bias is whole steps of the sum.
  SumFunction scale_function(Index j, const Bytes& output) const {
    const Quantiser quantiser = *source_.output;
    const int offset = output.zero_point - quantiser.zero_point;
    const double slope = unit(j) / output.scale;
    const double bias = source_.bias[j] / unit(j);
    const double rest = bias - std::nearbyint(bias);
    if (!(slope > 0) || !std::isfinite(slope)) fail(source_, "has scales that come to nothing");
    const auto ratio = static_cast<float>(input_.scale) * static_cast<float>(weight_scale(j)) /
                       static_cast<float>(output.scale);
    const bool is_single = quantiser.rounding == Rounding::half_even &&
                           std::abs(rest) < kWhole + kFloat * std::abs(bias);
    const auto value = [=](std::int64_t sum) {
      const double scaled = is_single ? static_cast<double>(static_cast<float>(sum) * ratio)
                                      : (static_cast<double>(sum) + rest) * slope;
      return static_cast<int>(quantiser.integer(scaled)) + offset;
    };
    return with_range(j, value, slope);
  }

  // A bias so near to a whole step was one, but for the floats of its own scale.
  static constexpr double kWhole = 1e-3;
  static constexpr double kFloat = 1.0 / (1 << 22);

  const SourceLayer& source_;
  const Bytes input_;
  golden::Layer layer_;
};

void record_ends(const Chain& chain, const Bytes& input, const Bytes& output,
                 golden::Network& network) {
  auto& metadata = network.metadata;
  if (chain.input) {
    metadata["input_scale"] = fmt::format("{}", input.scale);
    metadata["input_zero_point"] = std::to_string(input.zero_point);
    if (input.lo > 0) metadata["input_lo"] = std::to_string(input.lo);
    if (input.hi < 255) metadata["input_hi"] = std::to_string(input.hi);
  }
  if (!chain.input_type.empty()) metadata["input_type"] = chain.input_type;
  metadata["output_scale"] = fmt::format("{}", output.scale);
  metadata["output_zero_point"] = std::to_string(output.zero_point);
}

}  // namespace

golden::Network lower(const Chain& chain, std::vector<LayerFit>& fits) {
  golden::Network network;
  const Bytes input = chain.input ? bytes_of(*chain.input) : Bytes{};
  Bytes bytes = input;
  for (std::size_t i = 0; i < chain.layers.size(); ++i) {
    const SourceLayer& source = chain.layers[i];
    LayerLowering layer(source, bytes, fmt::format("fc{}", i + 1));
    fits.emplace_back();
    if (source.output || source.shift) {
      bytes = layer.requantise(fits.back());
    } else {
      bytes = {layer.sum_scale(), 0};
    }
    network.layers.push_back(layer.take());
  }
  record_ends(chain, input, bytes, network);
  golden::validate(network);
  return network;
}

}  // namespace cfc::exchange
