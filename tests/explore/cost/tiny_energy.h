#pragma once

// Energy tables as texts, and a layer so small that its energy can be summed by hand.

#include <string>

#include <catch2/catch.hpp>

#include "explore/cost/energy.h"
#include "explore/timing/access_counts.h"
#include "explore/timing/engine_factory.h"
#include "tests/helpers/temporary_folder.h"

namespace cfc::testing {

using namespace explore;

inline const std::string kTables = CFCSIM_SOURCE_DIR "/explore/energy/";

/// Round prices, so that sums can be done by hand.
inline constexpr const char* kRound = R"(schema: cfcsim.energy/1
name: round
unit: pJ
rows:
  - {item: multiply, bits: 8, energy: 2, source: nobody}
  - {item: add, bits: 32, energy: 3, source: nobody}
  - {item: sram, capacity_bits: 1000, bits: 8, energy: 8, source: nobody}
  - {item: dram, bits: 8, energy: 800, energy_upper: 1600, source: nobody}
  - {item: link, bits: 8, energy: 16, source: nobody}
)";

inline EnergyTable table_of(const std::string& text) {
  const TemporaryFolder folder;
  write_file(folder / "table.yaml", text);
  return EnergyTable::read(folder / "table.yaml");
}

inline std::string refusal(const std::string& text) {
  return input_error([&] { table_of(text); });
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// 3 x 2, all 8 bits, one element at a time.
inline LayerConfiguration tiny(Schedule schedule) {
  LayerConfiguration layer;
  layer.schedule = schedule;
  layer.shape = {3, 2, {}};
  if (schedule != Schedule::dense) layer.shape.r = 1;
  return layer;
}

inline constexpr LayerWidths kBytes{8, 8, 8, 8, 8};

inline LayerEnergy tiny_energy(Schedule schedule, const EnergyTable& table,
                               const WeightPlace& place) {
  const LayerConfiguration layer = tiny(schedule);
  const auto accesses = accesses_by_memory(*make_engine(layer, kBytes), 1, 10);
  return layer_energy(layer, kBytes, accesses, 10, table, place);
}

}  // namespace cfc::testing
