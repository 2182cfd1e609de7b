#include "testbench/platform.h"

#include <stdexcept>

#include "sc_model/tlm/dram_timing.h"
#include "sc_model/tlm/memory_timing.h"

namespace cfc {
namespace {

constexpr std::uint64_t kRegistersAt = 0x40000000;
constexpr std::uint64_t kRegisterPage = 0x1000;
constexpr std::uint64_t kMemoryAt = 0x80000000;

std::unique_ptr<MemoryTiming> make_timing(const PlatformPlan& plan) {
  if (plan.dram) return std::make_unique<DramTiming>(*plan.dram);
  return std::make_unique<SimpleTiming>(sc_core::sc_time(10, sc_core::SC_NS), 0);
}

}  // namespace

Platform::Platform(const sc_core::sc_module_name& name, const PlatformPlan& plan)
    : sc_module(name) {
  TlmAcceleratorOptions options;
  options.dma.style = plan.style;
  std::vector<AddressRange> ranges;
  for (unsigned i = 0; i < plan.accelerators; ++i) {
    accelerators_.push_back(std::make_unique<TlmAccelerator>(
        ("accelerator_" + std::to_string(i)).c_str(), plan.network, plan.configuration, options));
    ranges.push_back({kRegistersAt + i * kRegisterPage, kRegisterPage});
  }
  const MemoryMap map = memory_map(plan);
  ranges.push_back({kMemoryAt, map.end - kMemoryAt});
  memory_ = std::make_unique<MemoryTarget>("memory", map.end - kMemoryAt, make_timing(plan));
  BusOptions bus_options;
  bus_options.period = sc_core::sc_time(plan.configuration.clock_period_ns, sc_core::SC_NS);
  bus_options.width_bytes = plan.bus_bytes;
  bus_ = std::make_unique<TlmBus>("bus", plan.accelerators + 1, ranges, bus_options);
  host_ = std::make_unique<PlatformHost>(
      "host", plan.style, plan.accelerators, map, plan.policy,
      arrival_times(plan.arrivals, static_cast<std::size_t>(plan.images.rows())),
      plan.arrivals.kind == ArrivalKind::back_to_back, pack_network(plan.network), plan.images,
      plan.expected);
  host_->socket().bind(bus_->from_initiator(0));
  interrupts_.init(plan.accelerators);
  for (unsigned i = 0; i < plan.accelerators; ++i) {
    accelerators_[i]->memory_socket().bind(bus_->from_initiator(i + 1));
    bus_->to_target(i).bind(accelerators_[i]->register_socket());
    accelerators_[i]->o_interrupt(interrupts_[i]);
    host_->i_interrupts[i](interrupts_[i]);
  }
  bus_->to_target(plan.accelerators).bind(memory_->socket());
}

MemoryMap Platform::memory_map(const PlatformPlan& plan) const {
  const RegisterFile& registers = accelerators_.front()->registers();
  const auto images = static_cast<std::uint64_t>(plan.images.rows());
  MemoryMap map;
  map.registers = kRegistersAt;
  map.network = kMemoryAt;
  map.images = map.network + pack_network(plan.network).size();
  map.image_stride = registers.get(Register::input_stride);
  map.results = map.images + images * map.image_stride;
  map.result_stride = registers.get(Register::output_stride);
  map.spill = map.results + images * map.result_stride;
  map.spill_stride = registers.get(Register::spill_bytes);
  map.end = map.spill + plan.accelerators * map.spill_stride;
  return map;
}

PlatformCounters Platform::counters() const {
  PlatformCounters counters;
  counters.memory_read_bytes = memory_->read_bytes();
  counters.memory_written_bytes = memory_->written_bytes();
  counters.memory = memory_->timing().statistics();
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
  sc_core::sc_start();
  if (!host_->record().failure.empty()) throw std::runtime_error(host_->record().failure);
  if (!host_->finished()) throw std::runtime_error("the platform hangs: nothing happens any more");
}

}  // namespace cfc
