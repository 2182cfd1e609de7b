#include "explore/timing/layer_timeline.h"

#include <algorithm>

namespace cfc::explore {
namespace {

/// Elements of a beat of a vector.
Cycle beat_elements(Cycle elements, Cycle width, std::size_t beat) {
  return std::min(width, elements - static_cast<Cycle>(beat) * width);
}

/// How many of the sorted `times` are not before `from`.
Cycle count_from(const std::vector<Cycle>& times, Cycle from) {
  return times.end() - std::lower_bound(times.begin(), times.end(), from);
}

}  // namespace

BeatTimes cross_link(const std::vector<Cycle>& available, Cycle ready_from) {
  BeatTimes times;
  Cycle next = 0;
  for (const Cycle cycle : available) {
    times.offered.push_back(std::max(cycle, next));
    times.transferred.push_back(std::max(times.offered.back(), ready_from));
    next = times.transferred.back() + 1;
  }
  return times;
}

LinkLedger& LinkLedger::operator+=(const LinkLedger& other) {
  load += other.load;
  wait_input += other.wait_input;
  send += other.send;
  wait_next += other.wait_next;
  mcm_read += other.mcm_read;
  return *this;
}

LinkLedger growth(const LinkLedger& before, const LinkLedger& after, Cycle times) {
  return {times * (after.load - before.load), times * (after.wait_input - before.wait_input),
          times * (after.send - before.send), times * (after.wait_next - before.wait_next),
          times * (after.mcm_read - before.mcm_read)};
}

LayerTimeline::LayerTimeline(const Engine& engine, Cycle input_beat_width)
    : input_elements_(engine.layer().shape.m),
      input_beat_width_(input_beat_width),
      output_elements_(engine.layer().shape.n),
      output_beat_width_(engine.layer().output_beat_width()),
      output_bits_(engine.widths().output_bits),
      buffers_(static_cast<std::size_t>(engine.layer().input_buffers)),
      engine_(&engine),
      beats_in_run_(engine.beats_available()),
      peaks_(engine.peaks(0)) {}

Cycle LayerTimeline::ready_from() const { return run_end_[buffers_ - 1]; }

void LayerTimeline::take(const BeatTimes& input) {
  const std::vector<Cycle>& beats = input.transferred;
  // The layer still computes or sends the images before while it takes this one.
  for (std::size_t beat = 0; beat < beats.size(); ++beat) {
    MemoryBits all = moved(beats[beat]);
    all[kInput] += bits(beat_elements(input_elements_, input_beat_width_, beat), kActivationBits);
    peaks_.book(all);
  }
  const Cycle load_begin = std::max(beats.front() + 1, send_end_);
  const Cycle start = std::max(beats.back() + 1, send_end_);
  const Cycle load = count_from(beats, load_begin) + 1;
  const Cycle run_end = start + 1 + engine_->cycles();
  ledger_.load += load;
  ledger_.wait_input += start + 1 - load_begin - load;
  ledger_.mcm_read += run_end - std::max(beats.back() + 1, run_end_[0]);
  run_end_ = {run_end, run_end_[0]};
}

std::vector<Cycle> LayerTimeline::beats_available() const {
  std::vector<Cycle> available = beats_in_run_;
  for (Cycle& cycle : available) cycle += run_begin();
  return available;
}

void LayerTimeline::give(const BeatTimes& output) {
  output_offered_ = {output.offered, std::move(output_offered_[0])};
  for (const Cycle cycle : output.offered) peaks_.book(moved(cycle));
  send_end_ = output.transferred.back() + 1;
  const Cycle send = count_from(output.transferred, run_end_[0]);
  ledger_.send += send;
  ledger_.wait_next += send_end_ - run_end_[0] - send;
}

MemoryBits LayerTimeline::moved(Cycle cycle) const {
  const bool runs = cycle >= run_begin() && cycle < run_end_[0];
  MemoryBits all = runs ? engine_->bits_at(cycle - run_begin()) : MemoryBits{};
  all[kOutput] += output_read_bits(cycle);
  return all;
}

std::uint64_t LayerTimeline::output_read_bits(Cycle cycle) const {
  for (const std::vector<Cycle>& offered : output_offered_) {
    const auto found = std::lower_bound(offered.begin(), offered.end(), cycle);
    if (found == offered.end() || *found != cycle) continue;
    const auto beat = static_cast<std::size_t>(found - offered.begin());
    return bits(beat_elements(output_elements_, output_beat_width_, beat), output_bits_);
  }
  return 0;
}

std::vector<Cycle> LayerTimeline::state(Cycle origin) const {
  return {run_end_[0] - origin, run_end_[1] - origin, send_end_ - origin};
}

void LayerTimeline::skip(Cycle cycles, const LinkLedger& booked) {
  for (Cycle& cycle : run_end_) cycle += cycles;
  for (std::vector<Cycle>& offered : output_offered_) {
    for (Cycle& cycle : offered) cycle += cycles;
  }
  send_end_ += cycles;
  ledger_ += booked;
}

}  // namespace cfc::explore
