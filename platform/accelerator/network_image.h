#pragma once

#include <cstdint>
#include <vector>

#include "golden/network.h"

namespace cfc {

/// A network as it lies in memory (docs/reference/register-map.md): a header of 64 bytes, an entry
/// of 64 bytes a layer, then a section a layer, each at a multiple of 64. Everything little-endian;
/// weights packed by their recorded width.
struct NetworkImage {
  static constexpr std::uint64_t kAlignment = 64;
  static constexpr std::uint32_t kMagic = 0x314E4643;  ///< "CFN1"

  static constexpr std::uint64_t aligned(std::uint64_t bytes) {
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
  }
};

/// Where a layer's weights and biases lie, from the beginning of the image.
struct NetworkSection {
  std::uint64_t offset{};
  std::uint64_t bytes{};  ///< a multiple of NetworkImage::kAlignment
};

/// Throws InputError, naming layer and limit, where a network has more layers or elements than an
/// image can say.
void check_image_holds(const golden::Network& network);

/// Throws like `check_image_holds`.
std::vector<std::uint8_t> pack_network(const golden::Network& network);

/// The size of the whole image, from its first 64 bytes. Throws InputError if they are no header.
std::uint64_t network_image_bytes(const std::vector<std::uint8_t>& header);

/// Throws InputError if the image is damaged or the network in it not valid.
golden::Network unpack_network(const std::vector<std::uint8_t>& image);

/// Whether two networks have the same shapes and widths, those of requantisation too, so that one
/// accelerator runs either.
bool same_shapes(const golden::Network& a, const golden::Network& b);

/// The same shapes and widths, and nothing in them.
golden::Network blank(golden::Network network);

/// The width of an element of z; 0 of a layer without factors.
int z_bits(const golden::Layer& layer);

/// The sections of an image that `unpack_network` accepts, by layer.
std::vector<NetworkSection> network_sections(const std::vector<std::uint8_t>& image);

}  // namespace cfc
