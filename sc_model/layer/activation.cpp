#include "sc_model/layer/activation.h"

#include "sc_model/hardware/requantise.h"

namespace cfc {

Activation::Activation(const sc_core::sc_module_name& name, const golden::Layer& layer,
                       OutputMemory& output)
    : sc_module(name),
      bias_(layer.bias),
      shift_(layer.activation_shift),
      output_(output),
      word_(static_cast<std::size_t>(layer.outputs())) {}

/// Clipping at 0 is the ReLU.
std::int32_t Activation::activated(std::int32_t sum) const {
  constexpr std::int32_t kLargest = (1 << OutputMemory::kActivationBits) - 1;
  return shift_ ? requantise(sum, *shift_, 0, kLargest) : sum;
}

void Activation::take(int first, const std::int32_t* sums, int count) {
  for (int i = 0; i < count; ++i) {
    word_[static_cast<std::size_t>(i)] = activated(sums[i] + bias_[first + i]);
  }
  output_.write(static_cast<std::size_t>(first), static_cast<std::size_t>(count), word_.data());
  made.write({first, word_.data(), count});
}

}  // namespace cfc
