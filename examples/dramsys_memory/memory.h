#pragma once

#include <cstdlib>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include <DRAMSys/config/DRAMSysConfiguration.h>
#include <DRAMSys/simulation/DRAMSys.h>

/// The board's memory: DRAMSys 5, configured by the file that the environment variable
/// DRAMSYS_CONFIG names. That file must say "StoreMode": "Store", since the network and the images
/// stand in it.
class Memory : public sc_core::sc_module {
 public:
  explicit Memory(const sc_core::sc_module_name& name)
      : sc_module(name), dramsys_("dramsys", DRAMSys::Config::from_path(config_file())) {
    loader_.bind(dramsys_.tSocket);
  }

  auto& socket() { return dramsys_.tSocket; }

  /// Straight into memory and out of it, as a loader would.
  unsigned touch(tlm::tlm_generic_payload& payload) { return loader_->transport_dbg(payload); }

 private:
  static const char* config_file() {
    const char* file = std::getenv("DRAMSYS_CONFIG");
    return file ? file : "dramsys.json";
  }

  DRAMSys::DRAMSys dramsys_;
  tlm_utils::simple_initiator_socket<Memory> loader_{"loader"};
};
