#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include <tlm>

#include "platform/accelerator/link_gate.h"
#include "sc_model/layer/activation.h"

namespace cfc {

/// How one layer of a job gets its weights.
struct WeightPlan {
  std::uint64_t first_image{};  ///< of the job, counted since reset
  std::uint64_t images{};
  std::uint64_t period{};  ///< weights come anew for so many images; 0: they are on chip
};

/// The weight memory of a layer as a buffer that is filled from outside: one bank in use, the
/// others being filled or waiting. Holds back an image until the weights of its group have come and
/// those before them are no longer in use.
class WeightBuffer : public PassCondition, public tlm::tlm_analysis_if<OutputEvent> {
 public:
  /// Weights that have come take the place of those in use.
  std::function<void(const std::vector<std::uint8_t>&)> on_use;
  /// The layer has done with an image.
  std::function<void()> on_done;

  WeightBuffer(int outputs, int banks) : outputs_(outputs), banks_(banks) {}

  void begin(const WeightPlan& plan);

  /// Whether weights are wanted; the caller that brings them says `fetching` at once.
  bool wants_weights() const;
  void fetching() { ++fetched_or_coming_; }
  void arrived(std::vector<std::uint8_t> weights) { waiting_.push_back(std::move(weights)); }

  /// Changes banks if it is time to.
  void advance();

  std::optional<sc_core::sc_time> pass_time(std::uint64_t image,
                                            const sc_core::sc_time& offered) const override;

 private:
  void write(const OutputEvent& event) override;
  std::uint64_t groups() const { return (plan_.images + plan_.period - 1) / plan_.period; }
  bool in_use() const;

  const int outputs_;
  const int banks_;
  WeightPlan plan_;
  std::uint64_t done_{0};  ///< images of the job that the layer has done with
  std::uint64_t used_{0};  ///< groups of weights that are or were in use
  std::uint64_t fetched_or_coming_{0};
  std::deque<std::vector<std::uint8_t>> waiting_;
};

}  // namespace cfc
