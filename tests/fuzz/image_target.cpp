// The image of a network in the memory of a platform: one that is accepted is packed to one that is
// unpacked to the same network.

#include <optional>
#include <vector>

#include "platform/accelerator/network_image.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace cfc;
  const std::vector<std::uint8_t> image(bytes, bytes + size);
  std::optional<golden::Network> network;
  if (!fuzz::is_accepted([&] { network = unpack_network(image); })) return 0;
  const std::vector<std::uint8_t> packed = pack_network(*network);
  fuzz::require(fuzz::is_same(unpack_network(packed), *network),
                "an image is unpacked as it was packed");
  fuzz::require(network_image_bytes(packed) == packed.size(), "an image is as long as it says");
  fuzz::require(network_sections(packed).size() == network->layers.size(),
                "every layer has a section");
  return 0;
}
