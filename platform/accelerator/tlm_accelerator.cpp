#include "platform/accelerator/tlm_accelerator.h"

#include <algorithm>
#include <cstring>

#include "support/error.h"

namespace cfc {
namespace {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

const golden::Network& not_empty(const golden::Network& network) {
  if (network.layers.empty()) throw InputError("a network has at least one layer");
  return network;
}

}  // namespace

TlmAccelerator::TlmAccelerator(const sc_core::sc_module_name& name, const golden::Network& shapes,
                               const Configuration& configuration,
                               const TlmAcceleratorOptions& options)
    : sc_module(name),
      grid_(sc_time(configuration.clock_period_ns, sc_core::SC_NS)),
      configuration_(configuration),
      options_(options),
      shapes_(blank(not_empty(shapes))),
      results_are_bytes_(shapes.layers.back().requantisation.has_value()),
      clock_("clock", grid_.period(), sc_core::SC_ZERO_TIME),
      gates_(configuration),
      accelerator_("accelerator", shapes_, configuration, &gates_),
      feeder_("feeder", configuration.input_link_width),
      collector_("collector", static_cast<int>(shapes.outputs()), options.result_places),
      dma_("dma", options.dma, grid_) {
  bind_accelerator();
  attach_conditions();
  dma_.on_event = [this](const sc_time& when) { wake_control(when); };
  registers_.on_write = [this](Register which, std::uint32_t value) {
    on_register_write(which, value);
  };
  registers_.set(Register::layers, static_cast<std::uint32_t>(shapes_.layers.size()));
  registers_.set(Register::inputs, static_cast<std::uint32_t>(shapes_.inputs()));
  registers_.set(Register::outputs, static_cast<std::uint32_t>(shapes_.outputs()));
  const auto stride = [](std::int64_t bytes) {
    return static_cast<std::uint32_t>(NetworkImage::aligned(static_cast<std::uint64_t>(bytes)));
  };
  registers_.set(Register::input_stride, stride(shapes_.inputs()));
  registers_.set(Register::output_stride, stride(shapes_.outputs() * (results_are_bytes_ ? 1 : 4)));
  std::uint64_t spill_bytes = 0;
  for (const auto& spill : spills_) spill_bytes += spill ? spill->bytes() : 0;
  registers_.set(Register::spill_bytes, static_cast<std::uint32_t>(spill_bytes));

  SC_HAS_PROCESS(TlmAccelerator);
  SC_METHOD(control);
  sensitive << control_event_;
  SC_METHOD(drive_interrupt);
  sensitive << interrupt_event_;
}

TlmAccelerator::~TlmAccelerator() = default;

void TlmAccelerator::bind_accelerator() {
  accelerator_.i_clk(clock_);
  accelerator_.i_rst_n(rst_n_);
  for (std::size_t i = 0; i < gates_.size(); ++i) {
    gates_.at(i).i_clk(clock_);
    gates_.at(i).i_rst_n(rst_n_);
  }
  feeder_.i_clk(clock_);
  feeder_.i_rst_n(rst_n_);
  feeder_.o_valid(accelerator_.image_link().valid);
  feeder_.i_ready(accelerator_.image_link().ready);
  feeder_.o_data(accelerator_.image_link().data);
  feeder_.on_taken = [this] {
    ++job_.taken;
    wake_control(sc_time_stamp());
  };
  collector_.i_clk(clock_);
  collector_.i_rst_n(rst_n_);
  collector_.i_valid(accelerator_.logits_link().valid);
  collector_.o_ready(accelerator_.logits_link().ready);
  collector_.i_data(accelerator_.logits_link().data);
  collector_.on_result = [this](const std::vector<std::int32_t>& results) {
    std::vector<std::uint8_t> bytes;
    for (const std::int32_t result : results) {
      const auto* begin = reinterpret_cast<const std::uint8_t*>(&result);
      bytes.insert(bytes.end(), begin, begin + (results_are_bytes_ ? 1 : 4));
    }
    bytes.resize(NetworkImage::aligned(bytes.size()));
    results_.push_back(std::move(bytes));
    ++job_.made;
    wake_control(sc_time_stamp());
  };
}

void TlmAccelerator::attach_conditions() {
  const auto wake = [this] { wake_control(sc_time_stamp()); };
  const auto& layers = accelerator_.layers();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerConfiguration& layer = configuration_.layers[i];
    weights_.push_back(std::make_unique<WeightBuffer>(layer.shape.n, options_.weight_banks));
    weights_.back()->on_done = wake;
    weights_.back()->on_use = [this, i](const std::vector<std::uint8_t>& section) {
      use_weights(i, section);
    };
    layers[i]->on_output(*weights_.back());
    spills_.emplace_back();
    if (!can_spill_z(layer)) continue;
    spills_.back() =
        std::make_unique<ZSpill>(*layer.shape.r, z_bits(shapes_.layers[i]), grid_.period());
    spills_.back()->on_made = wake;
    layers[i]->on_z(*spills_.back());
  }
  for (std::size_t link = 0; link <= layers.size(); ++link) {
    gates_.at(link).hold_for(link < layers.size() ? weights_[link].get() : nullptr,
                             link > 0 ? spills_[link - 1].get() : nullptr);
  }
}

// ------------------------------------------------------------------------------------ registers

void TlmAccelerator::access_registers(tlm::tlm_generic_payload& payload, const sc_time& when) {
  access_time_ = when;
  registers_.access(payload);
}

void TlmAccelerator::b_transport(tlm::tlm_generic_payload& payload, sc_time& delay) {
  access_registers(payload, sc_time_stamp() + delay);
  delay += grid_.period();
}

