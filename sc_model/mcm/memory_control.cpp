#include "sc_model/mcm/memory_control.h"

#include <algorithm>

namespace cfc {
namespace {

/// The part of a vector of `depth` elements that tile `tile` holds; the last one may be short.
struct Extent {
  Extent(int depth, int lanes, int tile)
      : first(static_cast<std::size_t>(tile) * static_cast<std::size_t>(lanes)),
        count(std::min(static_cast<std::size_t>(lanes), static_cast<std::size_t>(depth) - first)) {}
  std::size_t first;
  std::size_t count;
};

}  // namespace

MemoryControl::MemoryControl(const sc_core::sc_module_name& name,
                             const LayerConfiguration& configuration, LayerMemories& memories)
    : Controller(name, {"write", "read"}), configuration_(configuration), memories_(memories) {}

void MemoryControl::end_of_elaboration() {
  Controller::end_of_elaboration();
  for (auto* input : {&i_valid, &i_ready, &i_done}) wake_on(input->value_changed_event());
}

void MemoryControl::advance() {
  const bool received = i_valid.read() && i_ready.read();
  const bool released = i_done.read();
  if (!received && !released) return sleep();
  if (received) store_beat(i_data.read());
  if (released) {
    --q_.complete;
    q_.read_buffer = other(q_.read_buffer);
  }
}

void MemoryControl::store_beat(const Beat& beat) {
  const int m = configuration_.shape.m;
  std::uint8_t* word =
      memories_.input.write(static_cast<std::size_t>(q_.fill_buffer * m + q_.filled),
                            static_cast<std::size_t>(beat.count), cycle_that_ends());
  std::transform(beat.elements, beat.elements + beat.count, word,
                 [](std::int32_t element) { return static_cast<std::uint8_t>(element); });
  q_.filled += beat.count;
  if (q_.filled == m) {
    q_.filled = 0;
    q_.fill_buffer = other(q_.fill_buffer);
    ++q_.complete;
  }
}

void MemoryControl::read_tile(int operation, int tile, Tile<std::uint8_t>& destination) {
  const auto depth = static_cast<std::size_t>(configuration_.shape.m);
  const Extent extent(configuration_.shape.m, configuration_.lanes_u, tile);
  auto& weights = memories_.w ? *memories_.w : *memories_.u;
  const auto buffer = static_cast<std::size_t>(q_.read_buffer);
  const auto column = static_cast<std::size_t>(operation);
  destination.nodes = memories_.input.read(buffer * depth + extent.first, extent.count);
  destination.weights = weights.read(column * depth + extent.first, extent.count);
  destination.count = static_cast<int>(extent.count);
}

void MemoryControl::read_tile(int operation, int tile, Tile<std::int32_t>& destination) {
  const int rank = *configuration_.shape.r;
  const Extent extent(rank, configuration_.lanes_v, tile);
  const auto column = static_cast<std::size_t>(operation) * static_cast<std::size_t>(rank);
  destination.nodes = memories_.z->read(extent.first, extent.count);
  destination.weights = memories_.v->read(column + extent.first, extent.count);
  destination.count = static_cast<int>(extent.count);
}

RowTile MemoryControl::read_row_tile(int operation, int tile) {
  const int n = configuration_.shape.n;
  const Extent extent(n, configuration_.lanes_v, tile);
  const auto row = static_cast<std::size_t>(operation) * static_cast<std::size_t>(n);
  return {memories_.v->read(row + extent.first, extent.count), static_cast<int>(extent.first),
          static_cast<int>(extent.count)};
}

const char* to_string(MemoryState state) { return state == MemoryState::write ? "Write" : "Read"; }

}  // namespace cfc
