// IDX files, plain: what is accepted has as many bytes as its header says, and they are the pixels.

#include <algorithm>

#include "golden/dataset.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace cfc;
  constexpr std::size_t kImagesHeader = 16;
  constexpr std::size_t kLabelsHeader = 8;
  const bool is_gzip = size >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
  const fuzz::FuzzedFile file(bytes, size);
  golden::MatrixU8 images;
  if (fuzz::is_accepted([&] { images = golden::read_idx_images(file.path()); }) && !is_gzip) {
    fuzz::require(kImagesHeader + static_cast<std::size_t>(images.size()) == size,
                  "images have the bytes that their header says");
    fuzz::require(std::equal(images.data(), images.data() + images.size(), bytes + kImagesHeader),
                  "pixels are those of the file");
  }
  std::vector<std::uint8_t> labels;
  if (fuzz::is_accepted([&] { labels = golden::read_idx_labels(file.path()); }) && !is_gzip) {
    fuzz::require(kLabelsHeader + labels.size() == size,
                  "labels have the bytes that their header says");
    fuzz::require(std::equal(labels.begin(), labels.end(), bytes + kLabelsHeader),
                  "labels are those of the file");
  }
  return 0;
}
