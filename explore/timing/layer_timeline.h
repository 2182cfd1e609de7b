#pragma once

#include <array>
#include <vector>

#include "explore/timing/engine/engine.h"

namespace cfc::explore {

/// When the beats of one image cross a link.
struct BeatTimes {
  std::vector<Cycle> offered;      ///< first cycle of `valid`
  std::vector<Cycle> transferred;  ///< cycle of `valid` and `ready`
};

/// Beats that the sender has from `available` on, over a link whose receiver is ready from
/// `ready_from` to the last of them.
BeatTimes cross_link(const std::vector<Cycle>& available, Cycle ready_from);

/// Cycles of a controller of the layer that depend on links, summed over images.
struct LinkLedger {
  Cycle load{};
  Cycle wait_input{};
  Cycle send{};
  Cycle wait_next{};
  Cycle mcm_read{};

  LinkLedger& operator+=(const LinkLedger& other);
};

/// `times` times what was added between `before` and `after`.
LinkLedger growth(const LinkLedger& before, const LinkLedger& after, Cycle times);

/// One layer, image after image: when it loads, runs and sends, what it books, and its peaks.
class LayerTimeline {
 public:
  /// `engine` must outlive the timeline. `input_beat_width` is that of the layer before.
  LayerTimeline(const Engine& engine, Cycle input_beat_width);

  const Engine& engine() const { return *engine_; }

  /// The cycle from which the next image's beats are taken: an input buffer is free.
  Cycle ready_from() const;

  /// The next image comes in.
  void take(const BeatTimes& input);

  /// From when each output beat of the image taken last can be offered.
  std::vector<Cycle> beats_available() const;

  /// The image taken last leaves.
  void give(const BeatTimes& output);

  const LinkLedger& ledger() const { return ledger_; }
  const Peaks& peaks() const { return peaks_; }

  /// All that the times of later images depend on, relative to `origin`.
  std::vector<Cycle> state(Cycle origin) const;

  /// Goes on as if `cycles` had passed and `booked` had been booked in between.
  void skip(Cycle cycles, const LinkLedger& booked);

 private:
  /// Bits that the link and the engine move in a cycle.
  MemoryBits moved(Cycle cycle) const;
  std::uint64_t output_read_bits(Cycle cycle) const;
  Cycle run_begin() const { return run_end_[0] - engine_->cycles(); }

  Cycle input_elements_;
  Cycle input_beat_width_;
  Cycle output_elements_;
  Cycle output_beat_width_;
  int output_bits_;
  std::size_t buffers_;
  const Engine* engine_;
  std::vector<Cycle> beats_in_run_;

  // Of the last two images, the newest first. Before the first image all times are 0.
  std::array<Cycle, 2> run_end_{};                      ///< first cycle after Run
  std::array<std::vector<Cycle>, 2> output_offered_{};  ///< by beat
  Cycle send_end_{};                                    ///< first cycle after Send, newest image

  LinkLedger ledger_;
  Peaks peaks_;
};

}  // namespace cfc::explore
