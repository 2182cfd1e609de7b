#include "compress/network/data.h"

#include <algorithm>

#include <fmt/format.h>

#include "support/digest.h"
#include "support/error.h"

namespace cfc::compress {
namespace {

constexpr int kCalibrationImages = 5000;

std::string digest_of(const golden::Dataset& data) {
  const auto sha256 = [](const std::uint8_t* bytes, std::size_t size) {
    return sha256_of_text({reinterpret_cast<const char*>(bytes), size});
  };
  return sha256(data.images.data(), static_cast<std::size_t>(data.images.size())) +
         sha256(data.labels.data(), data.labels.size());
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

Data load_data(const std::filesystem::path& directory, int classes) {
  check_sizes(directory);
  Data data;
  const golden::Dataset training_bytes = load_split(directory, golden::Split::train, classes);
  data.training = to_samples(training_bytes);
  data.validation_bytes = load_split(directory, golden::Split::validation, classes);
  data.validation = to_samples(data.validation_bytes);
  data.test_bytes = load_split(directory, golden::Split::test, classes);
  data.digest = sha256_of_text(digest_of(training_bytes) + digest_of(data.validation_bytes) +
                               digest_of(data.test_bytes));
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
