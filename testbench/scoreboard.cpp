#include "testbench/scoreboard.h"

#include <fmt/format.h>

namespace cfc {
namespace {

constexpr std::size_t kMaxExamples = 10;

}  // namespace

Mismatches& Mismatches::operator+=(const Mismatches& other) {
  z += other.z;
  activations += other.activations;
  logits += other.logits;
  classes += other.classes;
  return *this;
}

Verdict& Verdict::operator+=(const Verdict& other) {
  images += other.images;
  labelled += other.labelled;
  correct += other.correct;
  mismatches += other.mismatches;
  examples.insert(examples.end(), other.examples.begin(), other.examples.end());
  if (examples.size() > kMaxExamples) examples.resize(kMaxExamples);
  return *this;
}

/// Follows one layer's stream of z and outputs from image to image.
class Scoreboard::LayerListener : public tlm::tlm_analysis_if<ZEvent>,
                                  public tlm::tlm_analysis_if<OutputEvent> {
 public:
  LayerListener(Scoreboard& board, std::size_t layer)
      : board_(board),
        name_(board.network_.layers[layer].name),
        expected_(board.expected_.layers[layer]) {}

  void write(const ZEvent& event) override {
    board_.compare(board_.verdict_.mismatches.z, z_row_, name_ + " z", row(*expected_.z, z_row_),
                   &event.z, event.k, 1);
    if (event.k + 1 == expected_.z->cols()) ++z_row_;
  }

  void write(const OutputEvent& event) override {
    board_.compare(board_.verdict_.mismatches.activations, output_row_, name_ + " activation",
                   row(expected_.output, output_row_), event.outputs, event.first, event.count);
    if (event.first + event.count == expected_.output.cols()) ++output_row_;
  }

 private:
  static const std::int32_t* row(const golden::MatrixS32& matrix, golden::Index index) {
    return matrix.data() + index * matrix.cols();
  }

  Scoreboard& board_;
  const std::string name_;
  const golden::LayerResult& expected_;
  golden::Index z_row_{0};
  golden::Index output_row_{0};
};

Scoreboard::Scoreboard(const golden::Network& network, const golden::InferenceResult& expected,
                       const std::vector<golden::Label>& labels, golden::Index first_image,
                       golden::Index begin, golden::Index end)
    : network_(network),
      expected_(expected),
      labels_(labels),
      first_image_(first_image),
      begin_(begin),
      end_(end) {}

Scoreboard::~Scoreboard() = default;

void Scoreboard::attach(Accelerator& accelerator, LogitsSink& sink) {
  const auto& layers = accelerator.layers();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    listeners_.push_back(std::make_unique<LayerListener>(*this, i));
    layers[i]->on_z(*listeners_.back());
    // What the last layer makes is judged where it arrives, at the sink.
    if (i + 1 < layers.size()) layers[i]->on_output(*listeners_.back());
  }
  sink.received(*this);
}

void Scoreboard::write(const LogitsEvent& event) {
  const auto row = static_cast<golden::Index>(event.image);
  if (!judges(row)) return;
  const golden::MatrixS32& logits = expected_.logits();
  compare(verdict_.mismatches.logits, row, network_.layers.back().name + " logit",
          logits.data() + row * logits.cols(), event.logits.data(), 0, logits.cols());
  const std::int32_t actual = golden::argmax(event.logits.data(), logits.cols());
  const std::int32_t expected = expected_.classes[static_cast<std::size_t>(row)];
  compare(verdict_.mismatches.classes, row, "class", &expected, &actual, 0, 1);
  ++verdict_.images;
  if (labels_.empty()) return;
  ++verdict_.labelled;
  verdict_.correct += actual == labels_[static_cast<std::size_t>(row)] ? 1 : 0;
}

void Scoreboard::compare(std::uint64_t& counter, golden::Index row, const std::string& what,
                         const std::int32_t* expected, const std::int32_t* actual,
                         golden::Index first, golden::Index count) {
  if (!judges(row)) return;
  for (golden::Index i = 0; i < count; ++i) {
    if (expected[first + i] == actual[i]) continue;
    ++counter;
    if (verdict_.examples.size() < kMaxExamples) {
      verdict_.examples.push_back(fmt::format("image {}, {}[{}]: golden {}, SystemC {}",
                                              first_image_ + row, what, first + i,
                                              expected[first + i], actual[i]));
    }
  }
}

}  // namespace cfc
