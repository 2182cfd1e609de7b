#include "platform/system/platform.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "platform/dram/dram_timing.h"
#include "platform/dram/memory_timing.h"
#include "support/error.h"
#include "support/interrupt.h"

namespace cfc {
namespace {

constexpr std::uint64_t kRegistersAt = 0x40000000;
constexpr std::uint64_t kRegisterPage = 0x1000;
constexpr std::uint64_t kMemoryAt = 0x80000000;
constexpr double kStretchCycles = 10'000;

std::unique_ptr<MemoryTiming> make_timing(const PlatformPlan& plan) {
  if (plan.basis.dram) return std::make_unique<DramTiming>(*plan.basis.dram);
  return std::make_unique<SimpleTiming>(sc_core::sc_time(10, sc_core::SC_NS), 0);
}

void check_capacity(const PlatformPlan& plan, std::uint64_t bytes) {
  if (!plan.basis.dram || bytes <= plan.basis.dram->size()) return;
  throw InputError(
      fmt::format("{} holds {} bytes, but networks and images take {}; use fewer images",
                  plan.basis.dram->name, plan.basis.dram->size(), bytes));
}

[[noreturn]] void report(const AcceleratorFailure& failure) {
  const std::string what = fmt::format("accelerator {}: {} (address {:#x})", failure.accelerator,
                                       error_text(failure.error), failure.address);
  if (failure.error != error_bits::kTimeOut) throw std::runtime_error(what);
  throw InputError(what + "; give more --time-out-cycles, or 0 to wait for ever");
}

}  // namespace

Platform::Platform(const sc_core::sc_module_name& name, const PlatformPlan& plan)
    : sc_module(name),
      stretch_(kStretchCycles * plan.configuration.clock_period_ns, sc_core::SC_NS),
      stages_(cut_into_stages(
          plan.network, plan.configuration,
          plan.basis.parallelism == Parallelism::model ? plan.basis.accelerators : 1)) {
  TlmAcceleratorOptions options;
  options.dma.style = plan.basis.style;
  std::vector<AddressRange> ranges;
  for (unsigned i = 0; i < plan.basis.accelerators; ++i) {
    accelerators_.push_back(
        std::make_unique<TlmAccelerator>(("accelerator_" + std::to_string(i)).c_str(),
                                         stage_of(i).network, stage_of(i).configuration, options));
    ranges.push_back({kRegistersAt + i * kRegisterPage, kRegisterPage});
  }
  const MemoryMap map = memory_map(plan);
  ranges.push_back({kMemoryAt, map.end - kMemoryAt});
  check_capacity(plan, map.end - kMemoryAt);
  memory_ = std::make_unique<MemoryTarget>("memory", map.end - kMemoryAt, make_timing(plan));
  BusOptions bus_options;
  bus_options.period = sc_core::sc_time(plan.configuration.clock_period_ns, sc_core::SC_NS);
  bus_options.width_bytes = plan.basis.bus_bytes;
  bus_ = std::make_unique<TlmBus>("bus", plan.basis.accelerators + 1, ranges, bus_options);
  HostTask task{plan.images, plan.expected};
  task.style = plan.basis.style;
  task.accelerators = plan.basis.accelerators;
  task.map = map;
  task.policy = plan.basis.policy;
  task.arrivals = arrival_times(plan.basis.arrivals, static_cast<std::size_t>(plan.images.rows()));
  task.back_to_back = plan.basis.arrivals.kind == ArrivalKind::back_to_back;
  host_ = std::make_unique<PlatformHost>("host", std::move(task));
  host_->socket().bind(bus_->from_initiator(0));
  interrupts_.init(plan.basis.accelerators);
  for (unsigned i = 0; i < plan.basis.accelerators; ++i) {
    accelerators_[i]->memory_socket().bind(bus_->from_initiator(i + 1));
    bus_->to_target(i).bind(accelerators_[i]->register_socket());
    accelerators_[i]->o_interrupt(interrupts_[i]);
    host_->i_interrupts[i](interrupts_[i]);
  }
  bus_->to_target(plan.basis.accelerators).bind(memory_->socket());
}

MemoryMap Platform::memory_map(const PlatformPlan& plan) const {
  const auto images = static_cast<std::uint64_t>(plan.images.rows());
  MemoryMap map;
  map.registers = kRegistersAt;
  map.register_stride = kRegisterPage;
  map.end = kMemoryAt;
  const auto place = [&map](std::uint64_t bytes) {
    return std::exchange(map.end, map.end + bytes);
  };
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    StageMap stage;
    stage.network_image = pack_network(stages_[i].network);
    stage.network = place(stage.network_image.size());
    map.stages.push_back(std::move(stage));
  }
  std::uint64_t input_stride = accelerators_.front()->registers().get(Register::input_stride);
  std::uint64_t input = place(images * input_stride);
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    StageMap& stage = map.stages[i];
    stage.input = input;
    stage.input_stride = input_stride;
    stage.output_stride = accelerators_[i]->registers().get(Register::output_stride);
    stage.output_bytes = stages_[i].network.layers.back().requantisation ? 1 : 4;
    stage.output = place(images * stage.output_stride);
    input = stage.output;
    input_stride = stage.output_stride;
  }
  for (const auto& accelerator : accelerators_) {
    map.spill_stride = std::max<std::uint64_t>(map.spill_stride,
                                               accelerator->registers().get(Register::spill_bytes));
  }
  map.spill = place(plan.basis.accelerators * map.spill_stride);
  return map;
}

PlatformCounters Platform::counters() const {
  PlatformCounters counters;
  counters.memory_read_bytes = memory_->read_bytes();
  counters.memory_written_bytes = memory_->written_bytes();
  counters.memory = memory_->timing().statistics(sc_core::sc_time_stamp());
  counters.bus_to_memory_busy_s =
      bus_->request_busy(static_cast<unsigned>(accelerators_.size())).to_seconds();
  for (unsigned i = 0; i < accelerators_.size(); ++i) {
    counters.bus_back_busy_s += bus_->response_busy(i + 1).to_seconds();
    counters.accelerators.push_back(accelerators_[i]->statistics());
  }
  return counters;
}

void Platform::run() {
  host_->on_begin = [this] { at_begin_ = counters(); };
  simulate();
  if (const auto& failure = host_->record().failure) report(*failure);
  if (host_->finished() || interrupted()) return;
  throw std::runtime_error("the platform hangs: nothing happens any more");
}

/// In stretches, since a job of many images leaves the host no moment to ask for interrupts.
void Platform::simulate() {
  sc_core::sc_start(stretch_);
  while (!host_->finished() && !interrupted() && sc_core::sc_pending_activity()) {
    sc_core::sc_start(sc_core::sc_time_to_pending_activity() + stretch_);
  }
}

}  // namespace cfc
