#pragma once

#include <filesystem>
#include <string>

#include "compress/network/samples.h"
#include "exchange/data/input_format.h"
#include "exchange/data/number_table.h"

namespace cfc::compress {

/// Vectors as bytes, and what a network is to make of each: its class, or its targets.
struct Examples {
  golden::Dataset bytes;      ///< without labels where there are targets
  exchange::Numbers targets;  ///< vectors x outputs; no rows where there are classes

  bool have_targets() const { return targets.rows() > 0; }
};

/// The three splits. Validation and test images are only ever looked at to report an accuracy, or
/// an error.
struct Data {
  Samples training;
  Samples validation;
  golden::Dataset validation_bytes;
  golden::Dataset test_bytes;            ///< may hold no images
  exchange::Numbers validation_targets;  ///< as of `Examples`
  double target_unit{1};   ///< what 1 of a model's output stands for; its targets are divided by it
  std::int64_t outputs{};  ///< classes, or targets of a vector
  exchange::Metadata input_format;  ///< what a network that is trained on them says of its inputs
  std::string digest;               ///< SHA-256 of all images and labels, in hexadecimal

  std::int64_t pixels() const { return training.images.size(1); }
  /// Training images from which the ranges of activations are taken.
  at::Tensor calibration_images() const;
};

/// All of what there is to learn from.
struct Splits {
  Examples training;
  Examples validation;
  Examples test;
};

/// As training wants them, targets in that unit; `outputs` and `input_format` are left for the
/// caller to set.
Data to_data(const Splits& splits, double target_unit);

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
