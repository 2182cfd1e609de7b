#pragma once

#include <cstdint>

#include "golden/network.h"
#include "sc_model/hardware/clocked_module.h"
#include "sc_model/hardware/link.h"

namespace cfc {

/// Offers image after image to a link, in beats of `beat_width` pixels, in every cycle after reset
/// until it has none left. A reset makes it begin again with the first image.
class ImageSource : public ClockedModule {
 public:
  sc_core::sc_out<bool> o_valid{"o_valid"};
  sc_core::sc_in<bool> i_ready{"i_ready"};
  sc_core::sc_out<Beat> o_data{"o_data"};

  /// `images` (images x pixels) must outlive the source; rows `begin` to `end - 1` are offered.
  ImageSource(const sc_core::sc_module_name& name, const golden::MatrixU8& images,
              golden::Index begin, golden::Index end, int beat_width);

 private:
  void reset() override;
  void on_clock() override;

  void offer();

  const golden::MatrixU8& images_;
  const golden::Index begin_;
  const golden::Index end_;
  const int beat_width_;
  golden::Index image_;
  int sent_{0};
  bool offering_{false};
};

}  // namespace cfc
