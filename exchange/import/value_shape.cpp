#include "exchange/import/value_shape.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "exchange/import/source_model.h"

namespace cfc::exchange {
namespace {

using onnx::NodeProto;
using Sizes = std::vector<std::int64_t>;

/// How many dimensions stand behind the only long one.
std::size_t place_from_right(const Sizes& sizes, const NodeProto& node) {
  std::size_t place = 0;
  int long_ones = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 1) continue;
    place = sizes.size() - 1 - i;
    ++long_ones;
  }
  if (long_ones > 1) reject(node, "computes with more than one dimension; put a Flatten before it");
  return place;
}

/// Those that a node names, as attribute or input.
Sizes named_axes(const NodeProto& node, const Tensor* given) {
  Sizes axes = ints_attribute(node, "axes");
  if (given == nullptr) return axes;
  for (const double axis : given->values) {
    if (!(std::abs(axis) <= 1000)) reject(node, "has an impossible axis");
    axes.push_back(static_cast<std::int64_t>(axis));
  }
  return axes;
}

/// In order, counted from 1 behind the batch, of `rank` dimensions with the batch.
Sizes axes_in(const NodeProto& node, Sizes axes, std::size_t rank) {
  for (std::int64_t& axis : axes) {
    if (axis < 0) axis += static_cast<std::int64_t>(rank);
    if (axis < 1 || axis >= static_cast<std::int64_t>(rank)) {
      reject(node, "changes the number of vectors");
    }
  }
  std::sort(axes.begin(), axes.end());
  return axes;
}

}  // namespace

std::optional<std::int64_t> ValueShape::width() const {
  std::int64_t product = sizes_.empty() ? -1 : 1;
  for (const std::int64_t size : sizes_) product = size < 0 || product < 0 ? -1 : product * size;
  if (product < 0) return {};
  return product;
}

void ValueShape::flatten(const NodeProto& node) {
  if (int_attribute(node, "axis", 1) != 1) reject(node, "changes the number of vectors");
  sizes_ = {width().value_or(-1)};
}

/// The batch is kept where it is copied, or where all that is behind it is as much as before.
void ValueShape::reshape(const NodeProto& node, const Tensor& sizes) {
  const std::vector<double>& asked = sizes.values;
  if (asked.size() < 2) reject(node, "changes the number of vectors");
  Sizes made;
  double product = 1;
  for (std::size_t i = 1; i < asked.size(); ++i) {
    const bool is_copy = asked[i] == 0 && i - 1 < sizes_.size();
    if (!(std::abs(asked[i]) <= 1e9)) reject(node, "has an impossible shape");
    made.push_back(is_copy ? sizes_[i - 1] : static_cast<std::int64_t>(asked[i]));
    product *= made.back() < 0 ? NAN : static_cast<double>(made.back());
  }
  const bool is_same = width() && product == static_cast<double>(*width());
  if (!is_same && asked[0] != 0) reject(node, "changes, or may change, the number of vectors");
  if (made.size() == 1 && made[0] < 0) made[0] = width().value_or(-1);
  sizes_ = std::move(made);
}

void ValueShape::squeeze(const NodeProto& node, const Tensor* given) {
  const Sizes axes = axes_in(node, named_axes(node, given), sizes_.size() + 1);
  Sizes left;
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    const bool is_named =
        std::binary_search(axes.begin(), axes.end(), static_cast<std::int64_t>(i) + 1);
    const bool goes = axes.empty() ? sizes_[i] == 1 : is_named;
    if (goes && sizes_[i] > 1) reject(node, "removes a dimension of more than one");
    if (!goes) left.push_back(sizes_[i]);
  }
  sizes_ = std::move(left);
}

void ValueShape::unsqueeze(const NodeProto& node, const Tensor* given) {
  const Sizes axes = named_axes(node, given);
  for (const std::int64_t axis : axes_in(node, axes, sizes_.size() + 1 + axes.size())) {
    if (axis - 1 > static_cast<std::int64_t>(sizes_.size())) reject(node, "adds no such dimension");
    sizes_.insert(sizes_.begin() + (axis - 1), 1);
  }
}

void ValueShape::transpose(const NodeProto& node) {
  const Sizes order = ints_attribute(node, "perm");
  const auto rank = static_cast<std::int64_t>(sizes_.size()) + 1;
  if (static_cast<std::int64_t>(order.size()) != rank || order[0] != 0) {
    reject(node, "changes the order of values");
  }
  Sizes made, long_ones;
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (order[i] < 1 || order[i] >= rank) reject(node, "has a broken order");
    made.push_back(sizes_[static_cast<std::size_t>(order[i]) - 1]);
    if (made.back() != 1) long_ones.push_back(order[i]);
  }
  if (!std::is_sorted(long_ones.begin(), long_ones.end())) {
    reject(node, "changes the order of values");
  }
  sizes_ = std::move(made);
}

void ValueShape::check_product(const NodeProto& node, std::int64_t rows) const {
  if (sizes_.empty()) return;
  const auto is_long = [](std::int64_t size) { return size != 1; };
  if (std::any_of(sizes_.begin(), sizes_.end() - 1, is_long)) {
    reject(node, "multiplies the last of several dimensions; put a Flatten before it");
  }
  if (sizes_.back() > 0 && sizes_.back() != rows) {
    reject(node, fmt::format("takes {} values, but there are {}", rows, sizes_.back()));
  }
}

void ValueShape::check_beside(const NodeProto& node, const Tensor& constant) const {
  if (constant.is_single()) return;
  if (place_from_right(constant.shape, node) != place_from_right(sizes_, node)) {
    reject(node, "has a constant along another dimension than the values");
  }
}

}  // namespace cfc::exchange
