#include "sc_model/layer/activation.h"

#include "sc_model/hardware/requantise.h"

namespace cfc {

Activation::Activation(const sc_core::sc_module_name& name, const golden::Layer& layer,
                       OutputMemory& output)
    : sc_module(name),
      bias_(layer.bias),
      requantisation_(layer.requantisation),
      output_(output),
      word_(static_cast<std::size_t>(layer.outputs())) {}

/// Clipping at 0, or at the output that stands for it, is the ReLU.
std::int32_t Activation::activated(int output, std::int32_t sum) const {
  if (!requantisation_) return sum;
  const golden::Requantisation& to = *requantisation_;
  const std::size_t place = to.multipliers.size() == 1 ? 0 : static_cast<std::size_t>(output);
  const std::int64_t scaled = rescale(sum, to.multipliers[place], to.shifts[place]) + to.zero_point;
  if (scaled < to.lo) return to.lo;
  return scaled > to.hi ? to.hi : static_cast<std::int32_t>(scaled);
}

void Activation::take(int first, const std::int32_t* sums, int count) {
  for (int i = 0; i < count; ++i) {
    word_[static_cast<std::size_t>(i)] = activated(first + i, sums[i] + bias_[first + i]);
  }
  output_.write(static_cast<std::size_t>(first), static_cast<std::size_t>(count), word_.data());
  made.write({first, word_.data(), count});
}

}  // namespace cfc
