#pragma once

#include <cstdint>
#include <vector>

#include <tlm>

#include "sc_model/hardware/clocked_module.h"
#include "sc_model/hardware/link.h"

namespace cfc {

/// The logits of one image, complete.
struct LogitsEvent {
  std::uint64_t image;  ///< counted from 0
  const std::vector<std::int32_t>& logits;
};

/// Takes a beat of logits in every cycle.
class LogitsSink : public ClockedModule {
 public:
  sc_core::sc_in<bool> i_valid{"i_valid"};
  sc_core::sc_out<bool> o_ready{"o_ready"};
  sc_core::sc_in<Beat> i_data{"i_data"};
  tlm::tlm_analysis_port<LogitsEvent> received{"received"};

  LogitsSink(const sc_core::sc_module_name& name, int classes);

  /// Images taken since the last reset.
  std::uint64_t images() const { return images_; }

 private:
  void reset() override;
  void on_clock() override;

  const std::size_t classes_;
  std::vector<std::int32_t> logits_;
  std::uint64_t images_{0};
};

}  // namespace cfc
