#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sc_model/hardware/clocked_module.h"
#include "sc_model/hardware/link.h"

namespace cfc {

/// Takes beats of results from a link and hands over every image's results when they are complete.
/// Ready while fewer than `places` of them are held.
class ResultCollector : public ClockedModule {
 public:
  sc_core::sc_in<bool> i_valid{"i_valid"};
  sc_core::sc_out<bool> o_ready{"o_ready"};
  sc_core::sc_in<Beat> i_data{"i_data"};

  /// The results of one image; they are held until `release`.
  std::function<void(std::vector<std::int32_t>)> on_result;

  ResultCollector(const sc_core::sc_module_name& name, int results, int places);

  /// One image's results have gone on; call between rising edges.
  void release();

 private:
  void reset() override;
  void on_clock() override;
  void end_of_elaboration() override;
  void take(const Beat& beat);

  const std::size_t results_per_image_;
  const int places_;
  std::vector<std::int32_t> results_;
  int held_{0};
  bool ready_{true};
  sc_core::sc_event released_;
};

}  // namespace cfc
