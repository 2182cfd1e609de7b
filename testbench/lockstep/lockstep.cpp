#include "testbench/lockstep/lockstep.h"

#include <chrono>
#include <random>

#include <fmt/format.h>

#include "support/interrupt.h"
#include "testbench/accelerator_bench.h"
#include "testbench/link_break.h"
#include "testbench/model_stepper.h"
#include "testbench/rtl/rtl_stepper.h"

namespace cfc {
namespace {

using Clock = std::chrono::steady_clock;

/// Gives up on a machine that stands still: no configuration needs as long for an image.
constexpr std::uint64_t kPatienceCycles = 50'000'000;

/// All that is compared of every layer.
std::vector<LayerSignal> compared_signals(const Accelerator& accelerator) {
  std::vector<LayerSignal> all;
  for (std::size_t i = 0; i < accelerator.layers().size(); ++i) {
    for (Signal& signal : accelerator.layers()[i]->signals()) all.push_back({i + 1, signal});
  }
  return all;
}

/// The SystemC accelerator and the RTL under one stimulus.
class Lockstep {
 public:
  explicit Lockstep(const LockstepTask& task)
      : task_(task),
        bench_("bench", task.network, task.configuration, task.images, 0, task.images.rows(),
               &breaks_),
        signals_(compared_signals(bench_.accelerator())),
        model_(bench_, signals_),
        rtl_(bench_, breaks_, task.network, signals_),
        model_values_(signals_.size()),
        rtl_values_(signals_.size()) {
    if (task.waveform) task.waveform->declare(signal_names());
    if (task.stall_seed) generator_.seed(*task.stall_seed);
  }

  LockstepResult run() {
    rtl_.reset();
    model_.reset();
    for (; !stopped() && !result_.difference; ++steps_) step();
    result_.images = bench_.images();
    result_.cycles = bench_.cycles();
    result_.rtl_seconds = std::chrono::duration<double>(rtl_time_).count();
    if (result_.difference && task_.waveform) show_what_follows();
    return result_;
  }

 private:
  bool stopped() const { return bench_.finished() || steps_ >= kPatienceCycles; }

  /// One clock cycle of both sides.
  void step() {
    throw_if_interrupted("the runs were not compared to their end");
    break_links();
    model_.settle();
    timed([this] { rtl_.settle(); });
    compare();
    timed([this] { rtl_.clock(); });
    model_.clock();
  }

  /// What a difference leads to is as telling as what led to it.
  void show_what_follows() {
    constexpr std::uint64_t kCycles = 10;
    for (const std::uint64_t end = steps_ + kCycles; !stopped() && steps_ < end; ++steps_) step();
  }

  /// In the middle between two edges: each link is broken off or joined again now and then.
  void break_links() {
    constexpr std::uint64_t kMeanCycles = 6;
    if (!task_.stall_seed) return;
    for (std::size_t link = 0; link < breaks_.size(); ++link) {
      if (generator_() % kMeanCycles == 0) breaks_[link].set(!breaks_[link].is_broken());
    }
  }

  template <typename Work>
  void timed(const Work& work) {
    const auto began = Clock::now();
    work();
    rtl_time_ += Clock::now() - began;
  }

  void compare() {
    rtl_.observe(rtl_values_);
    model_values_ = rtl_values_;  // where the model has no meaningful value
    model_.observe(model_values_);
    for (std::size_t i = 0; i < signals_.size(); ++i) {
      if (model_.is_meaningful(i)) ++result_.values_compared;
      if (model_values_[i] == rtl_values_[i] || result_.difference) continue;
      result_.difference = {cycle(), static_cast<int>(signals_[i].layer), signals_[i].signal.name(),
                            model_values_[i], rtl_values_[i]};
    }
    if (task_.waveform && steps_ > 0) task_.waveform->record(cycle(), model_values_, rtl_values_);
  }

  /// From 0, in which the first beat is offered: the first step is a cycle of reset before that.
  std::uint64_t cycle() const { return steps_ == 0 ? 0 : steps_ - 1; }

  std::vector<std::string> signal_names() const {
    std::vector<std::string> names;
    for (const auto& [layer, signal] : signals_) {
      names.push_back(fmt::format("layer_{}.{}", layer, signal.name()));
    }
    return names;
  }

  const LockstepTask& task_;
  LinkBreaks breaks_;
  AcceleratorBench bench_;
  const std::vector<LayerSignal> signals_;
  ModelStepper model_;
  RtlStepper rtl_;
  std::vector<std::int32_t> model_values_;
  std::vector<std::int32_t> rtl_values_;
  std::mt19937_64 generator_;
  Clock::duration rtl_time_{};
  std::uint64_t steps_{0};
  LockstepResult result_;
};

}  // namespace

LockstepResult run_lockstep(const LockstepTask& task) { return Lockstep(task).run(); }

}  // namespace cfc
