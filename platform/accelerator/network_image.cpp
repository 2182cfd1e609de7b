#include "platform/accelerator/network_image.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "support/error.h"

namespace cfc {
namespace {

using golden::DenseWeights;
using golden::FactorisedWeights;
using golden::Index;
using golden::MatrixS8;

constexpr std::uint32_t kMostLayers = 64;
constexpr std::uint32_t kMostElements = 1 << 16;  ///< of a layer's inputs or outputs

struct Header {
  std::uint32_t magic{NetworkImage::kMagic};
  std::uint32_t layers{};
  std::uint64_t bytes{};
  std::array<std::uint32_t, 12> reserved{};
};
static_assert(sizeof(Header) == NetworkImage::kAlignment);

struct Entry {
  std::uint32_t m{};
  std::uint32_t n{};
  std::uint32_t r{};       ///< 0: dense
  std::uint32_t a_bits{};  ///< of W, or of U
  std::uint32_t v_bits{};
  std::uint32_t z_shift{};
  std::uint32_t z_bits{};
  std::uint32_t has_activation{};
  std::uint32_t activation_shift{};  ///< of a plain shift
  std::uint32_t scales{};            ///< pairs of multiplier and shift: 0 (plain shift), 1 or n
  std::uint64_t offset{};
  std::uint64_t bytes{};
  std::uint8_t zero_point{};  ///< these where there are scales
  std::uint8_t lo{};
  std::uint8_t hi{};
  std::uint8_t multiplier_bits{};
  std::uint32_t reserved{};
};
static_assert(sizeof(Entry) == NetworkImage::kAlignment);

std::uint64_t packed_bytes(std::uint64_t elements, std::uint32_t bits) {
  return (elements * bits + 7) / 8;
}

/// Bytes of a layer's section before it is rounded up: first factor, second factor, biases,
/// multipliers, shifts.
std::uint64_t section_bytes(const Entry& entry) {
  const std::uint64_t m = entry.m;
  const std::uint64_t n = entry.n;
  const std::uint64_t r = entry.r;
  const std::uint64_t weights =
      r == 0 ? packed_bytes(m * n, entry.a_bits)
             : packed_bytes(m * r, entry.a_bits) + packed_bytes(r * n, entry.v_bits);
  return weights + 4 * n + 8 * std::uint64_t{entry.scales};
}

/// Writes elements one behind the other, each in `bits` bits, from a byte boundary to the next.
void pack(std::vector<std::uint8_t>& bytes, const MatrixS8& matrix, int bits) {
  std::uint32_t buffer = 0;
  int held = 0;
  for (Index i = 0; i < matrix.size(); ++i) {
    const auto element = static_cast<std::uint32_t>(static_cast<std::uint8_t>(matrix.data()[i]));
    buffer |= (element & ((1U << bits) - 1)) << held;
    held += bits;
    for (; held >= 8; held -= 8, buffer >>= 8) bytes.push_back(static_cast<std::uint8_t>(buffer));
  }
  if (held > 0) bytes.push_back(static_cast<std::uint8_t>(buffer));
}

MatrixS8 unpack(const std::uint8_t*& bytes, Index rows, Index cols, int bits) {
  MatrixS8 matrix(rows, cols);
  std::uint32_t buffer = 0;
  int held = 0;
  for (Index i = 0; i < matrix.size(); ++i) {
    for (; held < bits; held += 8) buffer |= static_cast<std::uint32_t>(*bytes++) << held;
    const int value = static_cast<int>(buffer & ((1U << bits) - 1));
    matrix.data()[i] =
        static_cast<std::int8_t>(value >= 1 << (bits - 1) ? value - (1 << bits) : value);
    buffer >>= bits;
    held -= bits;
  }
  return matrix;
}

void describe_requantisation(const golden::Layer& layer, Entry& entry) {
  if (!layer.requantisation) return;
  const golden::Requantisation& requantisation = *layer.requantisation;
  entry.has_activation = 1;
  if (requantisation.is_plain()) {
    entry.activation_shift = static_cast<std::uint32_t>(requantisation.shifts.front());
    return;
  }
  entry.scales = static_cast<std::uint32_t>(requantisation.shifts.size());
  entry.zero_point = static_cast<std::uint8_t>(requantisation.zero_point);
  entry.lo = static_cast<std::uint8_t>(requantisation.lo);
  entry.hi = static_cast<std::uint8_t>(requantisation.hi);
  entry.multiplier_bits = static_cast<std::uint8_t>(requantisation.multiplier_bits());
}

Entry entry_of(const golden::Layer& layer) {
  Entry entry;
  entry.m = static_cast<std::uint32_t>(layer.inputs());
  entry.n = static_cast<std::uint32_t>(layer.outputs());
  describe_requantisation(layer, entry);
  if (const auto* dense = std::get_if<DenseWeights>(&layer.weights)) {
    entry.a_bits = static_cast<std::uint32_t>(dense->w_bits);
    return entry;
  }
  const auto& factors = std::get<FactorisedWeights>(layer.weights);
  entry.r = static_cast<std::uint32_t>(factors.u.cols());
  entry.a_bits = static_cast<std::uint32_t>(factors.u_bits);
  entry.v_bits = static_cast<std::uint32_t>(factors.v_bits);
  entry.z_shift = static_cast<std::uint32_t>(factors.z_shift);
  entry.z_bits = static_cast<std::uint32_t>(factors.z_bits);
  return entry;
}

void append_numbers(std::vector<std::uint8_t>& bytes, const std::int32_t* numbers, Index count) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(numbers);
  bytes.insert(bytes.end(), first, first + 4 * count);
}

void append_section(std::vector<std::uint8_t>& bytes, const golden::Layer& layer) {
  if (const auto* dense = std::get_if<DenseWeights>(&layer.weights)) {
    pack(bytes, dense->w, dense->w_bits);
  } else {
    const auto& factors = std::get<FactorisedWeights>(layer.weights);
    pack(bytes, factors.u, factors.u_bits);
    pack(bytes, factors.v, factors.v_bits);
  }
  append_numbers(bytes, layer.bias.data(), layer.bias.size());
  if (entry_of(layer).scales > 0) {
    const auto scales = static_cast<Index>(layer.requantisation->shifts.size());
    append_numbers(bytes, layer.requantisation->multipliers.data(), scales);
    append_numbers(bytes, layer.requantisation->shifts.data(), scales);
  }
  bytes.resize(NetworkImage::aligned(bytes.size()));
}

Header header_of(const std::vector<std::uint8_t>& image) {
  Header header;
  if (image.size() < sizeof header) throw InputError("a network image has at least 64 bytes");
  std::memcpy(&header, image.data(), sizeof header);
  const std::uint64_t least = (1 + std::uint64_t{header.layers}) * NetworkImage::kAlignment;
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 32;
  if (header.magic != NetworkImage::kMagic || header.layers < 1 || header.layers > kMostLayers ||
      header.bytes % NetworkImage::kAlignment != 0 || header.bytes < least ||
      header.bytes > kMostBytes) {
    throw InputError("this is no network image: its header is wrong");
  }
  return header;
}

Entry checked_entry(const std::vector<std::uint8_t>& image, std::uint32_t layer) {
  Entry entry;
  std::memcpy(&entry, image.data() + (1 + layer) * sizeof entry, sizeof entry);
  const auto size_ok = [](std::uint32_t size) { return size >= 1 && size <= kMostElements; };
  const auto bits_ok = [](std::uint32_t bits) { return bits >= 2 && bits <= 8; };
  const bool factors_ok = entry.r == 0 || (size_ok(entry.r) && bits_ok(entry.v_bits) &&
                                           entry.z_shift <= 30 && entry.z_bits <= 24);
  const bool scales_ok = entry.scales <= 1 || entry.scales == entry.n;
  if (!size_ok(entry.m) || !size_ok(entry.n) || !bits_ok(entry.a_bits) || !factors_ok ||
      entry.activation_shift > 30 || !scales_ok || entry.offset % NetworkImage::kAlignment != 0 ||
      entry.bytes != NetworkImage::aligned(section_bytes(entry)) || entry.offset > image.size() ||
      entry.bytes > image.size() - entry.offset) {
    throw InputError(fmt::format("the entry of layer {} in the network image is wrong", layer + 1));
  }
  return entry;
}

/// `bytes`: behind the biases.
golden::Requantisation unpack_requantisation(const Entry& entry, const std::uint8_t* bytes) {
  if (entry.scales == 0) {
    return golden::Requantisation::by_shift(static_cast<int>(entry.activation_shift));
  }
  golden::Requantisation requantisation{std::vector<std::int32_t>(entry.scales),
                                        std::vector<int>(entry.scales), entry.zero_point, entry.lo,
                                        entry.hi};
  const std::size_t size = 4 * std::size_t{entry.scales};
  std::memcpy(requantisation.multipliers.data(), bytes, size);
  std::memcpy(requantisation.shifts.data(), bytes + size, size);
  return requantisation;
}

golden::Layer unpack_layer(const std::vector<std::uint8_t>& image, std::uint32_t number) {
  const Entry entry = checked_entry(image, number);
  const std::uint8_t* bytes = image.data() + entry.offset;
  const auto a_bits = static_cast<int>(entry.a_bits);
  golden::Layer layer;
  layer.name = fmt::format("fc{}", number + 1);
  if (entry.r == 0) {
    layer.weights = DenseWeights{unpack(bytes, entry.m, entry.n, a_bits), a_bits};
  } else {
    const auto v_bits = static_cast<int>(entry.v_bits);
    MatrixS8 u = unpack(bytes, entry.m, entry.r, a_bits);
    MatrixS8 v = unpack(bytes, entry.r, entry.n, v_bits);
    layer.weights = FactorisedWeights{std::move(u),
                                      std::move(v),
                                      a_bits,
                                      v_bits,
                                      static_cast<int>(entry.z_shift),
                                      static_cast<int>(entry.z_bits)};
  }
  layer.bias.resize(entry.n);
  std::memcpy(layer.bias.data(), bytes, 4 * static_cast<std::size_t>(entry.n));
  if (entry.has_activation != 0) {
    layer.requantisation = unpack_requantisation(entry, bytes + 4 * std::size_t{entry.n});
  }
  return layer;
}

}  // namespace

