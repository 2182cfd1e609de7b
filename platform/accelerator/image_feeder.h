#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "sc_model/hardware/clocked_module.h"
#include "sc_model/hardware/link.h"

namespace cfc {

/// Offers the images that it is given to a link, in beats of `beat_width` pixels.
class ImageFeeder : public ClockedModule {
 public:
  sc_core::sc_out<bool> o_valid{"o_valid"};
  sc_core::sc_in<bool> i_ready{"i_ready"};
  sc_core::sc_out<Beat> o_data{"o_data"};

  /// The last beat of an image has been taken.
  std::function<void()> on_taken;

  ImageFeeder(const sc_core::sc_module_name& name, int beat_width)
      : ClockedModule(name), beat_width_(beat_width) {}

  /// Queues an image; call between rising edges.
  void push(const std::uint8_t* pixels, std::size_t count);

 private:
  void reset() override;
  void on_clock() override;
  void end_of_elaboration() override;
  void offer();

  const int beat_width_;
  std::deque<std::vector<std::uint8_t>> images_;
  std::vector<std::uint8_t> last_;  ///< the receiver may still read its last beat
  int sent_{0};
  bool offering_{false};
  sc_core::sc_event pushed_;
};

}  // namespace cfc
