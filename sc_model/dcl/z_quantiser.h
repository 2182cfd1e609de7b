#pragma once

#include <cstdint>

#include <systemc>
#include <tlm>

#include "golden/network.h"
#include "sc_model/hardware/operands.h"
#include "sc_model/hardware/requantise.h"

namespace cfc {

/// z_k when it is made, for listeners to a layer (scoreboards, monitors).
struct ZEvent {
  int k;
  std::int32_t z;
};

/// Brings each dot product U[:,k] . x to the width of z and passes it on.
/// RTL twin: the requantise of an engine
class ZQuantiser : public sc_core::sc_module, public ResultSink {
 public:
  sc_core::sc_port<ResultSink> destination{"destination"};
  tlm::tlm_analysis_port<ZEvent> made{"made"};

  ZQuantiser(const sc_core::sc_module_name& name, const golden::FactorisedWeights& weights)
      : sc_module(name) {
    load(weights);
  }

  /// Takes z's shift and width from weights.
  void load(const golden::FactorisedWeights& weights) {
    shift_ = weights.z_shift;
    limit_ = (1 << (weights.z_bits - 1)) - 1;
  }

  void take(int k, std::int32_t sum) override {
    const std::int32_t z = requantise(sum, shift_, -limit_ - 1, limit_);
    made.write({k, z});
    destination->take(k, z);
  }

 private:
  int shift_{0};
  std::int32_t limit_{0};  ///< largest z
};

}  // namespace cfc
