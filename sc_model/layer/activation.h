#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <systemc>
#include <tlm>

#include "golden/network.h"
#include "sc_model/hardware/operands.h"
#include "sc_model/layer/output_memory.h"

namespace cfc {

/// Outputs `first` to `first + count - 1` of an image when they reach the output memory.
struct OutputEvent {
  int first;
  const std::int32_t* outputs;
  int count;
};

/// Bias and, but after a layer that gives its sums, requantisation to u8 on the way from the engine
/// to the output memory. RTL twin: rtl_ref/layer/activation.v
class Activation : public sc_core::sc_module, public ResultSink, public SumSink {
 public:
  tlm::tlm_analysis_port<OutputEvent> made{"made"};

  Activation(const sc_core::sc_module_name& name, const golden::Layer& layer, OutputMemory& output);

  /// Takes bias and requantisation from a layer of the same shape.
  void load(const golden::Layer& layer) {
    bias_ = layer.bias;
    requantisation_ = layer.requantisation;
  }

  void take(int k, std::int32_t sum) override { take(k, &sum, 1); }
  void take(int first, const std::int32_t* sums, int count) override;

 private:
  std::int32_t activated(int output, std::int32_t sum) const;

  golden::VectorS32 bias_;
  std::optional<golden::Requantisation> requantisation_;
  OutputMemory& output_;
  std::vector<std::int32_t> word_;  ///< what is being written
};

}  // namespace cfc
