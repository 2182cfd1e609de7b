#include "testbench/wave/trace.h"

#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "support/error.h"
#include "support/version.h"
#include "testbench/accelerator_bench.h"
#include "testbench/rtl/rtl_twin.h"

namespace cfc {
namespace {

constexpr double kPicoseconds = 1000;  // in a nanosecond
constexpr std::uint64_t kPatienceCycles = 50'000'000;

/// The signals of the scope `bench`, before all others.
enum BenchSignal : std::size_t { kClock, kCycle, kBenchSignals };

class Trace {
 public:
  Trace(const TraceTask& task, const std::filesystem::path& file)
      : bench_("bench", task.network, task.configuration, task.images, 0, task.images.rows()),
        watch_(bench_.accelerator(), task.window),
        window_(task.window),
        period_ps_(static_cast<std::uint64_t>(
            std::llround(task.configuration.clock_period_ns * kPicoseconds))),
        vcd_(file, fmt::format("cfcsim {}", kVersion), "1 ps") {
    result_.signals = trace_signals(bench_.accelerator(), task.network, task.filter);
  }

  void add_rtl(const golden::Network& network) {
    std::vector<std::vector<std::string>> names(bench_.accelerator().layers().size());
    for (const TraceSignal& signal : result_.signals) {
      names[signal.layer - 1].push_back(signal.probe.name);
    }
    rtl_ = std::make_unique<RtlTwin>(bench_, no_breaks_, network, names);
    rtl_values_.resize(result_.signals.size());
  }

  TraceResult run() {
    declare();
    bench_.reset();
    if (rtl_) rtl_->reset();
    auto phase = WindowWatch::Phase::before;
    std::uint64_t cycle = 0;
    for (step(); !bench_.finished(); step(), ++cycle) {
      phase = watch_.see(cycle);
      if (phase == WindowWatch::Phase::behind) break;
      if (phase == WindowWatch::Phase::inside) record(cycle);
      if (cycle == kPatienceCycles) throw std::runtime_error("the accelerator hangs");
    }
    result_.run_cycles = cycle;
    result_.ran_to_its_end = bench_.finished();
    if (result_.changes == 0) {
      throw InputError(
          fmt::format("{}: nothing to see; the run ends with cycle {}", window_.text(), cycle - 1));
    }
    vcd_.finish((result_.last_cycle + 1) * period_ps_);
    return result_;
  }

 private:
  void declare() {
    std::vector<WaveSignal> wave{{"bench.i_clk", 1}, {"bench.cycle", 32}};
    const auto add_side = [&](const std::string& side) {
      for (const TraceSignal& signal : result_.signals) {
        wave.push_back({side + signal.wave.path, signal.wave.bits});
      }
    };
    add_side("model.");
    if (rtl_) add_side("rtl.");
    vcd_.declare(wave);
  }

  void step() {
    if (rtl_) {
      rtl_->drive();
      rtl_->clock();
    }
    bench_.run(1);
  }

  void record(std::uint64_t cycle) {
    if (result_.changes == 0) result_.first_cycle = cycle;
    result_.last_cycle = cycle;
    if (rtl_) {
      rtl_->drive();
      rtl_->observe(rtl_values_);
    }
    vcd_.begin_time(cycle * period_ps_);
    vcd_.set(kClock, 1);
    vcd_.set(kCycle, static_cast<std::int32_t>(cycle));
    for (std::size_t i = 0; i < result_.signals.size(); ++i) record_signal(i);
    vcd_.begin_time(cycle * period_ps_ + period_ps_ / 2);
    vcd_.set(kClock, 0);
    result_.changes = vcd_.changes();
  }

  void record_signal(std::size_t i) {
    const Probe& probe = result_.signals[i].probe;
    const bool floats = probe.is_meaningful && !probe.is_meaningful();
    std::optional<std::int32_t> model;
    std::optional<std::int32_t> rtl;
    if (!floats) {
      model = probe.value();
      if (rtl_) rtl = static_cast<std::int32_t>(rtl_values_[i]);
    }
    vcd_.set(kBenchSignals + i, model);
    if (rtl_) vcd_.set(kBenchSignals + result_.signals.size() + i, rtl);
  }

  AcceleratorBench bench_;
  WindowWatch watch_;
  const TraceWindow window_;
  const std::uint64_t period_ps_;
  VcdFile vcd_;
  LinkBreaks no_breaks_;
  std::unique_ptr<RtlTwin> rtl_;
  std::vector<std::uint32_t> rtl_values_;
  TraceResult result_;
};

}  // namespace

TraceResult trace_model(const TraceTask& task, const std::filesystem::path& vcd) {
  return Trace(task, vcd).run();
}

TraceResult trace_model_and_rtl(const TraceTask& task, const std::filesystem::path& vcd) {
  Trace trace(task, vcd);
  trace.add_rtl(task.network);
  return trace.run();
}

}  // namespace cfc
