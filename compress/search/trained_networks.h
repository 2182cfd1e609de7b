#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "compress/training/training_plan.h"

namespace cfc::compress {

/// How long the networks of a search are trained, and from which seed.
struct Schooling {
  int epochs{20};
  int qat_epochs{10};
  std::uint64_t seed{1};
};

/// A folder of dense networks, each trained when it is first asked for. An interrupted training
/// goes on the next time.
class TrainedNetworks {
 public:
  TrainedNetworks(std::filesystem::path folder, std::filesystem::path data, Schooling schooling);

  /// Trained with this dropout; none: "the normal model".
  golden::Network with(const Dropout& dropout);

  /// Trained by `plan`, whose epochs and seed are overruled by the schooling, and kept under
  /// `name`. Its metadata hold "float_accuracy", the validation accuracy before quantisation.
  golden::Network trained(TrainingPlan plan, const std::string& name);

  /// That of `Data`.
  const std::string& data_digest() { return data().digest; }
  const golden::Dataset& validation() { return data().validation_bytes; }
  const golden::Dataset& test() { return data().test_bytes; }
  /// As many training images as there are validation images, the first ones.
  const golden::Dataset& training_sample();

 private:
  const Data& data();

  std::filesystem::path folder_;
  std::filesystem::path data_folder_;
  Schooling schooling_;
  std::optional<Data> data_;
  std::optional<golden::Dataset> training_sample_;
};

}  // namespace cfc::compress
