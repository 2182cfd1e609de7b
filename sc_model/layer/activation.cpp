#include "sc_model/layer/activation.h"

#include "golden/fixed_point.h"

namespace cfc {

Activation::Activation(const sc_core::sc_module_name& name, const golden::Layer& layer,
                       Memory<std::int32_t>& output)
    : sc_module(name), bias_(layer.bias), shift_(layer.activation_shift), output_(output) {}

void Activation::take(int first, const std::int32_t* sums, int count) {
  std::int32_t* word =
      output_.write(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const std::int32_t sum = sums[i] + bias_[first + i];
    word[i] = shift_ ? golden::activate(sum, *shift_) : sum;
  }
  made.write({first, word, count});
}

}  // namespace cfc
