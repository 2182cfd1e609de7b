#include "configuration/statistics.h"

#include <algorithm>
#include <cassert>

namespace cfc {
namespace {

struct Add {
  template <typename T>
  void operator()(T& to, const T& by) const {
    to += by;
  }
};
struct Subtract {
  template <typename T>
  void operator()(T& to, const T& by) const {
    to -= by;
  }
};

template <typename Change>
void change(LayerStatistics& layer, const LayerStatistics& by, Change apply) {
  apply(layer.images, by.images);
  apply(layer.run_cycles, by.run_cycles);
  layer.peak_bits_per_cycle = std::max(layer.peak_bits_per_cycle, by.peak_bits_per_cycle);
  for (const auto& [name, memory] : by.memories) {
    MemoryStatistics& mine = layer.memories[name];
    apply(mine.reads, memory.reads);
    apply(mine.writes, memory.writes);
    mine.peak_bits_per_cycle = std::max(mine.peak_bits_per_cycle, memory.peak_bits_per_cycle);
  }
  for (const auto& [name, ledger] : by.controllers) {
    Ledger& mine = layer.controllers[name];
    for (const auto& [entry, cycles] : ledger) {
      apply(mine[entry], cycles);
      if (mine[entry] == 0) mine.erase(entry);
    }
  }
}

template <typename Change>
RunStatistics& change(RunStatistics& run, const RunStatistics& by, Change apply) {
  apply(run.images, by.images);
  apply(run.cycles, by.cycles);
  run.layers.resize(std::max(run.layers.size(), by.layers.size()));
  for (std::size_t i = 0; i < by.layers.size(); ++i) change(run.layers[i], by.layers[i], apply);
  return run;
}

}  // namespace

RunStatistics& operator+=(RunStatistics& sum, const RunStatistics& part) {
  return change(sum, part, Add{});
}

RunStatistics& operator-=(RunStatistics& whole, const RunStatistics& part) {
  return change(whole, part, Subtract{});
}

bool operator==(const MemoryStatistics& a, const MemoryStatistics& b) {
  return a.reads == b.reads && a.writes == b.writes &&
         a.peak_bits_per_cycle == b.peak_bits_per_cycle;
}

bool operator==(const LayerStatistics& a, const LayerStatistics& b) {
  return a.images == b.images && a.run_cycles == b.run_cycles &&
         a.peak_bits_per_cycle == b.peak_bits_per_cycle && a.memories == b.memories &&
         a.controllers == b.controllers;
}

bool operator==(const RunStatistics& a, const RunStatistics& b) {
  return a.images == b.images && a.cycles == b.cycles && a.layers == b.layers;
}

}  // namespace cfc
