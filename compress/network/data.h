#pragma once

#include <filesystem>
#include <string>

#include "compress/network/samples.h"

namespace cfc::compress {

/// The three splits. Validation and test images are only ever looked at to report an accuracy.
struct Data {
  Samples training;
  Samples validation;
  golden::Dataset validation_bytes;
  golden::Dataset test_bytes;
  std::string digest;  ///< SHA-256 of all images and labels, in hexadecimal

  std::int64_t pixels() const { return training.images.size(1); }
  /// Training images from which the ranges of activations are taken.
  at::Tensor calibration_images() const;
};

/// Reads one split. Throws InputError, also where there are no images or a label is not below
/// `classes`.
golden::Dataset load_split(const std::filesystem::path& directory, golden::Split split,
                           int classes);

/// Reads all of them, like `load_split`. Throws InputError, too, where the test images have another
/// size than the training images.
Data load_data(const std::filesystem::path& directory, int classes);

/// Ends the purpose of a checkpoint: a training goes on only with the images and labels it began
/// with.
std::string on(const Data& data);

/// Throws InputError unless the images have as many pixels as the network has inputs; `network` and
/// `directory` are for the message.
void check_shape(const golden::Dataset& data, golden::Index inputs,
                 const std::filesystem::path& network, const std::filesystem::path& directory);

}  // namespace cfc::compress
