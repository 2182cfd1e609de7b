#include "testbench/lockstep/lockstep.h"

#include <chrono>
#include <random>

#include <fmt/format.h>

#include "testbench/accelerator_bench.h"
#include "testbench/link_break.h"
#include "testbench/rtl/rtl_twin.h"

namespace cfc {
namespace {

using Slots = std::vector<std::uint32_t>;
using Clock = std::chrono::steady_clock;

/// Gives up on a machine that stands still: no configuration needs as long for an image.
constexpr std::uint64_t kPatienceCycles = 50'000'000;

/// The SystemC accelerator and the RTL under one stimulus.
class Lockstep {
 public:
  explicit Lockstep(const LockstepTask& task)
      : task_(task),
        bench_("bench", task.network, task.configuration, task.images, 0, task.images.rows(),
               &breaks_) {
    std::vector<std::vector<std::string>> names;
    for (const auto& layer : bench_.accelerator().layers()) {
      names.emplace_back();
      for (Probe& probe : layer->probes()) {
        names.back().push_back(probe.name);
        probes_.push_back({static_cast<int>(names.size()), std::move(probe)});
      }
    }
    rtl_ = std::make_unique<RtlTwin>(bench_, breaks_, task.network, names);
    rtl_values_.resize(probes_.size());
    if (task.waveform) task.waveform->declare(signal_names());
    if (task.stall_seed) generator_.seed(*task.stall_seed);
  }

  LockstepResult run() {
    rtl_->reset();
    bench_.reset();
    for (; !stopped() && !result_.difference; ++steps_) step();
    result_.images = bench_.images();
    result_.cycles = bench_.cycles();
    result_.rtl_seconds = std::chrono::duration<double>(rtl_time_).count();
    if (result_.difference && task_.waveform) show_what_follows();
    return result_;
  }

 private:
  struct LayerProbe {
    int layer;
    Probe probe;
  };

  bool stopped() const { return bench_.finished() || steps_ >= kPatienceCycles; }

  /// One clock cycle of both sides.
  void step() {
    break_links();
    settle();
    drive_rtl();
    compare();
    clock_rtl();
    bench_.run(1);
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

  static void settle() {
    while (sc_core::sc_pending_activity_at_current_time()) {
      sc_core::sc_start(sc_core::SC_ZERO_TIME);  // one delta cycle
    }
  }

  void drive_rtl() {
    const auto began = Clock::now();
    rtl_->drive();
    rtl_time_ += Clock::now() - began;
  }

  void clock_rtl() {
    const auto began = Clock::now();
    rtl_->clock();
    rtl_time_ += Clock::now() - began;
  }

  void compare() {
    rtl_->observe(rtl_values_);
    std::vector<std::int32_t> model_values(probes_.size());
    for (std::size_t i = 0; i < probes_.size(); ++i) {
      const Probe& probe = probes_[i].probe;
      const auto rtl = static_cast<std::int32_t>(rtl_values_[i]);
      model_values[i] = rtl;
      if (probe.is_meaningful && !probe.is_meaningful()) continue;
      ++result_.values_compared;
      model_values[i] = probe.value();
      if (model_values[i] != rtl && !result_.difference) {
        result_.difference = {cycle(), probes_[i].layer, probe.name, model_values[i], rtl};
      }
    }
    if (task_.waveform && steps_ > 0) task_.waveform->record(cycle(), model_values, rtl_values_);
  }

  /// From 0, in which the first beat is offered: the first step is a cycle of reset before that.
  std::uint64_t cycle() const { return steps_ == 0 ? 0 : steps_ - 1; }

  std::vector<std::string> signal_names() const {
    std::vector<std::string> names;
    for (const auto& [layer, probe] : probes_) {
      names.push_back(fmt::format("layer_{}.{}", layer, probe.name));
    }
    return names;
  }

  const LockstepTask& task_;
  LinkBreaks breaks_;
  AcceleratorBench bench_;
  std::vector<LayerProbe> probes_;
  std::unique_ptr<RtlTwin> rtl_;
  Slots rtl_values_;
  std::mt19937_64 generator_;
  Clock::duration rtl_time_{};
  std::uint64_t steps_{0};
  LockstepResult result_;
};

}  // namespace

LockstepResult run_lockstep(const LockstepTask& task) { return Lockstep(task).run(); }

}  // namespace cfc
