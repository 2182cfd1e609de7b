#pragma once

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include <fmt/format.h>

#include "tests/compress/helpers/random_data.h"
#include "tests/helpers/command.h"
#include "tests/helpers/temporary_folder.h"

namespace cfc::testing {

inline void write_number(std::ofstream& file, std::int64_t number) {
  for (const int shift : {24, 16, 8, 0}) file.put(static_cast<char>(number >> shift));
}

/// Writes square images and their labels as the MNIST files `stem`-... in `folder`.
inline void write_idx(const golden::Dataset& data, const std::filesystem::path& folder,
                      const std::string& stem) {
  const auto side = std::lround(std::sqrt(data.images.cols()));
  std::ofstream images(folder / (stem + "-images-idx3-ubyte"), std::ios::binary);
  for (const std::int64_t number : {0x803L, data.size(), side, side}) write_number(images, number);
  images.write(reinterpret_cast<const char*>(data.images.data()), data.images.size());
  std::ofstream labels(folder / (stem + "-labels-idx1-ubyte"), std::ios::binary);
  for (const std::int64_t number : {0x801L, data.size()}) write_number(labels, number);
  for (const golden::Label label : data.labels) labels.put(static_cast<char>(label));
}

/// Writes all four files for images of `pixels` pixels; the last test label is `last_label`.
inline void write_data(const std::filesystem::path& folder, golden::Index pixels,
                       std::uint8_t last_label) {
  std::filesystem::create_directories(folder);
  Generator random(test_seed());
  write_idx(synthetic_data(400, pixels, random), folder, "train");
  golden::Dataset test = synthetic_data(100, pixels, random);
  test.labels.back() = last_label;
  write_idx(test, folder, "t10k");
}

/// A folder of its own with data sets of 8 x 8 pixels in `data/`, the same with another label of
/// one training image in `relabelled/`, of 4 x 4 pixels in `small/`, with a label too many in
/// `labels/`, and an empty `made/`.
class Workspace {
 public:
  Workspace() {
    std::filesystem::create_directories(made());
    write_data(root_ / "data", 64, 9);
    write_data(root_ / "small", 16, 9);
    write_data(root_ / "labels", 64, 10);
    write_data(root_ / "relabelled", 64, 9);
    std::fstream labels(root_ / "relabelled" / "train-labels-idx1-ubyte");
    labels.seekp(8);  // behind magic number and count
    labels.put(1);    // it was 0
  }

  std::filesystem::path made() const { return root_ / "made"; }

  /// Runs a shell line in `made/` with the command as $C and the data folder as its default.
  CommandResult run(const std::string& line) const {
    const std::string setting = fmt::format("cd '{}' && export CFCSIM_DATA=../data C='{}' && ",
                                            made().string(), CFC_COMPRESS_PATH);
    return run_command({"/bin/sh", "-c", setting + line});
  }

 private:
  TemporaryFolder root_;
};

}  // namespace cfc::testing
