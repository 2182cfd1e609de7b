#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "golden/network.h"

namespace cfc::golden {

/// Images and labels, a row an image.
struct Dataset {
  MatrixU8 images;            ///< images x pixels, raw
  std::vector<Label> labels;  ///< one an image, or none at all

  Index size() const { return images.rows(); }

  /// Those of `count` images; none where there are none.
  std::vector<Label> labels_of(Index first, Index count) const {
    if (labels.empty()) return {};
    return {labels.begin() + first, labels.begin() + first + count};
  }
};

/// The first 85 % of the official training file (51,000 of MNIST's 60,000 images), its last 15 %
/// (9,000), and the official test file. Split by index, nothing shuffled.
enum class Split { train, validation, test };

/// Throws InputError for any other name than "train", "validation" and "test".
Split parse_split(std::string_view name);

/// Reads one split from a directory that holds the four official files (train-images-idx3-ubyte
/// and so on, each plain or with .gz). Throws InputError on a missing, truncated or corrupt file,
/// and where images and labels differ in number.
Dataset load_dataset(const std::filesystem::path& directory, Split split);

/// The files that `load_dataset` reads. Throws InputError where they are not there.
std::vector<std::filesystem::path> dataset_files(const std::filesystem::path& directory,
                                                 Split split);

/// Pixels of an image, as the header of its file has them.
struct ImageSize {
  Index rows;
  Index columns;
};

/// Those of one split. Throws InputError like `load_dataset`.
ImageSize read_image_size(const std::filesystem::path& directory, Split split);

/// IDX3 file of unsigned bytes, plain or gzip. Throws InputError.
MatrixU8 read_idx_images(const std::filesystem::path& file);

/// IDX1 file of unsigned bytes, plain or gzip. Throws InputError.
std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& file);

}  // namespace cfc::golden
