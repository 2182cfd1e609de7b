#include "platform/system/platform_host.h"

#include <algorithm>
#include <cstring>

namespace cfc {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

namespace {

/// The register of the upper half of a 64-bit value.
Register high(Register low) { return static_cast<Register>(static_cast<std::uint32_t>(low) + 4); }

}  // namespace

PlatformHost::PlatformHost(const sc_core::sc_module_name& name, HostTask task)
    : sc_module(name),
      i_interrupts("i_interrupt", task.accelerators),
      initiator_("socket", task.style),
      task_(std::move(task)),
      waiting_(task_.map.stages.size()) {
  const MemoryMap& map = task_.map;
  for (unsigned i = 0; i < task_.accelerators; ++i) {
    accelerators_.push_back({map.registers + i * map.register_stride, i % map.stages.size(), {}});
  }
  record_.job_cycles.resize(task_.accelerators);
  record_.weight_fetches.resize(task_.accelerators);
  record_.latency_s.resize(task_.arrivals.size());
  SC_HAS_PROCESS(PlatformHost);
  SC_THREAD(run);
}

void PlatformHost::run() {
  for (auto& interrupt : i_interrupts) interrupts_ |= interrupt.posedge_event();
  fill_memory();
  load_networks();
  initiator_.sync();
  record_.begin = sc_time_stamp();
  if (on_begin) on_begin();
  while (!record_.failure && done_ < task_.arrivals.size()) {
    serve();
    admit_arrivals();
    start_jobs();
    if (done_ < task_.arrivals.size()) wait_for_something();
  }
  record_.end = sc_time_stamp();
  account_queue();
  record_.queue_mean = queue_integral_ / std::max(now_s(), 1e-12);
  finished_ = true;
  sc_core::sc_pause();  // as sc_stop, but without a word on standard output
}

/// How network and images came into memory is no part of the platform: it costs no time.
void PlatformHost::fill_memory() {
  for (const StageMap& stage : task_.map.stages) {
    initiator_.debug_write(stage.network, stage.network_image.data(), stage.network_image.size());
  }
  const StageMap& first = task_.map.stages.front();
  for (golden::Index i = 0; i < task_.images.rows(); ++i) {
    initiator_.debug_write(first.input + static_cast<std::uint64_t>(i) * first.input_stride,
                           task_.images.data() + i * task_.images.cols(),
                           static_cast<std::size_t>(task_.images.cols()));
  }
}

void PlatformHost::load_networks() {
  for (unsigned i = 0; i < accelerators_.size(); ++i) {
    const StageMap& stage = task_.map.stages[accelerators_[i].stage];
    const std::uint64_t spill = task_.map.spill + i * task_.map.spill_stride;
    write(i, Register::interrupt_enable, ~0U);
    write(i, Register::weight_period, task_.policy.weight_period);
    write(i, Register::options, task_.policy.spill_z ? option_bits::kSpillZ : 0);
    for (const auto& [low, address] : {std::pair{Register::network_address, stage.network},
                                       {Register::spill_address, spill},
                                       {Register::input_address, stage.input},
                                       {Register::output_address, stage.output}}) {
      write(i, low, static_cast<std::uint32_t>(address));
      write(i, high(low), static_cast<std::uint32_t>(address >> 32));
    }
    write(i, Register::time_out, task_.policy.time_out_cycles);
    write(i, Register::control, control_bits::kLoad);
  }
  for (unsigned i = 0; i < accelerators_.size(); ++i) {
    initiator_.sync();
    while (!i_interrupts[i].read()) wait(interrupts_);
    take_interrupt(i, pending_bits::kLoadDone);
  }
}

void PlatformHost::write(unsigned index, Register which, std::uint32_t value) {
  initiator_.write_register(accelerators_[index].registers + static_cast<std::uint32_t>(which),
                            value);
}

std::uint32_t PlatformHost::read(unsigned index, Register which) {
  return initiator_.read_register(accelerators_[index].registers +
                                  static_cast<std::uint32_t>(which));
}

std::uint64_t PlatformHost::read64(unsigned index, Register low) {
  std::uint64_t value = 0;
  initiator_.debug_read(accelerators_[index].registers + static_cast<std::uint32_t>(low), &value,
                        sizeof value);
  return value;
}

/// Serves a high interrupt; notes a failure where it says another thing than expected.
bool PlatformHost::take_interrupt(unsigned index, std::uint32_t expected) {
  const std::uint32_t pending = read(index, Register::interrupt_pending);
  write(index, Register::interrupt_pending, pending);
  initiator_.sync();
  if (pending == expected) return true;
  record_.failure = AcceleratorFailure{index, read(index, Register::error),
                                       read64(index, Register::error_address)};
  return false;
}

double PlatformHost::now_s() const { return (sc_time_stamp() - record_.begin).to_seconds(); }

void PlatformHost::serve() {
  for (unsigned i = 0; i < accelerators_.size(); ++i) {
    if (accelerators_[i].job && i_interrupts[i].read()) finish(i);
  }
}

void PlatformHost::admit_arrivals() {
  account_queue();
  while (arrived_ < task_.arrivals.size() && task_.arrivals[arrived_] <= now_s()) ++arrived_;
  if (!task_.back_to_back) record_.queue_max = std::max(record_.queue_max, arrived_ - dealt_);
}

void PlatformHost::account_queue() {
  if (!task_.back_to_back) {
    queue_integral_ += static_cast<double>(arrived_ - dealt_) * (now_s() - queue_since_);
  }
  queue_since_ = now_s();
}

bool PlatformHost::job_is_due() const {
  const std::size_t waiting = arrived_ - dealt_;
  if (waiting == 0) return false;
  constexpr double kRounding = 1e-12;
  return waiting >= task_.policy.batch || arrived_ == task_.arrivals.size() ||
         now_s() - task_.arrivals[dealt_] >= task_.policy.batch_time_out_s - kRounding;
}

/// The last stage first: what it takes makes room for the one before.
void PlatformHost::start_jobs() {
  for (std::size_t stage = task_.map.stages.size(); stage-- > 0;) {
    for (unsigned i = 0; i < accelerators_.size(); ++i) {
      if (accelerators_[i].stage != stage || accelerators_[i].job) continue;
      if (const auto job = next_job(stage)) start(i, *job);
    }
  }
}

/// Nothing is begun while the next stage has something waiting.
bool PlatformHost::is_held_up(std::size_t stage) const {
  return stage + 1 < waiting_.size() && !waiting_[stage + 1].empty();
}

std::optional<PlatformHost::Job> PlatformHost::next_job(std::size_t stage) {
  if (is_held_up(stage)) return {};
  if (stage == 0) return job_is_due() ? std::optional(new_job()) : std::nullopt;
  if (waiting_[stage].empty()) return {};
  const Job job = waiting_[stage].front();
  waiting_[stage].pop_front();
  return job;
}

PlatformHost::Job PlatformHost::new_job() {
  account_queue();
  const Job job{dealt_, std::min<std::size_t>(task_.policy.batch, arrived_ - dealt_)};
  if (task_.back_to_back) {
    std::fill_n(task_.arrivals.begin() + static_cast<std::ptrdiff_t>(job.first), job.count,
                now_s());
  }
  dealt_ += job.count;
  ++record_.jobs;
  return job;
}

/// The high half of `base` is there since `load_networks`, and jobs come in ascending order.
void PlatformHost::write_address(unsigned index, Register low, std::uint64_t base,
                                 std::uint64_t offset) {
  const std::uint64_t address = base + offset;
  write(index, low, static_cast<std::uint32_t>(address));
  if (address >> 32 != base >> 32) {
    write(index, high(low), static_cast<std::uint32_t>(address >> 32));
  }
}

void PlatformHost::start(unsigned index, const Job& job) {
  const StageMap& stage = task_.map.stages[accelerators_[index].stage];
  write_address(index, Register::input_address, stage.input, job.first * stage.input_stride);
  write_address(index, Register::output_address, stage.output, job.first * stage.output_stride);
  write(index, Register::images, static_cast<std::uint32_t>(job.count));
  write(index, Register::control, control_bits::kStart);
  accelerators_[index].job = job;
  if (task_.policy.weight_period > 0) {
    record_.weight_fetches[index] +=
        (job.count + task_.policy.weight_period - 1) / task_.policy.weight_period;
  }
  initiator_.sync();
}

void PlatformHost::finish(unsigned index) {
  if (!take_interrupt(index, pending_bits::kDone)) return;
  Accelerator& accelerator = accelerators_[index];
  const Job job = *accelerator.job;
  accelerator.job.reset();
  record_.job_cycles[index] += read64(index, Register::job_cycles);
  record_.wait_weights_cycles += read64(index, Register::wait_weights);
  record_.wait_z_cycles += read64(index, Register::wait_z);
  record_.wait_input_cycles += read64(index, Register::wait_input);
  record_.wait_output_cycles += read64(index, Register::wait_output);
  if (accelerator.stage + 1 < waiting_.size()) {
    waiting_[accelerator.stage + 1].push_back(job);
  } else {
    finish(job);
  }
}

void PlatformHost::finish(const Job& job) {
  done_ += job.count;
  for (std::size_t i = job.first; i < job.first + job.count; ++i) {
    record_.latency_s[i] = now_s() - task_.arrivals[i];
  }
  check(job);
}

void PlatformHost::check(const Job& job) {
  const StageMap& last = task_.map.stages.back();
  const auto count = static_cast<std::size_t>(task_.expected.cols());
  std::vector<std::uint8_t> bytes(count * last.output_bytes);
  for (std::size_t i = job.first; i < job.first + job.count; ++i) {
    initiator_.debug_read(last.output + i * last.output_stride, bytes.data(), bytes.size());
    const std::int32_t* row = task_.expected.data() + i * count;
    for (std::size_t k = 0; k < count; ++k) {
      std::int32_t logit = 0;  // little-endian; a byte is unsigned
      std::memcpy(&logit, bytes.data() + k * last.output_bytes, last.output_bytes);
      record_.wrong_logits += logit != row[k];
    }
  }
}

/// Until an interrupt, an arrival or a batch's time-out, whichever is first.
void PlatformHost::wait_for_something() {
  for (unsigned i = 0; i < accelerators_.size(); ++i) {
    if (accelerators_[i].job && i_interrupts[i].read()) return;
  }
  double next = -1;
  if (arrived_ < task_.arrivals.size()) next = task_.arrivals[arrived_];
  const bool idle = std::any_of(accelerators_.begin(), accelerators_.end(),
                                [](const Accelerator& one) { return one.stage == 0 && !one.job; });
  if (idle && !is_held_up(0) && arrived_ > dealt_) {
    const double due = task_.arrivals[dealt_] + task_.policy.batch_time_out_s;
    if (next < 0 || due < next) next = due;
  }
  if (next < 0) {
    wait(interrupts_);
    return;
  }
  const sc_time at = record_.begin + sc_time(next, sc_core::SC_SEC);
  const sc_time step = std::max(at, sc_time_stamp() + sc_core::sc_get_time_resolution());
  wait(step - sc_time_stamp(), interrupts_);
}

}  // namespace cfc
