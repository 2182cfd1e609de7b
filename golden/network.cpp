#include "golden/network.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <set>
#include <string>

#include <fmt/format.h>

#include "golden/fixed_point.h"
#include "support/error.h"
#include "support/numbers.h"

namespace cfc::golden {
namespace {

constexpr int kMinWeightBits = 2;
constexpr int kMaxWeightBits = 8;
constexpr int kMinZBits = 2;
constexpr int kMaxZBits = 24;
constexpr int kMaxZShift = 30;
constexpr std::int64_t kMaxInput = 255;

[[noreturn]] void reject(const Layer& layer, const std::string& why) {
  throw InputError(fmt::format("layer {}: {}", layer.name, why));
}

void check_range(const Layer& layer, const char* what, int value, int lo, int hi) {
  if (value < lo || value > hi) {
    reject(layer, fmt::format("{} is {}; it must be {} to {}", what, value, lo, hi));
  }
}

void check_weights(const Layer& layer, const char* what, const MatrixS8& weights, int bits) {
  if (weights.size() == 0) reject(layer, fmt::format("{} is empty", what));
  check_range(layer, fmt::format("width of {}", what).c_str(), bits, kMinWeightBits,
              kMaxWeightBits);
  const SignedRange range = signed_range(bits);
  for (Index i = 0; i < weights.rows(); ++i) {
    for (Index j = 0; j < weights.cols(); ++j) {
      const int weight = weights(i, j);
      if (weight < range.lo || weight > range.hi) {
        reject(layer, fmt::format("{}[{}, {}] is {}, outside {} bits ({} to {})", what, i, j,
                                  weight, bits, range.lo, range.hi));
      }
    }
  }
}

void check_shape(const Layer& layer) {
  if (const auto* factors = std::get_if<FactorisedWeights>(&layer.weights)) {
    check_weights(layer, "U", factors->u, factors->u_bits);
    check_weights(layer, "V", factors->v, factors->v_bits);
    if (factors->u.cols() != factors->v.rows()) {
      reject(layer,
             fmt::format("U has {} columns, but V {} rows", factors->u.cols(), factors->v.rows()));
    }
    const Index largest = std::min(layer.inputs(), layer.outputs());
    if (factors->u.cols() > largest) {
      reject(layer, fmt::format("rank {} is above min(m, n) = {}", factors->u.cols(), largest));
    }
    check_range(layer, "z_shift", factors->z_shift, 0, kMaxZShift);
    check_range(layer, "z_bits", factors->z_bits, kMinZBits, kMaxZBits);
    if (factors->z_bits + factors->z_shift > 31) {
      reject(layer, fmt::format("z_bits {} and z_shift {} do not fit 31 bits together",
                                factors->z_bits, factors->z_shift));
    }
  } else {
    const auto& dense = std::get<DenseWeights>(layer.weights);
    check_weights(layer, "W", dense.w, dense.w_bits);
  }
  if (layer.bias.size() != layer.outputs()) {
    reject(layer, fmt::format("{} biases for {} outputs", layer.bias.size(), layer.outputs()));
  }
}

/// Weights, what they are multiplied by, and what is added to their sums.
struct Sums {
  const char* what;
  const MatrixS8& weights;
  std::int64_t largest_node;
  const VectorS32* bias;
};

std::vector<Sums> sums_of(const Layer& layer) {
  if (const auto* dense = std::get_if<DenseWeights>(&layer.weights)) {
    return {{"y", dense->w, kMaxInput, &layer.bias}};
  }
  const auto& factors = std::get<FactorisedWeights>(layer.weights);
  const std::int64_t largest_z = -std::int64_t{signed_range(factors.z_bits).lo};
  return {{"z", factors.u, kMaxInput, nullptr}, {"y", factors.v, largest_z, &layer.bias}};
}

/// Of output j, the magnitude of all its products and of its bias.
std::int64_t largest_sum(const Sums& sums, Index j) {
  const std::int64_t products =
      sums.largest_node * sums.weights.col(j).cast<std::int64_t>().cwiseAbs().sum();
  return products + (sums.bias ? std::abs(std::int64_t{(*sums.bias)[j]}) : 0);
}

std::int64_t largest_sum(const Sums& sums) {
  std::int64_t largest = 0;
  for (Index j = 0; j < sums.weights.cols(); ++j) largest = std::max(largest, largest_sum(sums, j));
  return largest;
}

/// The accumulator of output j passes through sums of some of the products, in any order, and then
/// the bias and the rounding term of a plain shift: all of that stays below the magnitude of the
/// products plus those two.
void check_accumulators(const Layer& layer, const Sums& sums, int shift) {
  const std::int64_t rounding = shift > 0 ? std::int64_t{1} << (shift - 1) : 0;
  for (Index j = 0; j < sums.weights.cols(); ++j) {
    if (largest_sum(sums, j) + rounding > std::numeric_limits<std::int32_t>::max()) {
      reject(layer, fmt::format("the 32-bit sum {}[{}] may overflow; use smaller "
                                "weights, biases or z_bits",
                                sums.what, j));
    }
  }
}

void check_overflow(const Layer& layer) {
  const auto& requantisation = layer.requantisation;
  const bool is_plain = requantisation && requantisation->is_plain();
  const int shift = is_plain ? requantisation->shifts.front() : 0;  // else 64 bits hold it
  const std::vector<Sums> all = sums_of(layer);
  if (const auto* factors = std::get_if<FactorisedWeights>(&layer.weights)) {
    check_accumulators(layer, all.front(), factors->z_shift);
  }
  check_accumulators(layer, all.back(), shift);
}

void check_requantisation(const Layer& layer, const Requantisation& requantisation) {
  const std::size_t count = requantisation.shifts.size();
  if (requantisation.multipliers.size() != count ||
      (count != 1 && static_cast<Index>(count) != layer.outputs())) {
    reject(layer, fmt::format("{} multipliers and {} shifts; give one of each, or {}",
                              requantisation.multipliers.size(), count, layer.outputs()));
  }
  for (std::size_t i = 0; i < count; ++i) {
    check_range(layer, "shift of the requantisation", requantisation.shifts[i], 0,
                Requantisation::kMaxShift);
    check_range(layer, "multiplier of the requantisation", requantisation.multipliers[i], 1,
                std::numeric_limits<std::int32_t>::max());
  }
  constexpr int kLargest = Requantisation::kLargestOutput;
  check_range(layer, "zero point", requantisation.zero_point, 0, kLargest);
  check_range(layer, "largest output", requantisation.hi, 0, kLargest);
  check_range(layer, "least output", requantisation.lo, 0, requantisation.hi);
}

void check_output(const Layer& layer, bool is_last) {
  if (layer.requantisation) {
    check_requantisation(layer, *layer.requantisation);
  } else if (!is_last) {
    reject(layer, "a hidden layer needs a requantisation");
  }
}

}  // namespace

Index Layer::inputs() const {
  const auto* factors = std::get_if<FactorisedWeights>(&weights);
  return factors ? factors->u.rows() : std::get<DenseWeights>(weights).w.rows();
}

Index Layer::outputs() const {
  const auto* factors = std::get_if<FactorisedWeights>(&weights);
  return factors ? factors->v.cols() : std::get<DenseWeights>(weights).w.cols();
}

std::optional<Index> Layer::rank() const {
  const auto* factors = std::get_if<FactorisedWeights>(&weights);
  return factors ? std::optional<Index>(factors->u.cols()) : std::nullopt;
}

void validate(const Network& network) {
  if (network.layers.empty()) throw InputError("the network has no layers");
  std::set<std::string> names;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    if (!names.insert(layer.name).second) reject(layer, "another layer has this name, too");
    check_shape(layer);
    if (i > 0 && layer.inputs() != network.layers[i - 1].outputs()) {
      reject(layer, fmt::format("takes {} inputs, but the layer before it gives {}", layer.inputs(),
                                network.layers[i - 1].outputs()));
    }
    check_output(layer, i + 1 == network.layers.size());
    check_overflow(layer);
  }
}

LargestSums largest_sums(const Layer& layer) {
  const std::vector<Sums> all = sums_of(layer);
  return {layer.is_factorised() ? largest_sum(all.front()) : 0, largest_sum(all.back())};
}

bool is_dense_twin(const Network& dense, const Network& network) {
  return std::equal(dense.layers.begin(), dense.layers.end(), network.layers.begin(),
                    network.layers.end(), [](const Layer& a, const Layer& b) {
                      return !a.is_factorised() && a.inputs() == b.inputs() &&
                             a.outputs() == b.outputs();
                    });
}

std::optional<double> recorded_share(const Network& network, const std::string& key) {
  const auto found = network.metadata.find(key);
  if (found == network.metadata.end()) return {};
  try {
    return parse_real(found->second, 0, 1);
  } catch (const ValueError& error) {
    throw InputError(fmt::format("metadata {}: {}", key, error.what()));
  }
}

Index weight_count(const Layer& layer) {
  const auto* factors = std::get_if<FactorisedWeights>(&layer.weights);
  return factors ? factors->u.size() + factors->v.size()
                 : std::get<DenseWeights>(layer.weights).w.size();
}

}  // namespace cfc::golden
