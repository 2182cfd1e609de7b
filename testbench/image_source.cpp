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
      image_(begin) {
  for (auto& buffer : pixels_) buffer.resize(static_cast<std::size_t>(images.cols()));
}

void ImageSource::end_of_elaboration() {
  ClockedModule::end_of_elaboration();
  wake_on(i_ready.value_changed_event());
}

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
  if (sent_ == 0) load_image();
  const int left = static_cast<int>(images_.cols()) - sent_;
  o_data.write({pixels_[buffer_].data() + sent_, std::min(beat_width_, left)});
}

void ImageSource::load_image() {
  buffer_ = 1 - buffer_;
  const std::uint8_t* row = images_.data() + image_ * images_.cols();
  std::copy(row, row + images_.cols(), pixels_[buffer_].begin());
}

}  // namespace cfc
