#include "platform/dram/memory_target.h"

#include <algorithm>
#include <cstring>

namespace cfc {

MemoryTarget::MemoryTarget(const sc_core::sc_module_name& name, std::uint64_t bytes,
                           std::unique_ptr<MemoryTiming> timing)
    : sc_module(name),
      port_("socket", *this),
      content_(static_cast<std::size_t>(bytes)),
      timing_(std::move(timing)) {}

tlm::tlm_response_status MemoryTarget::check(const tlm::tlm_generic_payload& payload) const {
  const std::uint64_t length = payload.get_data_length();
  const std::uint64_t address = payload.get_address();
  if (address >= content_.size() || length > content_.size() - address) {
    return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  }
  if (payload.get_streaming_width() < length) return tlm::TLM_BURST_ERROR_RESPONSE;
  if (payload.get_byte_enable_ptr() && payload.get_byte_enable_length() == 0) {
    return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
  }
  return tlm::TLM_OK_RESPONSE;
}

std::optional<sc_core::sc_time> MemoryTarget::access(tlm::tlm_generic_payload& payload,
                                                     const sc_core::sc_time& arrival) {
  payload.set_response_status(check(payload));
  if (payload.is_response_error() || payload.get_command() == tlm::TLM_IGNORE_COMMAND) {
    return arrival;
  }
  move(payload);
  (payload.is_read() ? read_bytes_ : written_bytes_) += payload.get_data_length();
  payload.set_dmi_allowed(timing_->is_constant());
  return timing_->schedule(arrival,
                           {payload.get_address(), payload.get_data_length(), payload.is_write()});
}

void MemoryTarget::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  const auto response = access(payload, sc_core::sc_time_stamp() + delay);
  if (!response) {
    const sc_core::sc_event never;
    sc_core::wait(never);
  }
  delay = *response - sc_core::sc_time_stamp();
}

void MemoryTarget::begin(tlm::tlm_generic_payload& payload) {
  const auto response = access(payload, sc_core::sc_time_stamp());
  if (response) port_.respond(payload, *response - sc_core::sc_time_stamp());
}

unsigned MemoryTarget::debug(tlm::tlm_generic_payload& payload) {
  const std::uint64_t address = payload.get_address();
  if (address >= content_.size()) return 0;
  const auto bytes = static_cast<unsigned>(
      std::min<std::uint64_t>(payload.get_data_length(), content_.size() - address));
  std::uint8_t* here = content_.data() + address;
  if (payload.is_read()) std::memcpy(payload.get_data_ptr(), here, bytes);
  if (payload.is_write()) std::memcpy(here, payload.get_data_ptr(), bytes);
  return bytes;
}

bool MemoryTarget::direct_memory(tlm::tlm_generic_payload& /*payload*/, tlm::tlm_dmi& dmi) {
  if (!timing_->is_constant() || content_.empty()) return false;
  dmi.init();
  dmi.set_dmi_ptr(content_.data());
  dmi.set_start_address(0);
  dmi.set_end_address(content_.size() - 1);
  dmi.allow_read_write();
  const sc_core::sc_time latency = timing_->schedule(sc_core::SC_ZERO_TIME, {});
  dmi.set_read_latency(latency);
  dmi.set_write_latency(latency);
  return true;
}

void MemoryTarget::move(tlm::tlm_generic_payload& payload) {
  std::uint8_t* here = content_.data() + payload.get_address();
  std::uint8_t* there = payload.get_data_ptr();
  const unsigned length = payload.get_data_length();
  if (payload.is_write()) std::swap(here, there);
  const std::uint8_t* enables = payload.get_byte_enable_ptr();
  if (!enables) {
    std::memcpy(there, here, length);
    return;
  }
  const unsigned period = payload.get_byte_enable_length();
  for (unsigned i = 0; i < length; ++i) {
    if (enables[i % period] == TLM_BYTE_ENABLED) there[i] = here[i];
  }
}

}  // namespace cfc
