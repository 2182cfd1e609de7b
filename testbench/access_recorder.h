#pragma once

#include <cstdint>
#include <list>
#include <vector>

#include <tlm>

#include "sc_model/hardware/memory.h"
#include "testbench/accelerator_bench.h"

namespace cfc {

/// One access of a memory of the accelerator.
struct TracedAccess {
  std::uint64_t cycle;  ///< from 0, in which the first beat is offered
  int layer;            ///< from 1
  AccessEvent event;
};

/// Listens to all memories of a bench and brings their accesses into the order of the cycles.
class AccessRecorder {
 public:
  explicit AccessRecorder(AcceleratorBench& bench);

  /// The accesses since the last call of all cycles that are complete, in the order of cycle,
  /// layer, memory (by name), read before write. To be called between two runs of the bench.
  std::vector<TracedAccess> take();

 private:
  /// Tells the layers apart.
  class LayerListener : public tlm::tlm_analysis_if<AccessEvent> {
   public:
    LayerListener(AccessRecorder& recorder, int layer) : recorder_(recorder), layer_(layer) {}
    void write(const AccessEvent& event) override;

   private:
    AccessRecorder& recorder_;
    const int layer_;
  };

  const AcceleratorBench& bench_;
  std::list<LayerListener> listeners_;
  std::vector<TracedAccess> accesses_;
};

}  // namespace cfc
