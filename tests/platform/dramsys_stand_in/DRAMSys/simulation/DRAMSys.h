#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/peq_with_cb_and_phase.h>

#include "DRAMSys/config/DRAMSysConfiguration.h"

namespace DRAMSys {

/// The socket of DRAMSys with a memory of constant latency behind it, on which addresses do not
/// come back as they went, as with the AddressOffset of DRAMSys.
class DRAMSys : public sc_core::sc_module {
 public:
  tlm_utils::multi_passthrough_target_socket<DRAMSys> tSocket{"tSocket"};

  DRAMSys(const sc_core::sc_module_name& name, const Config::Configuration&)
      : sc_module(name), queue_(this, &DRAMSys::on_phase), content_(0x400000) {
    tSocket.register_nb_transport_fw(this, &DRAMSys::nb_transport_fw);
    tSocket.register_transport_dbg(this, &DRAMSys::transport_dbg);
  }

 private:
  using Payload = tlm::tlm_generic_payload;

  tlm::tlm_sync_enum nb_transport_fw(int port, Payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) {
    if (phase == tlm::BEGIN_REQ) {
      port_ = port;
      payload.acquire();
      queue_.notify(payload, phase, delay + sc_core::sc_time(50, sc_core::SC_NS));
    } else {
      payload.release();
    }
    return tlm::TLM_ACCEPTED;
  }

  void on_phase(Payload& payload, const tlm::tlm_phase&) {
    transport_dbg(port_, payload);
    payload.set_address(payload.get_address() + kOffset);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time none;
    tSocket[port_]->nb_transport_bw(payload, phase, none);
  }

  unsigned transport_dbg(int, Payload& payload) {
    std::uint8_t* here = content_.data() + payload.get_address();
    if (payload.is_read()) std::memcpy(payload.get_data_ptr(), here, payload.get_data_length());
    if (payload.is_write()) std::memcpy(here, payload.get_data_ptr(), payload.get_data_length());
    return payload.get_data_length();
  }

  static constexpr std::uint64_t kOffset = 0x8000'0000;

  tlm_utils::peq_with_cb_and_phase<DRAMSys> queue_;
  std::vector<std::uint8_t> content_;
  int port_{0};
};

}  // namespace DRAMSys
