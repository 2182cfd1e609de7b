#include "testbench/weight_fetches.h"

#include <algorithm>

namespace cfc {
namespace {

constexpr std::uint64_t kBitsInByte = 8;
constexpr std::uint64_t kBurstBits = WeightFetches::kBurstBytes * kBitsInByte;

std::uint64_t ceil_div(std::uint64_t a, std::uint64_t b) { return (a + b - 1) / b; }

}  // namespace

std::uint64_t WeightRegion::bytes() const {
  return ceil_div(elements * static_cast<std::uint64_t>(element_bits), kBitsInByte);
}

WeightFetches::WeightFetches(const golden::Network& network) {
  int number = 0;
  for (const golden::Layer& layer : network.layers) {
    ++number;
    if (const auto* factors = std::get_if<golden::FactorisedWeights>(&layer.weights)) {
      add(number, "u", factors->u.size(), factors->u_bits);
      add(number, "v", factors->v.size(), factors->v_bits);
    } else {
      const auto& dense = std::get<golden::DenseWeights>(layer.weights);
      add(number, "w", dense.w.size(), dense.w_bits);
    }
  }
  next_bursts_.resize(layout_.size());
}

void WeightFetches::add(int layer, const char* memory, golden::Index elements, int element_bits) {
  std::uint64_t address = 0;
  if (!layout_.empty()) {
    const WeightRegion& before = layout_.back();
    address = before.address + ceil_div(before.bytes(), kBurstBytes) * kBurstBytes;
  }
  layout_.push_back({layer, memory, address, static_cast<std::uint64_t>(elements), element_bits});
}

std::vector<std::uint64_t> WeightFetches::bursts_for(const TracedAccess& access) {
  const AccessEvent& event = access.event;
  const auto region =
      std::find_if(layout_.begin(), layout_.end(), [&](const WeightRegion& candidate) {
        return candidate.layer == access.layer && candidate.memory == event.memory;
      });
  if (region == layout_.end()) return {};

  // The weights are read from first to last for an image, so the first one begins the next image.
  std::uint64_t& next = next_bursts_[static_cast<std::size_t>(region - layout_.begin())];
  if (event.first == 0) next = 0;
  const std::uint64_t end_bit =
      (event.first + event.count) * static_cast<std::uint64_t>(region->element_bits);
  std::vector<std::uint64_t> addresses;
  for (; next * kBurstBits < end_bit; ++next) {
    addresses.push_back(region->address + next * kBurstBytes);
  }
  return addresses;
}

}  // namespace cfc
