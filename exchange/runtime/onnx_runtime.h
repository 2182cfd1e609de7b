#pragma once

#include <filesystem>
#include <optional>

#include "exchange/data/number_table.h"

namespace cfc::exchange {

/// ONNX Runtime for Node.js, which nobody here wrote: a judge of what is imported.
class OnnxRuntime {
 public:
  /// In the folder that $CFCSIM_ONNXRUNTIME names, else where scripts/install-onnxruntime puts it;
  /// nothing where it is not there.
  static std::optional<OnnxRuntime> find();

  /// The outputs of a model for `inputs`, a row each, in the real numbers or integers that the
  /// model takes. What stands at its end and keeps the order of classes (Softmax, ArgMax, ...) is
  /// left out. Throws InputError with what the runtime said.
  NumberTable run(const std::filesystem::path& model, const Numbers& inputs) const;

 private:
  explicit OnnxRuntime(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
};

}  // namespace cfc::exchange