void check_image_holds(const golden::Network& network) {
  if (network.layers.size() > kMostLayers) {
    throw InputError(fmt::format("the network has {} layers; in a platform's memory it can have {}",
                                 network.layers.size(), kMostLayers));
  }
  for (const golden::Layer& layer : network.layers) {
    const Index most = std::max(layer.inputs(), layer.outputs());
    if (most > kMostElements) {
      throw InputError(
          fmt::format("layer {}: has {} inputs or outputs; in a platform's memory it can "
                      "have {}",
                      layer.name, most, kMostElements));
    }
  }
}

std::vector<std::uint8_t> pack_network(const golden::Network& network) {
  check_image_holds(network);
  std::vector<std::uint8_t> image((1 + network.layers.size()) * NetworkImage::kAlignment);
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    Entry entry = entry_of(network.layers[i]);
    entry.offset = image.size();
    append_section(image, network.layers[i]);
    entry.bytes = image.size() - entry.offset;
    std::memcpy(image.data() + (1 + i) * sizeof entry, &entry, sizeof entry);
  }
  Header header;
  header.layers = static_cast<std::uint32_t>(network.layers.size());
  header.bytes = image.size();
  std::memcpy(image.data(), &header, sizeof header);
  return image;
}

std::uint64_t network_image_bytes(const std::vector<std::uint8_t>& header) {
  return header_of(header).bytes;
}

