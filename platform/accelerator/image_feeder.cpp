#include "platform/accelerator/image_feeder.h"

#include <algorithm>
#include <utility>

namespace cfc {

void ImageFeeder::push(const std::uint8_t* pixels, std::size_t count) {
  images_.emplace_back(pixels, pixels + count);
  pushed_.notify(sc_core::SC_ZERO_TIME);
}

void ImageFeeder::end_of_elaboration() {
  ClockedModule::end_of_elaboration();
  wake_on(pushed_);
}

void ImageFeeder::reset() {
  images_.clear();
  sent_ = 0;
  offering_ = false;
  o_valid.write(false);
}

void ImageFeeder::on_clock() {
  if (offering_) {
    if (!i_ready.read()) return sleep();
    sent_ += beat_width_;
    if (sent_ >= static_cast<int>(images_.front().size())) {
      sent_ = 0;
      last_ = std::move(images_.front());
      images_.pop_front();
      on_taken();
    }
  }
  offer();
}

void ImageFeeder::offer() {
  offering_ = !images_.empty();
  o_valid.write(offering_);
  if (!offering_) return sleep();
  const std::vector<std::uint8_t>& image = images_.front();
  const int left = static_cast<int>(image.size()) - sent_;
  o_data.write({image.data() + sent_, std::min(beat_width_, left)});
}

}  // namespace cfc
