#include "platform/bus/payload_pool.h"

namespace cfc {

tlm::tlm_generic_payload& PayloadPool::take(tlm::tlm_command command, std::uint64_t address,
                                            std::size_t bytes) {
  if (idle_.empty()) {
    all_.push_back(std::make_unique<Pooled>());
    all_.back()->set_mm(this);
    idle_.push_back(all_.back().get());
  }
  Pooled& payload = *idle_.back();
  idle_.pop_back();
  payload.acquire();
  payload.bytes.assign(bytes, 0);
  payload.set_command(command);
  payload.set_address(address);
  payload.set_data_ptr(payload.bytes.data());
  payload.set_data_length(static_cast<unsigned>(bytes));
  payload.set_streaming_width(static_cast<unsigned>(bytes));
  payload.set_byte_enable_ptr(nullptr);
  payload.set_byte_enable_length(0);
  payload.set_dmi_allowed(false);
  payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  return payload;
}

void PayloadPool::free(tlm::tlm_generic_payload* payload) {
  payload->reset();  // extensions
  idle_.push_back(static_cast<Pooled*>(payload));
}

}  // namespace cfc