void TlmAccelerator::begin(tlm::tlm_generic_payload& payload) {
  access_registers(payload, sc_time_stamp());
  registers_port_.respond(payload, grid_.period());
}

unsigned TlmAccelerator::debug(tlm::tlm_generic_payload& payload) {
  if (!payload.is_read()) return 0;
  return registers_.debug_read(payload.get_address(), payload.get_data_ptr(),
                               payload.get_data_length());
}

void TlmAccelerator::on_register_write(Register which, std::uint32_t value) {
  if (which == Register::control) {
    if (value == 0) return;
    registers_.set(Register::status, registers_.get(Register::status) | status_bits::kBusy);
    commands_.push_back({value, access_time_});
    wake_control(access_time_);
  } else if (which == Register::interrupt_enable || which == Register::interrupt_pending) {
    interrupt_event_.notify(access_time_ - sc_time_stamp());
  }
}

void TlmAccelerator::raise(std::uint32_t pending) {
  registers_.set(Register::interrupt_pending,
                 registers_.get(Register::interrupt_pending) | pending);
  interrupt_event_.notify(sc_core::SC_ZERO_TIME);
}

void TlmAccelerator::drive_interrupt() {
  o_interrupt.write((registers_.get(Register::interrupt_pending) &
                     registers_.get(Register::interrupt_enable)) != 0);
}

void TlmAccelerator::set_phase(Phase phase) {
  phase_ = phase;
  const bool busy = phase != Phase::idle || !commands_.empty();
  registers_.set(Register::status,
                 (busy ? status_bits::kBusy : 0) | (sections_.empty() ? 0 : status_bits::kLoaded));
}

// -------------------------------------------------------------------------------------- control

void TlmAccelerator::wake_control(const sc_time& after) {
  const sc_time when = grid_.control_after(after);
  if (control_times_.insert(when).second) control_event_.notify(when - sc_time_stamp());
}

void TlmAccelerator::control() {
  control_times_.erase(sc_time_stamp());
  if (sc_time_stamp() == sc_core::SC_ZERO_TIME) return begin_reset(0);
  take_commands();
  if (phase_ == Phase::resetting) return step_reset();
  dma_.deliver();
  if (const auto fault = dma_.fault()) return fail(*fault);
  if (phase_ == Phase::running) advance_job();
}

void TlmAccelerator::take_commands() {
  while (!commands_.empty() && commands_.front().when < sc_time_stamp()) {
    const std::uint32_t bits = commands_.front().bits;
    if (phase_ == Phase::resetting && (bits & control_bits::kReset) == 0) return;  // afterwards
    commands_.pop_front();
    obey(bits);
  }
}

void TlmAccelerator::obey(std::uint32_t bits) {
  if ((bits & control_bits::kReset) != 0) {
    if (phase_ == Phase::loading) sections_.clear();
    registers_.reset();
    begin_reset(0);
  } else if (phase_ != Phase::idle) {
    registers_.set(Register::error, registers_.get(Register::error) | error_bits::kBusy);
    raise(pending_bits::kError);
    set_phase(phase_);
  } else if ((bits & control_bits::kLoad) != 0) {
    begin_load();
  } else if ((bits & control_bits::kStart) != 0) {
    begin_job();
  } else {
    set_phase(phase_);
  }
}

/// Everything in flight is dropped; then the accelerator is ready, with an interrupt if wanted.
void TlmAccelerator::begin_reset(std::uint32_t pending_afterwards) {
  dma_.drop_all();
  results_.clear();
  arrived_.clear();
  rst_n_.write(false);
  reset_age_ = 0;
  pending_after_reset_ = pending_afterwards;
  set_phase(Phase::resetting);
  interrupt_event_.notify(sc_core::SC_ZERO_TIME);
  wake_control(sc_time_stamp());
}

void TlmAccelerator::step_reset() {
  constexpr int kRelease = 2;
  constexpr int kReady = 5;
  ++reset_age_;
  if (reset_age_ == kRelease) rst_n_.write(true);
  if (reset_age_ < kReady) return wake_control(sc_time_stamp());
  stream_images_ = 0;
  job_ = Job{};
  for (const auto& weights : weights_) weights->begin({});
  for (const auto& spill : spills_) {
    if (spill) spill->clear();
  }
  set_phase(Phase::idle);
  if (pending_after_reset_ != 0) raise(pending_after_reset_);
  if (!commands_.empty()) wake_control(sc_time_stamp());
}

void TlmAccelerator::fail(std::uint32_t error, std::uint64_t address) {
  registers_.set(Register::error, registers_.get(Register::error) | error);
  registers_.set64(Register::error_address, address);
  begin_reset(pending_bits::kError);
}

void TlmAccelerator::fail(const DmaFault& fault) {
  if (phase_ == Phase::loading) sections_.clear();
  fail(fault.kind == DmaFault::Kind::time_out ? error_bits::kTimeOut : error_bits::kBus,
       fault.address);
}

// ----------------------------------------------------------------------------- what has been done

RunStatistics TlmAccelerator::statistics() const {
  RunStatistics statistics;
  statistics.cycles = sc_time_stamp().value() / grid_.period().value();
  for (const auto& layer : accelerator_.layers()) {
    statistics.layers.push_back(layer->statistics(grid_.period()));
  }
  statistics.images = statistics.layers.back().images;
  return statistics;
}

std::vector<Ledger> TlmAccelerator::link_ledgers() const {
  std::vector<Ledger> ledgers;
  for (std::size_t i = 0; i < gates_.size(); ++i) ledgers.push_back(gates_.at(i).ledger());
  return ledgers;
}

WorkDone TlmAccelerator::work_done() const {
  return {sc_time_stamp(), dma_.read_bytes(), dma_.written_bytes(), statistics(), link_ledgers()};
}

}  // namespace cfc
