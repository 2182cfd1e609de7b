// Networks (ONNX). What is accepted survives being written and read again, in every field and in
// every logit. Where CFCSIM_FUZZ_KEEP names a folder, networks that were accepted are kept there,
// for scripts/fuzz to run through SystemC and ONNX Runtime.

#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include "golden/inference.h"
#include "golden/onnx_file.h"
#include "support/whole_file.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/model_mutator.h"

namespace {

using namespace cfc;
using golden::Index;

constexpr Index kMostPixels = 4096;  ///< of a network that is also computed

golden::MatrixU8 some_images(Index pixels) {
  golden::MatrixU8 images(3, pixels);
  for (Index i = 0; i < images.size(); ++i) {
    images.data()[i] = static_cast<std::uint8_t>(i * 151 + i / 7);
  }
  images.row(1).setZero();
  images.row(2).setConstant(255);
  return images;
}

void keep(const std::uint8_t* bytes, std::size_t size) {
  static const char* folder = std::getenv("CFCSIM_FUZZ_KEEP");
  if (!folder) return;
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto digest = std::hash<std::string>{}(text);
  write_whole_file(std::filesystem::path(folder) / (std::to_string(digest) + ".onnx"), text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const fuzz::FuzzedFile file(bytes, size);
  golden::Network network;
  if (!fuzz::is_accepted([&] { network = golden::read_network(file.path()); })) return 0;
  const fuzz::FuzzedFile copy("");
  golden::write_network(network, copy.path());
  const golden::Network again = golden::read_network(copy.path());
  fuzz::require(fuzz::is_same(network, again), "a network is read as it was written");
  if (network.inputs() > kMostPixels) return 0;
  const golden::MatrixU8 images = some_images(network.inputs());
  fuzz::require(golden::infer(network, images).logits() == golden::infer(again, images).logits(),
                "a network that was written gives the same logits");
  keep(bytes, size);
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t size,
                                               std::size_t room, unsigned seed) {
  return fuzz::mutate_model(bytes, size, room, seed);
}
