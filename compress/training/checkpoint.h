#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace cfc::compress {

/// What a stage of a training has reached: enough to go on to the same bits.
struct StageState {
  bool finished{false};
  std::vector<double> accuracies;      ///< on the training images, an epoch each
  std::vector<at::Tensor> parameters;  ///< Model::parameters()
  std::string optimiser;               ///< as libtorch serialises it; empty once finished
  at::Tensor generator;                ///< state of torch's random generator

  int epochs() const { return static_cast<int>(accuracies.size()); }
};

/// A file in which a training of several stages keeps its state after every epoch.
class Checkpoint {
 public:
  /// Reads `file` if it is there. `purpose` says what is trained and how. Throws InputError if the
  /// file is damaged or was made for another purpose; it is left as it is then.
  Checkpoint(std::filesystem::path file, std::string purpose);

  /// What is known of a stage; nullptr if it has not ended an epoch yet.
  const StageState* find(const std::string& stage) const;

  /// Records the stage and writes the file, whole or not at all. Throws InputError if it cannot.
  void keep(const std::string& stage, const StageState& state);

  /// Deletes the file: the training is over.
  void remove();

 private:
  void read();

  std::filesystem::path file_;
  std::string purpose_;
  std::map<std::string, StageState> stages_;
};

}  // namespace cfc::compress
