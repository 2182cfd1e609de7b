#include "layer_case.h"

#include <algorithm>
#include <stdexcept>

namespace rtl_bench {
namespace {

int draw(Random& random, int lo, int hi) {
  return std::uniform_int_distribution<int>(lo, hi)(random);
}

bool chance(Random& random, int percent) { return draw(random, 1, 100) <= percent; }

/// Mostly less than what is there, so that tiles are ragged; often all; sometimes more.
int draw_width(Random& random, int full) {
  return chance(random, 40) ? full : draw(random, 1, full + 1);
}

std::int64_t draw_weight(Random& random, int bits) {
  const int half = 1 << (bits - 1);
  if (chance(random, 10)) return chance(random, 50) ? -half : half - 1;
  return draw(random, -half, half - 1);
}

Matrix draw_weights(Random& random, int rows, int columns, int bits) {
  Matrix weights(rows, Row(columns));
  for (Row& row : weights)
    for (auto& weight : row) weight = draw_weight(random, bits);
  return weights;
}

/// Row vector times matrix.
Row multiply(const Row& x, const Matrix& weights) {
  Row y(weights.front().size(), 0);
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < y.size(); ++j) y[j] += x[i] * weights[i][j];
  return y;
}

/// Floor division and clipping instead of shifts: not the way of the RTL.
std::int64_t round_half_up(std::int64_t value, int shift, std::int64_t lo, std::int64_t hi) {
  const std::int64_t divisor = std::int64_t{1} << shift;
  const std::int64_t doubled = 2 * value + divisor;
  const std::int64_t floor = doubled / (2 * divisor) - (doubled % (2 * divisor) < 0 ? 1 : 0);
  return std::min(std::max(floor, lo), hi);
}

Row sums_of(const Layer& layer, const Row& x) {
  Row y;
  if (layer.schedule == Schedule::dense) {
    y = multiply(x, layer.w);
  } else {
    Row z = multiply(x, layer.u);
    const std::int64_t half = std::int64_t{1} << (layer.z_bits - 1);
    for (auto& value : z) value = round_half_up(value, layer.z_shift, -half, half - 1);
    y = multiply(z, layer.v);
  }
  for (std::size_t j = 0; j < y.size(); ++j) y[j] += layer.bias[j];
  return y;
}

Row activated(Row sums, const Scale& scale) {
  for (std::size_t j = 0; j < sums.size(); ++j) {
    const std::size_t place = scale.is_per_output() ? j : 0;
    sums[j] =
        scale.zero_point + round_half_up(sums[j] * scale.multipliers[place], scale.shifts[place],
                                         scale.lo - scale.zero_point, scale.hi - scale.zero_point);
  }
  return sums;
}

/// A shift which leaves most activations inside 0 to 255, and some outside.
int draw_shift(Random& random, const Matrix& sums) {
  std::int64_t largest = 1;
  for (const Row& row : sums)
    for (const auto sum : row) largest = std::max(largest, sum);
  int bits = 0;
  while ((largest >> bits) > 0) ++bits;
  return std::max(0, bits - 8 + draw(random, -1, 1));
}

/// Half of them shifts and nothing more, the others of all kinds.
Scale draw_scale(Random& random, const Matrix& sums) {
  Scale scale;
  const int shift = draw_shift(random, sums);
  scale.shifts = {shift};
  if (chance(random, 50)) return scale;
  scale.multiplier_bits = draw(random, 1, 20);
  const std::size_t count = chance(random, 50) ? sums.front().size() : 1;
  scale.multipliers.assign(count, 1);
  for (auto& multiplier : scale.multipliers)
    multiplier = draw(random, 1, (1 << scale.multiplier_bits) - 1);
  scale.shifts.assign(count, shift);
  for (int& one : scale.shifts) one += scale.multiplier_bits - draw(random, 0, 2);
  for (int& one : scale.shifts) one = std::max(one, 0);
  scale.zero_point = draw(random, 0, 255);
  scale.lo = chance(random, 50) ? scale.zero_point : 0;
  scale.hi = draw(random, scale.lo, 255);
  return scale;
}

/// Makes DIL the slower one, so that DCL has to wait for it: the hazard.
void slow_down_dil(Random& random, Layer& layer) {
  layer.issue = 0;
  layer.lanes_u = layer.m;
  layer.lanes_v = 1;
  layer.n = draw(random, 2, 12);
  layer.r = draw(random, 2, 6);
}

Layer draw_layer(Random& random, Schedule schedule, int m) {
  Layer layer;
  layer.schedule = schedule;
  layer.m = m;
  layer.n = draw(random, 1, 12);
  layer.r = draw(random, 1, 6);
  layer.lanes_u = draw_width(random, layer.m);
  layer.lanes_v = draw_width(random, schedule == Schedule::sequential ? layer.r : layer.n);
  layer.issue = chance(random, 30) ? 1 : 0;
  if (chance(random, 60)) {
    layer.read_latency = draw(random, 0, 2);
    layer.multiply_latency = draw(random, 0, 3);
    layer.adder_latency = draw(random, 0, 2);
  }
  layer.requantise_latency = draw(random, 0, 1);
  layer.v_read_latency = chance(random, 40) ? draw(random, 1, 2) : 0;
  if (schedule == Schedule::streaming && chance(random, 40)) slow_down_dil(random, layer);
  layer.in_beat_width = draw_width(random, m);
  layer.link_width = draw_width(random, layer.n);
  layer.input_buffers = draw(random, 1, 2);
  layer.psum_storage = draw(random, 0, 1);
  layer.w_bits = draw(random, 2, 8);
  layer.u_bits = draw(random, 2, 8);
  layer.v_bits = draw(random, 2, 8);
  layer.z_bits = draw(random, 2, 24);
  layer.z_shift = draw(random, 0, 9);
  layer.w = draw_weights(random, m, layer.n, layer.w_bits);
  layer.u = draw_weights(random, m, layer.r, layer.u_bits);
  layer.v = draw_weights(random, layer.r, layer.n, layer.v_bits);
  layer.bias = draw_weights(random, 1, layer.n, chance(random, 80) ? 8 : 16).front();
  return layer;
}

Matrix draw_images(Random& random, int count, int pixels) {
  Matrix images(count, Row(pixels));
  for (Row& image : images)
    for (auto& pixel : image) pixel = chance(random, 40) ? 0 : draw(random, 1, 255);
  return images;
}

/// The layer of the worked example in docs/reference/timing.md: values at random, shape and cycles
/// not.
Case draw_worked_example(Random& random) {
  Layer layer;
  layer.schedule = Schedule::streaming;
  layer.m = layer.lanes_u = layer.in_beat_width = 784;
  layer.n = layer.lanes_v = layer.link_width = 50;
  layer.r = 30;
  layer.z_shift = 8;
  layer.u = draw_weights(random, layer.m, layer.r, layer.u_bits);
  layer.v = draw_weights(random, layer.r, layer.n, layer.v_bits);
  layer.bias = draw_weights(random, 1, layer.n, 8).front();

  Case result;
  result.images = draw_images(random, 1, layer.m);
  result.outputs = {sums_of(layer, result.images.front())};
  result.layers = {layer};
  return result;
}

Schedule draw_schedule(Random& random, const std::string& kind) {
  if (kind == "dense") return Schedule::dense;
  if (kind == "sequential") return Schedule::sequential;
  if (kind == "streaming") return Schedule::streaming;
  if (kind == "network") return static_cast<Schedule>(draw(random, 0, 2));
  throw std::invalid_argument("unknown kind of case: " + kind);
}

/// Appends a layer to the chain and takes `values` through it.
void append_layer(Random& random, const std::string& kind, bool is_last, Matrix& values,
                  std::vector<Layer>& layers) {
  Layer layer =
      draw_layer(random, draw_schedule(random, kind), static_cast<int>(values.front().size()));
  if (!layers.empty()) layer.in_beat_width = layers.back().output_beat_width();
  for (Row& row : values) row = sums_of(layer, row);
  if (!is_last) {
    layer.scale = draw_scale(random, values);
    for (Row& row : values) row = activated(row, *layer.scale);
  }
  layers.push_back(std::move(layer));
}

}  // namespace

