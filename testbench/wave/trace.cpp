#include "testbench/wave/trace.h"

#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "support/error.h"
#include "support/interrupt.h"
#include "support/version.h"
#include "testbench/accelerator_bench.h"
#include "testbench/rtl/rtl_stepper.h"
#include "testbench/wave/vcd_file.h"

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
    result_.signals = trace_signals(bench_.accelerator(), task.filter);
    auto model = std::make_unique<ModelStepper>(bench_, result_.signals);
    model_ = model.get();
    add_side("model", std::move(model));
  }

  void add_rtl(const golden::Network& network) {
    add_side("rtl", std::make_unique<RtlStepper>(bench_, no_breaks_, network, result_.signals));
  }

  TraceResult run() {
    declare();
    for (const Side& side : sides_) side.stepper->reset();
    std::uint64_t cycle = 0;
    for (step(); !bench_.finished(); step(), ++cycle) {
      const auto phase = watch_.see(cycle);
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
  /// What is traced under the same stimulus, with a scope of its own.
  struct Side {
    std::string scope;
    std::unique_ptr<Stepper> stepper;
    std::vector<std::int32_t> values;
  };

  void add_side(const std::string& scope, std::unique_ptr<Stepper> stepper) {
    sides_.push_back(
        {scope, std::move(stepper), std::vector<std::int32_t>(result_.signals.size())});
  }

  void declare() {
    std::vector<WaveSignal> wave{{"bench.i_clk", 1}, {"bench.cycle", 32}};
    for (const Side& side : sides_) {
      for (const LayerSignal& signal : result_.signals) {
        wave.push_back({side.scope + '.' + wave_path(signal), signal.signal.bits});
      }
    }
    vcd_.declare(wave);
  }

  /// On to the next cycle, and to its rest.
  void step() {
    throw_if_interrupted("no waveform was written");
    for (const Side& side : sides_) side.stepper->settle();
    // The RTL's inputs stand; the model, on whose links they are, goes on last.
    for (auto side = sides_.rbegin(); side != sides_.rend(); ++side) side->stepper->clock();
    for (const Side& side : sides_) side.stepper->settle();
  }

  void record(std::uint64_t cycle) {
    if (result_.changes == 0) result_.first_cycle = cycle;
    result_.last_cycle = cycle;
    vcd_.begin_time(cycle * period_ps_);
    vcd_.set(kClock, 1);
    vcd_.set(kCycle, static_cast<std::int32_t>(cycle));
    std::size_t number = kBenchSignals;
    for (Side& side : sides_) {
      side.stepper->observe(side.values);
      for (std::size_t i = 0; i < result_.signals.size(); ++i, ++number) {
        vcd_.set(number, model_->is_meaningful(i) ? std::optional(side.values[i]) : std::nullopt);
      }
    }
    vcd_.begin_time(cycle * period_ps_ + period_ps_ / 2);
    vcd_.set(kClock, 0);
    result_.changes = vcd_.changes();
  }

  AcceleratorBench bench_;
  WindowWatch watch_;
  const TraceWindow window_;
  const std::uint64_t period_ps_;
  VcdFile vcd_;
  LinkBreaks no_breaks_;
  ModelStepper* model_{nullptr};
  std::vector<Side> sides_;  ///< the model first: it says which data mean something
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
