#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tlm>

#include "golden/inference.h"
#include "sc_model/accelerator.h"
#include "testbench/logits_sink.h"

namespace cfc {

/// Elements that differ between the SystemC model and the golden model.
struct Mismatches {
  std::uint64_t z{};
  std::uint64_t activations{};
  std::uint64_t logits{};
  std::uint64_t classes{};

  std::uint64_t total() const { return z + activations + logits + classes; }
  Mismatches& operator+=(const Mismatches& other);
};

/// What a stream of images came to, against the golden model.
struct Verdict {
  std::uint64_t images{};
  std::uint64_t labelled{};  ///< images of which the class is known
  std::uint64_t correct{};   ///< images classified as labelled
  Mismatches mismatches;
  std::vector<std::string> examples;  ///< the first few mismatches, with image, layer and values

  Verdict& operator+=(const Verdict& other);

  /// The share of those labelled that is classified so; nothing where none is.
  std::optional<double> accuracy() const {
    if (labelled == 0) return {};
    return static_cast<double>(correct) / static_cast<double>(labelled);
  }
};

/// Compares everything that the accelerator makes with the golden model's results, as it is made.
class Scoreboard : public tlm::tlm_analysis_if<LogitsEvent> {
 public:
  /// `expected` and `labels`, unless that is empty, hold a row an image of the stream, whose first
  /// image is number `first_image` in messages. Images before row `begin` and from row `end` on are
  /// not judged.
  Scoreboard(const golden::Network& network, const golden::InferenceResult& expected,
             const std::vector<golden::Label>& labels, golden::Index first_image,
             golden::Index begin, golden::Index end);
  ~Scoreboard() override;

  /// Listens to the layers and the logits of an accelerator.
  void attach(Accelerator& accelerator, LogitsSink& sink);

  const Verdict& verdict() const { return verdict_; }

 private:
  class LayerListener;

  void write(const LogitsEvent& event) override;
  bool judges(golden::Index row) const { return row >= begin_ && row < end_; }
  void compare(std::uint64_t& counter, golden::Index row, const std::string& what,
               const std::int32_t* expected, const std::int32_t* actual, golden::Index first,
               golden::Index count);

  const golden::Network& network_;
  const golden::InferenceResult& expected_;
  const std::vector<golden::Label>& labels_;
  const golden::Index first_image_;
  const golden::Index begin_;
  const golden::Index end_;
  std::vector<std::unique_ptr<LayerListener>> listeners_;
  Verdict verdict_;
};

}  // namespace cfc
