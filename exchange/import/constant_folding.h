#pragma once

#include <filesystem>
#include <vector>

#include <onnx/onnx_pb.h>

#include "exchange/import/tensor.h"

// Internal to the importer.

namespace cfc::exchange {

/// What a node makes of constants; an input that is left out is null. Constants that are made from
/// integers keep their grid. Throws InputError on an operator that is not known for constants.
Tensor folded(const onnx::NodeProto& node, const std::vector<const Tensor*>& inputs,
              const std::filesystem::path& folder);

}  // namespace cfc::exchange