int ceil_div(int a, int b) { return (a + b - 1) / b; }

int Layer::input_beats() const { return ceil_div(m, in_beat_width); }
int Layer::output_beat_width() const { return schedule == Schedule::streaming ? link_width : 1; }
int Layer::output_beats() const { return ceil_div(n, output_beat_width()); }

int Layer::run_cycles() const {
  const int latency = read_latency + multiply_latency + adder_latency;
  const int period = issue == 0 ? 1 : 3 + latency;
  const int depth = (issue == 0 ? latency : 0) + requantise_latency;
  const int compression = period * ceil_div(m, lanes_u);  // of one operation of DCL
  switch (schedule) {
    case Schedule::dense:
      return n * compression + depth;
    case Schedule::sequential:
      return r * compression + depth + period * n * ceil_div(r, lanes_v) + depth;
    case Schedule::streaming:
      break;
  }
  const int increase = ceil_div(n, lanes_v);  // of one operation of DIL
  return compression + depth + (r - 1) * std::max(compression, increase) + increase +
         v_read_latency + multiply_latency + requantise_latency;
}

std::optional<int> Case::total_cycles() const {
  if (layers.size() != 1 || gap_percent != 0 || stall_percent != 0 || reset_cycle != 0) return {};
  const Layer& layer = layers.front();
  const int send = layer.schedule == Schedule::streaming ? layer.output_beats() : 1;
  std::vector<int> first_send;  // the first cycle of Send of each image
  int offered = 0;              // the cycle from which the next image is offered
  for (std::size_t image = 0; image < images.size(); ++image) {
    if (image >= static_cast<std::size_t>(layer.input_buffers))
      offered = std::max(offered, first_send[image - layer.input_buffers]);
    const int complete = offered + layer.input_beats();
    const int start = image == 0 ? complete : std::max(complete, first_send.back() + send);
    first_send.push_back(start + 1 + layer.run_cycles());
    offered = complete;
  }
  return first_send.back() + send;
}

Case draw_case(const std::string& kind, std::uint64_t seed) {
  Random random(seed);
  if (kind == "worked_example") return draw_worked_example(random);

  Case result;
  result.seed = seed;
  const int images = draw(random, 1, 4);
  result.images = draw_images(random, images, draw(random, 1, 20));

  const int layers = kind == "network" ? draw(random, 2, 3) : 1;
  const bool logits = kind == "network" || chance(random, 50);
  result.outputs = result.images;
  for (int layer = 1; layer <= layers; ++layer)
    append_layer(random, kind, layer == layers && logits, result.outputs, result.layers);

  if (chance(random, 65)) {
    result.gap_percent = draw(random, 0, 1) * draw(random, 10, 80);
    result.stall_percent = draw(random, 0, 1) * draw(random, 10, 80);
    if (chance(random, 40)) result.reset_cycle = draw(random, 3, 60);
  }
  return result;
}

}  // namespace rtl_bench
