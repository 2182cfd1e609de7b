#include "explore/timing/access_counts.h"

namespace cfc::explore {
namespace {

/// Accesses for one image: `vectors` vectors of `elements` elements, in words of up to `width`.
struct Vectors {
  Cycle vectors{};
  int elements{};
  int width{1};

  AccessCounters counters(int element_bits, std::uint64_t images) const {
    const auto times = static_cast<std::uint64_t>(vectors) * images;
    const auto moved = times * static_cast<std::uint64_t>(elements);
    const auto words = static_cast<std::uint64_t>(LayerConfiguration::ceil_div(elements, width));
    return {times * words, moved, moved * static_cast<std::uint64_t>(element_bits)};
  }
};

}  // namespace

const char* name_of(MemoryId memory) {
  constexpr std::array<const char*, kMemories> kNames{"input", "u",    "v",     "w",
                                                      "z",     "psum", "output"};
  return kNames[memory];
}

bool has_memory(const LayerConfiguration& layer, MemoryId memory) {
  switch (memory) {
    case kW:
      return layer.schedule == Schedule::dense;
    case kU:
    case kV:
      return layer.schedule != Schedule::dense;
    case kZ:
      return layer.schedule == Schedule::sequential;
    case kPsum:
      return layer.schedule == Schedule::streaming && layer.psum_storage == PsumStorage::memory;
    default:
      return true;
  }
}

int element_bits(const LayerWidths& widths, MemoryId memory) {
  const std::array<int, kMemories> bits{kActivationBits,     widths.u_bits, widths.v_bits,
                                        widths.weights_bits, widths.z_bits, kPsumBits,
                                        widths.output_bits};
  return bits[memory];
}

MemoryArray accesses_by_memory(const LayerConfiguration& layer, const LayerWidths& widths,
                               int input_beat_width, std::uint64_t images) {
  const int m = layer.shape.m;
  const int n = layer.shape.n;
  const int r = layer.shape.r.value_or(0);
  MemoryArray memories{};
  const auto book = [&](MemoryId memory, const Vectors& reads, const Vectors& writes) {
    const int bits = element_bits(widths, memory);
    memories[memory] = {reads.counters(bits, images), writes.counters(bits, images), 0};
  };
  const Vectors none{};
  const Vectors outputs_sent{1, n, layer.output_beat_width()};
  const Vectors inputs_used{layer.schedule == Schedule::dense ? n : r, m, layer.lanes_u};
  book(kInput, inputs_used, {1, m, input_beat_width});
  switch (layer.schedule) {
    case Schedule::dense:
      book(kW, inputs_used, none);
      book(kOutput, outputs_sent, {1, n, 1});
      break;
    case Schedule::sequential: {
      const Vectors z_used{n, r, layer.lanes_v};
      book(kU, inputs_used, none);
      book(kZ, z_used, {1, r, 1});
      book(kV, z_used, none);
      book(kOutput, outputs_sent, {1, n, 1});
      break;
    }
    case Schedule::streaming: {
      const Vectors sums_kept{r - 1, n, layer.lanes_v};
      book(kU, inputs_used, none);
      book(kV, {r, n, layer.lanes_v}, none);
      if (has_memory(layer, kPsum)) book(kPsum, sums_kept, sums_kept);
      book(kOutput, outputs_sent, {1, n, layer.lanes_v});
      break;
    }
  }
  return memories;
}

std::map<std::string, MemoryStatistics> memory_accesses(const LayerConfiguration& layer,
                                                        const LayerWidths& widths,
                                                        int input_beat_width,
                                                        std::uint64_t images) {
  const MemoryArray all = accesses_by_memory(layer, widths, input_beat_width, images);
  std::map<std::string, MemoryStatistics> memories;
  for (std::size_t i = 0; i < kMemories; ++i) {
    const auto memory = static_cast<MemoryId>(i);
    if (has_memory(layer, memory)) memories[name_of(memory)] = all[i];
  }
  return memories;
}

}  // namespace cfc::explore
