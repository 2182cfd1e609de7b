#include "explore/access_counts.h"

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

std::map<std::string, MemoryStatistics> memory_accesses(const LayerConfiguration& layer,
                                                        const LayerWidths& widths,
                                                        int input_beat_width,
                                                        std::uint64_t images) {
  const int m = layer.shape.m;
  const int n = layer.shape.n;
  const int r = layer.shape.r.value_or(0);
  std::map<std::string, MemoryStatistics> memories;
  const auto book = [&](MemoryId memory, int bits, const Vectors& reads, const Vectors& writes) {
    memories[name_of(memory)] = {reads.counters(bits, images), writes.counters(bits, images), 0};
  };
  const Vectors none{};
  const Vectors outputs_sent{1, n, layer.output_beat_width()};
  const Vectors input_taken{1, m, input_beat_width};
  const Vectors inputs_used{layer.schedule == Schedule::dense ? n : r, m, layer.lanes_u};
  book(kInput, kActivationBits, inputs_used, input_taken);
  switch (layer.schedule) {
    case Schedule::dense:
      book(kW, widths.weights_bits, inputs_used, none);
      book(kOutput, widths.output_bits, outputs_sent, {1, n, 1});
      break;
    case Schedule::sequential: {
      const Vectors z_used{n, r, layer.lanes_v};
      book(kU, widths.u_bits, inputs_used, none);
      book(kZ, widths.z_bits, z_used, {1, r, 1});
      book(kV, widths.v_bits, z_used, none);
      book(kOutput, widths.output_bits, outputs_sent, {1, n, 1});
      break;
    }
    case Schedule::streaming: {
      const Vectors sums_kept{r - 1, n, layer.lanes_v};
      book(kU, widths.u_bits, inputs_used, none);
      book(kV, widths.v_bits, {r, n, layer.lanes_v}, none);
      if (layer.psum_storage == PsumStorage::memory) book(kPsum, kPsumBits, sums_kept, sums_kept);
      book(kOutput, widths.output_bits, outputs_sent, {1, n, layer.lanes_v});
      break;
    }
  }
  return memories;
}

}  // namespace cfc::explore