golden::Network unpack_network(const std::vector<std::uint8_t>& image) {
  const Header header = header_of(image);
  if (header.bytes != image.size()) throw InputError("the network image has another size");
  golden::Network network;
  for (std::uint32_t i = 0; i < header.layers; ++i)
    network.layers.push_back(unpack_layer(image, i));
  golden::validate(network);
  return network;
}

bool same_shapes(const golden::Network& a, const golden::Network& b) {
  const auto same = [](const golden::Layer& x, const golden::Layer& y) {
    const Entry p = entry_of(x);
    const Entry q = entry_of(y);
    return p.m == q.m && p.n == q.n && p.r == q.r && p.a_bits == q.a_bits && p.v_bits == q.v_bits &&
           p.z_bits == q.z_bits && p.has_activation == q.has_activation && p.scales == q.scales &&
           p.multiplier_bits == q.multiplier_bits;
  };
  return std::equal(a.layers.begin(), a.layers.end(), b.layers.begin(), b.layers.end(), same);
}

golden::Network blank(golden::Network network) {
  for (golden::Layer& layer : network.layers) {
    layer.bias.setZero();
    if (auto* dense = std::get_if<DenseWeights>(&layer.weights)) dense->w.setZero();
    if (auto* factors = std::get_if<FactorisedWeights>(&layer.weights)) {
      factors->u.setZero();
      factors->v.setZero();
    }
  }
  return network;
}

int z_bits(const golden::Layer& layer) { return static_cast<int>(entry_of(layer).z_bits); }

std::vector<NetworkSection> network_sections(const std::vector<std::uint8_t>& image) {
  std::vector<NetworkSection> sections;
  const Header header = header_of(image);
  for (std::uint32_t i = 0; i < header.layers; ++i) {
    const Entry entry = checked_entry(image, i);
    sections.push_back({entry.offset, entry.bytes});
  }
  return sections;
}

}  // namespace cfc
