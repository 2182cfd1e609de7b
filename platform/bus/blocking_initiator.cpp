#include "platform/bus/blocking_initiator.h"

#include <cstring>

namespace cfc {

BlockingInitiator::BlockingInitiator(const std::string& name, CodingStyle style)
    : style_(style), port_(name) {
  keeper_.reset();
  port_.on_request_end = [] {};
  port_.on_response = [this](tlm::tlm_generic_payload&) {
    answered_ = true;
    answer_.notify();
  };
}

void BlockingInitiator::transport(tlm::tlm_generic_payload& payload) {
  if (style_ != CodingStyle::approximately_timed) {
    sc_core::sc_time delay = keeper_.get_local_time();
    port_.socket->b_transport(payload, delay);
    keeper_.set(delay);
    if (keeper_.need_sync()) keeper_.sync();
    return;
  }
  answered_ = false;
  port_.begin_request(payload);
  while (!answered_) sc_core::wait(answer_);
}

tlm::tlm_response_status BlockingInitiator::access(tlm::tlm_command command, std::uint64_t address,
                                                   void* data, std::size_t bytes) {
  tlm::tlm_generic_payload& payload = pool_.take(command, address, bytes);
  if (payload.is_write()) std::memcpy(payload.get_data_ptr(), data, bytes);
  transport(payload);
  if (payload.is_read()) std::memcpy(data, payload.get_data_ptr(), bytes);
  const tlm::tlm_response_status status = payload.get_response_status();
  payload.release();
  return status;
}

tlm::tlm_response_status BlockingInitiator::read(std::uint64_t address, void* data,
                                                 std::size_t bytes) {
  return access(tlm::TLM_READ_COMMAND, address, data, bytes);
}

tlm::tlm_response_status BlockingInitiator::write(std::uint64_t address, const void* data,
                                                  std::size_t bytes) {
  return access(tlm::TLM_WRITE_COMMAND, address, const_cast<void*>(data), bytes);
}

std::uint32_t BlockingInitiator::read_register(std::uint64_t address) {
  std::uint32_t value = 0;
  if (read(address, &value, sizeof value) != tlm::TLM_OK_RESPONSE) {
    SC_REPORT_ERROR("/cfcsim/tlm", "a register could not be read");
  }
  return value;
}

void BlockingInitiator::write_register(std::uint64_t address, std::uint32_t value) {
  if (write(address, &value, sizeof value) != tlm::TLM_OK_RESPONSE) {
    SC_REPORT_ERROR("/cfcsim/tlm", "a register could not be written");
  }
}

unsigned BlockingInitiator::debug(tlm::tlm_command command, std::uint64_t address, void* data,
                                  std::size_t bytes) {
  tlm::tlm_generic_payload payload;
  payload.set_command(command);
  payload.set_address(address);
  payload.set_data_ptr(static_cast<unsigned char*>(data));
  payload.set_data_length(static_cast<unsigned>(bytes));
  return port_.socket->transport_dbg(payload);
}

unsigned BlockingInitiator::debug_read(std::uint64_t address, void* data, std::size_t bytes) {
  return debug(tlm::TLM_READ_COMMAND, address, data, bytes);
}

unsigned BlockingInitiator::debug_write(std::uint64_t address, const void* data,
                                        std::size_t bytes) {
  return debug(tlm::TLM_WRITE_COMMAND, address, const_cast<void*>(data), bytes);
}

}  // namespace cfc
