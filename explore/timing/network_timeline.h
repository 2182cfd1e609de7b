#pragma once

#include <memory>
#include <vector>

#include "explore/timing/layer_timeline.h"

namespace cfc::explore {

/// A stream of images through a whole network: the times of an image follow from those of the
/// images before it, layer by layer.
class NetworkTimeline {
 public:
  NetworkTimeline(const Configuration& configuration, const std::vector<LayerWidths>& widths);

  /// Streams one more image.
  void advance();

  /// Cycles from the first beat offered to the last beat of the image streamed last.
  Cycle cycles() const { return cycles_; }

  const std::vector<LayerTimeline>& layers() const { return layers_; }

  /// All that the times of later images depend on, relative to `cycles()`.
  std::vector<Cycle> state() const;

  std::vector<LinkLedger> ledgers() const;

  /// Goes on as if `cycles` had passed, in which each layer booked what `booked` says.
  void skip(Cycle cycles, const std::vector<LinkLedger>& booked);

 private:
  Cycle source_beats_;
  Cycle source_next_{0};  ///< the cycle in which the source can offer its next beat
  Cycle cycles_{0};
  std::vector<std::unique_ptr<Engine>> engines_;
  std::vector<LayerTimeline> layers_;
};

}  // namespace cfc::explore
