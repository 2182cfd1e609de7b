// MCM by itself: beats at random times, with resets in mid-image; the engine must always find the
// oldest complete image.

#include "sc_model/mcm/memory_control.h"

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/helpers/clocked_bench.h"
#include "tests/helpers/isolated.h"
#include "tests/helpers/random_networks.h"
#include "tests/sc_model/twin.h"

namespace cfc::testing {
namespace {

class Bench : public ClockedBench, public tlm::tlm_analysis_if<AccessEvent> {
 public:
  Bench(const InputBuffers& built, std::uint64_t seed)
      : ClockedBench("bench"),
        built_(built),
        generator_(seed),
        input_("input", static_cast<std::size_t>(built.elements * built.buffers), 8, peak_),
        mcm_("mcm", built, input_),
        twin_(mcm_) {
    clock(mcm_);
    mcm_.i_valid(i_valid_);
    mcm_.i_ready(i_ready_);
    mcm_.i_data(i_data_);
    mcm_.i_done(i_done_);
    input_.on_access(*this);
  }

  std::string run(int cycles) {
    for (int cycle = 0; cycle < cycles; ++cycle) {
      if (cycle == 0 || uniform(generator_, 0, 299) == 0) {
        drop_images();
      } else {
        step();
      }
      twin_.compare(findings_);
      findings_.expect(twin_.registers().complete == static_cast<int>(complete_.size()),
                       "complete images");
      if (!complete_.empty()) look_at_image();
      play();
    }
    findings_.expect(input_.writes().words == beats_, "a beat is not written once");
    findings_.expect(images_ > 10, "hardly an image");
    return findings_.fault;
  }

 private:
  void write(const AccessEvent& event) override {
    if (event.kind == AccessKind::write) written_at_ = event.time;
  }

  void drop_images() {
    reset();
    twin_.reset();
    complete_.clear();
    loading_.clear();
  }

  void step() {
    const std::uint64_t began = edge().value();
    cycle();
    twin_.step(in_);
    if (in_.done) complete_.pop_front();
    if (!in_.load) return;
    ++beats_;
    findings_.expect(written_at_ == began, "a beat is booked to another cycle");
    loading_.insert(loading_.end(), beat_.begin(), beat_.end());
    if (static_cast<int>(loading_.size()) < built_.elements) return;
    complete_.push_back(loading_);
    loading_.clear();
    ++images_;
  }

  void look_at_image() {
    const auto elements = static_cast<std::size_t>(built_.elements);
    const std::uint8_t* nodes = mcm_.read_nodes(0, elements);
    findings_.expect(std::equal(nodes, nodes + elements, complete_.front().begin()),
                     "another image than the oldest");
    findings_.expect(*mcm_.read_nodes(elements - 1, 1) == complete_.front().back(),
                     "the last node");
  }

  /// The link, L-SCM and the engine in this cycle.
  void play() {
    const int left = built_.elements - static_cast<int>(loading_.size());
    beat_.resize(static_cast<std::size_t>(std::min(left, built_.beat_width)));
    for (std::uint8_t& node : beat_) node = static_cast<std::uint8_t>(uniform(generator_, 0, 255));
    i_data_ = Beat(beat_.data(), static_cast<int>(beat_.size()));
    const bool valid = uniform(generator_, 0, 2) != 0;
    const bool ready = twin_.registers().complete < built_.buffers;
    in_ = {valid && ready, !complete_.empty() && uniform(generator_, 0, 3) == 0};
    i_valid_ = valid;
    i_ready_ = ready;
    i_done_ = in_.done;
  }

  const InputBuffers built_;
  Generator generator_;
  PeakMeter peak_;
  Memory<std::uint8_t> input_;
  MemoryControl mcm_;
  Twin<MemoryControl> twin_;
  McmMachine::Inputs in_;
  std::vector<std::uint8_t> beat_;     ///< on the link
  std::vector<std::uint8_t> loading_;  ///< what has come of an image
  std::deque<std::vector<std::uint8_t>> complete_;
  std::uint64_t beats_{0};
  std::uint64_t written_at_{0};
  int images_{0};
  Findings findings_;
  sc_core::sc_signal<bool> i_valid_{"i_valid"};
  sc_core::sc_signal<bool> i_ready_{"i_ready"};
  sc_core::sc_signal<Beat> i_data_{"i_data"};
  sc_core::sc_signal<bool> i_done_{"i_done"};
};

TEST(MemoryControl, FeedsTheOldestCompleteImageUnderRandomStallsAndResets) {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 40; ++seed) {
    Generator generator(seed);
    const InputBuffers built{uniform(generator, 1, 9), uniform(generator, 1, 10),
                             uniform(generator, 1, 2)};
    EXPECT_EQ(isolated([&] { return Bench(built, seed).run(2000); }), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace cfc::testing
