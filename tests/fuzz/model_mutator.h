#pragma once

#include <cstddef>
#include <cstdint>

namespace cfc::fuzz {

/// A mutator of ONNX files for libFuzzer: mostly it changes one field of the model, so that what
/// comes out is still an ONNX file and the reader is asked about more than its first byte. Returns
/// the new size.
std::size_t mutate_model(std::uint8_t* bytes, std::size_t size, std::size_t room, unsigned seed);

}  // namespace cfc::fuzz
