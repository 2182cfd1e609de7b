#pragma once

#include <cstdint>

#include <systemc>
#include <tlm>

#include "golden/fixed_point.h"
#include "golden/network.h"
#include "sc_model/hardware/operands.h"

namespace cfc {

/// z_k when it is made, for whoever listens to a layer (scoreboards, monitors).
struct ZEvent {
  int k;
  std::int32_t z;
};

/// Brings each dot product U[:,k] . x to the width of z and passes it on.
class ZQuantiser : public sc_core::sc_module, public ResultSink {
 public:
  sc_core::sc_port<ResultSink> destination{"destination"};
  tlm::tlm_analysis_port<ZEvent> made{"made"};

  ZQuantiser(const sc_core::sc_module_name& name, const golden::FactorisedWeights& weights)
      : sc_module(name), z_shift_(weights.z_shift), z_bits_(weights.z_bits) {}

  /// Takes z's shift and width from other weights of the same shape.
  void load(const golden::FactorisedWeights& weights) {
    z_shift_ = weights.z_shift;
    z_bits_ = weights.z_bits;
  }

  void take(int operation, std::int32_t sum) override {
    const std::int32_t z = golden::requantise_z(sum, z_shift_, z_bits_);
    made.write({operation, z});
    destination->take(operation, z);
  }

 private:
  int z_shift_;
  int z_bits_;
};

}  // namespace cfc
