// L-SCM by itself: a test that plays the links and the engine, with random stalls and resets.

#include "sc_model/layer/layer_state_control.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/helpers/clocked_bench.h"
#include "tests/helpers/isolated.h"
#include "tests/helpers/random_networks.h"
#include "tests/sc_model/twin.h"

namespace cfc::testing {
namespace {

struct Case {
  LinkPlan plan;
  OutputBeats beats;

  static Case random(Generator& generator) {
    Case drawn;
    const bool one_by_one = uniform(generator, 0, 1) == 0;
    drawn.beats.elements = uniform(generator, 1, 7);
    drawn.beats.beat_width = one_by_one ? 1 : uniform(generator, 1, 4);
    drawn.plan = {uniform(generator, 1, 4),
                  (drawn.beats.elements + drawn.beats.beat_width - 1) / drawn.beats.beat_width,
                  uniform(generator, 1, 2),
                  one_by_one ? ResultOrder::one_by_one : ResultOrder::all_at_once};
    return drawn;
  }
};

class Bench : public ClockedBench {
 public:
  Bench(const Case& drawn, std::uint64_t seed)
      : ClockedBench("bench"),
        case_(drawn),
        generator_(seed),
        l_scm_("l_scm", drawn.plan, drawn.beats, output_),
        twin_(l_scm_) {
    clock(l_scm_);
    l_scm_.i_valid(i_valid_);
    l_scm_.o_ready(o_ready_);
    l_scm_.o_start(o_start_);
    l_scm_.i_result(i_result_);
    l_scm_.i_done(i_done_);
    l_scm_.o_valid(o_valid_);
    l_scm_.i_ready(i_ready_);
    l_scm_.o_data(o_data_);
  }

  std::string run(int cycles) {
    for (int cycle = 0; cycle < cycles; ++cycle) {
      if (cycle == 0 || uniform(generator_, 0, 299) == 0) {
        drop_images();
      } else {
        step();
      }
      compare();
      play();
    }
    findings_.expect(output_.reads().words == beats_offered_, "a beat is not read once");
    findings_.expect(l_scm_.images() == images_, "images");
    findings_.expect(l_scm_.run_time() == run_cycles_ * period(), "the time in Run");
    findings_.expect(images_ > 10, "hardly an image");
    return findings_.fault;
  }

 private:
  void drop_images() {
    reset();
    twin_.reset();
    results_ = 0;
    is_offered_ = false;
  }

  void step() {
    const bool was_sent = is_offered_ && in_.ready;
    const bool was_in_run = twin_.registers().state == LayerState::run;
    cycle();
    twin_.step(in_);
    if (was_sent) is_offered_ = false;
    if (in_.done) {
      ++images_;
      run_cycles_ += cycles_in_run_;
    }
    const bool in_run = twin_.registers().state == LayerState::run;
    cycles_in_run_ = in_run ? (was_in_run ? cycles_in_run_ + 1 : 1) : 0;
  }

  /// The links and the engine in this cycle.
  void play() {
    const bool ends = uniform(generator_, 0, 3) == 0;
    in_ = {uniform(generator_, 0, 1) == 0, false, false, uniform(generator_, 0, 2) == 0};
    if (twin_.registers().state == LayerState::run && ends) {
      if (case_.plan.results == ResultOrder::one_by_one) {
        make(results_, 1);
        in_.result = true;
        in_.done = ++results_ == case_.beats.elements;
      } else {
        make(0, case_.beats.elements);
        in_.done = true;
      }
      if (in_.done) {
        results_ = 0;
        ++image_;
      }
    }
    i_valid_ = in_.valid;
    i_result_ = in_.result;
    i_done_ = in_.done;
    i_ready_ = in_.ready;
  }

  void make(int first, int count) {
    std::vector<std::int32_t> values;
    for (int i = 0; i < count; ++i) values.push_back(value(image_, first + i));
    output_.write(static_cast<std::size_t>(first), static_cast<std::size_t>(count), values.data());
  }
  static std::int32_t value(int image, int output) { return 100 * image + output; }

  void compare() {
    twin_.compare(findings_);
    const auto out = twin_.outputs();
    findings_.expect(o_ready_ == out.ready, "o_ready");
    findings_.expect(o_start_ == out.start, "o_start");
    findings_.expect(o_valid_ == out.valid, "o_valid");
    if (!out.valid) return;
    if (!is_offered_) ++beats_offered_;
    is_offered_ = true;
    const int first = twin_.registers().sent * case_.beats.beat_width;
    const Beat beat = o_data_.read();
    findings_.expect(beat.count == std::min(case_.beats.beat_width, case_.beats.elements - first),
                     "elements of a beat");
    const int image = twin_.registers().state == LayerState::send ? image_ - 1 : image_;
    for (int i = 0; i < beat.count; ++i) {
      findings_.expect(beat[i] == value(image, first + i), "o_data");
    }
  }

  const Case case_;
  Generator generator_;
  PeakMeter peak_;
  OutputMemory output_{"output", 8, OutputMemory::kLogitBits, peak_};
  LayerStateControl l_scm_;
  Twin<LayerStateControl> twin_;
  LayerMachine::Inputs in_;
  int image_{0};    ///< in computation
  int results_{0};  ///< of it that are made
  bool is_offered_{false};
  std::uint64_t beats_offered_{0};
  std::uint64_t images_{0};
  int cycles_in_run_{0};
  int run_cycles_{0};
  Findings findings_;
  sc_core::sc_signal<bool> i_valid_{"i_valid"};
  sc_core::sc_signal<bool> o_ready_{"o_ready"};
  sc_core::sc_signal<bool> o_start_{"o_start"};
  sc_core::sc_signal<bool> i_result_{"i_result"};
  sc_core::sc_signal<bool> i_done_{"i_done"};
  sc_core::sc_signal<bool> o_valid_{"o_valid"};
  sc_core::sc_signal<bool> i_ready_{"i_ready"};
  sc_core::sc_signal<Beat> o_data_{"o_data"};
};

TEST(LayerStateControl, OffersEachBeatOnceUnderRandomStallsAndResets) {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 40; ++seed) {
    Generator generator(seed);
    const Case drawn = Case::random(generator);
    EXPECT_EQ(isolated([&] { return Bench(drawn, seed).run(2000); }), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace cfc::testing
