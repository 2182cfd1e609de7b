#include "compress/network/data.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <ATen/ops/from_blob.h>
#include <fmt/format.h>

#include "support/digest.h"
#include "support/error.h"

namespace cfc::compress {
namespace {

constexpr int kCalibrationImages = 5000;

std::string sha256_of(const void* bytes, std::size_t size) {
  return sha256_of_text({static_cast<const char*>(bytes), size});
}

/// Of bytes, where these hold the classes.
std::string sha256_of_labels(const std::vector<golden::Label>& labels) {
  const std::vector<std::uint8_t> bytes(labels.begin(), labels.end());
  if (std::equal(labels.begin(), labels.end(), bytes.begin())) {
    return sha256_of(bytes.data(), bytes.size());
  }
  return sha256_of(labels.data(), sizeof(golden::Label) * labels.size());
}

std::string digest_of(const Examples& examples) {
  const auto& [images, labels] = examples.bytes;
  const exchange::Numbers& targets = examples.targets;
  std::string digest =
      sha256_of(images.data(), static_cast<std::size_t>(images.size())) + sha256_of_labels(labels);
  if (!examples.have_targets()) return digest;
  return digest +
         sha256_of(targets.data(), sizeof(double) * static_cast<std::size_t>(targets.size()));
}

Samples samples_of(const Examples& examples, double target_unit) {
  Samples samples = to_samples(examples.bytes);
  if (!examples.have_targets()) return samples;
  exchange::Numbers targets = examples.targets / target_unit;
  samples.labels =
      at::from_blob(targets.data(), {targets.rows(), targets.cols()}, at::kDouble).to(at::kFloat);
  return samples;
}

/// Images of as many pixels in other rows would be no images to the network.
void check_sizes(const std::filesystem::path& directory) {
  const golden::ImageSize training = golden::read_image_size(directory, golden::Split::train);
  const golden::ImageSize test = golden::read_image_size(directory, golden::Split::test);
  if (training.rows != test.rows || training.columns != test.columns)
    throw InputError(
        fmt::format("{}: the test images are {} x {} pixels, but the training images "
                    "{} x {}: name a folder in which they are alike",
                    directory.string(), test.rows, test.columns, training.rows, training.columns));
}

}  // namespace

at::Tensor Data::calibration_images() const {
  return training.images.slice(0, 0, kCalibrationImages);
}

golden::Dataset load_split(const std::filesystem::path& directory, golden::Split split,
                           int classes) {
  golden::Dataset data = golden::load_dataset(directory, split);
  if (data.labels.empty())
    throw InputError(fmt::format("{}: a split of the data holds no images", directory.string()));
  const int largest = *std::max_element(data.labels.begin(), data.labels.end());
  if (largest >= classes)
    throw InputError(fmt::format("{}: there is a label {}, but the network has {} classes",
                                 directory.string(), largest, classes));
  return data;
}

Data to_data(const Splits& splits, double target_unit) {
  Data data;
  data.training = samples_of(splits.training, target_unit);
  data.validation = samples_of(splits.validation, target_unit);
  data.validation_bytes = splits.validation.bytes;
  data.test_bytes = splits.test.bytes;
  data.validation_targets = splits.validation.targets;
  data.target_unit = target_unit;
  data.digest = sha256_of_text(digest_of(splits.training) + digest_of(splits.validation) +
                               digest_of(splits.test));
  return data;
}

Data load_data(const std::filesystem::path& directory, int classes) {
  check_sizes(directory);
  const auto split = [&](golden::Split which) {
    return Examples{load_split(directory, which, classes), {}};
  };
  Data data = to_data(
      {split(golden::Split::train), split(golden::Split::validation), split(golden::Split::test)},
      1);
  data.outputs = classes;
  return data;
}

std::string on(const Data& data) { return ", on data " + data.digest; }

void check_shape(const golden::Dataset& data, golden::Index inputs,
                 const std::filesystem::path& network, const std::filesystem::path& directory) {
  if (data.images.cols() != inputs)
    throw InputError(fmt::format("{} takes {} inputs, but the images in {} have {} pixels",
                                 network.string(), inputs, directory.string(), data.images.cols()));
}

}  // namespace cfc::compress
