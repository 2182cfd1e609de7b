#include "explore/timing/network_timeline.h"

#include <cassert>

#include "explore/timing/engine_factory.h"

namespace cfc::explore {

NetworkTimeline::NetworkTimeline(const Configuration& configuration,
                                 const std::vector<LayerWidths>& widths) {
  assert(!configuration.layers.empty() && widths.size() == configuration.layers.size());
  int beat_width = configuration.input_link_width;
  source_beats_ = LayerConfiguration::ceil_div(configuration.layers.front().shape.m, beat_width);
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const LayerConfiguration& layer = configuration.layers[i];
    engines_.push_back(make_engine(layer, widths[i]));
    layers_.emplace_back(*engines_.back(), beat_width);
    beat_width = layer.output_beat_width();
  }
}

void NetworkTimeline::advance() {
  std::vector<Cycle> available(static_cast<std::size_t>(source_beats_), source_next_);
  BeatTimes beats = cross_link(available, layers_.front().ready_from());
  source_next_ = beats.transferred.back() + 1;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    layers_[i].take(beats);
    // The sink is always ready.
    const Cycle ready_from = i + 1 < layers_.size() ? layers_[i + 1].ready_from() : 0;
    beats = cross_link(layers_[i].beats_available(), ready_from);
    layers_[i].give(beats);
  }
  cycles_ = beats.transferred.back() + 1;
}

std::vector<Cycle> NetworkTimeline::state() const {
  std::vector<Cycle> state{source_next_ - cycles_};
  for (const LayerTimeline& layer : layers_) {
    const std::vector<Cycle> part = layer.state(cycles_);
    state.insert(state.end(), part.begin(), part.end());
  }
  return state;
}

std::vector<LinkLedger> NetworkTimeline::ledgers() const {
  std::vector<LinkLedger> all;
  for (const LayerTimeline& layer : layers_) all.push_back(layer.ledger());
  return all;
}

void NetworkTimeline::skip(Cycle cycles, const std::vector<LinkLedger>& booked) {
  source_next_ += cycles;
  cycles_ += cycles;
  for (std::size_t i = 0; i < layers_.size(); ++i) layers_[i].skip(cycles, booked[i]);
}

}  // namespace cfc::explore
