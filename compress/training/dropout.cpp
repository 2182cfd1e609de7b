#include "compress/training/dropout.h"

#include <algorithm>

#include <ATen/ops/dropout.h>
#include <fmt/format.h>

#include "support/error.h"

namespace cfc::compress {

void check(const Dropout& dropout, std::size_t layers) {
  if (!(dropout.probability >= 0.0 && dropout.probability < 1.0))
    throw InputError(
        fmt::format("dropout probability {}: must be from 0 to below 1", dropout.probability));
  for (const int location : dropout.locations)
    if (location < 1 || static_cast<std::size_t>(location) >= layers)
      throw InputError(
          fmt::format("dropout location {}: the hidden layers are 1 to {}", location, layers - 1));
}

at::Tensor forward_with(const Dropout& dropout, const Model& model, const at::Tensor& images,
                        Arithmetic arithmetic) {
  const auto& places = dropout.locations;
  at::Tensor values = images;
  int location = 0;
  for (const FullyConnected& layer : model.layers) {
    values = layer.forward(values, arithmetic);
    if (std::find(places.begin(), places.end(), ++location) != places.end())
      values = at::dropout(values, dropout.probability, true);
  }
  return values;
}

}  // namespace cfc::compress
