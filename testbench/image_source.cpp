#include "testbench/image_source.h"

#include <algorithm>

namespace cfc {

ImageSource::ImageSource(const sc_core::sc_module_name& name, const golden::MatrixU8& images,
                         golden::Index begin, golden::Index end, int beat_width)
    : ClockedModule(name),
      images_(images),
      begin_(begin),
      end_(end),
      beat_width_(beat_width),
      image_(begin) {}

void ImageSource::reset() {
  image_ = begin_;
  sent_ = 0;
  offering_ = false;
  o_valid.write(false);
}

void ImageSource::on_clock() {
  if (offering_) {
    if (!i_ready.read()) return sleep();
    sent_ += beat_width_;
    if (sent_ >= images_.cols()) {
      sent_ = 0;
      ++image_;
    }
  }
  offer();
}

void ImageSource::offer() {
  offering_ = image_ < end_;
  o_valid.write(offering_);
  if (!offering_) return sleep();
  const int left = static_cast<int>(images_.cols()) - sent_;
  const std::uint8_t* pixels = images_.data() + image_ * images_.cols() + sent_;
  o_data.write({pixels, std::min(beat_width_, left)});
}

}  // namespace cfc
