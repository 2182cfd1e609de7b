// The smallest useful platform: the accelerator, a memory, and a host that runs one job. The memory
// is cfcsim's, or DRAMSys. Usage: smallest_platform NETWORK.onnx

#include <cstdio>
#include <vector>

#include <systemc>

#include <cfcsim/configuration/configuration_file.h>
#include <cfcsim/golden/onnx_file.h>
#include <cfcsim/platform/accelerator/network_image.h>
#include <cfcsim/platform/accelerator/tlm_accelerator.h>
#include <cfcsim/platform/bus/blocking_initiator.h>

#include "memory.h"  // of own_memory/ or of dramsys_memory/

using cfc::Register;

namespace {

constexpr std::uint64_t kNetworkAt = 0x0, kImageAt = 0x100000, kResultAt = 0x200000;
constexpr auto kStyle = cfc::CodingStyle::approximately_timed;

class Board : public sc_core::sc_module {
 public:
  Board(const sc_core::sc_module_name& name, const cfc::golden::Network& network)
      : sc_module(name),
        network_(network),
        accelerator_("accelerator", network, resolve(cfc::Settings{}, cfc::shapes_of(network)),
                     {{kStyle, 8, 8}}) {
    host_.socket().bind(accelerator_.register_socket());
    accelerator_.memory_socket().bind(memory_.socket());
    accelerator_.o_interrupt(interrupt_);
    SC_HAS_PROCESS(Board);
    SC_THREAD(program);
  }

 private:
  void program() {
    // Straight into memory, as a loader would; the host has no way to it on this board.
    const auto image = cfc::pack_network(network_);
    put(kNetworkAt, image);
    put(kImageAt, std::vector<std::uint8_t>(static_cast<std::size_t>(network_.inputs()), 128));
    set(Register::interrupt_enable, ~0U);
    set(Register::network_address, kNetworkAt);
    command(cfc::control_bits::kLoad);
    set(Register::input_address, kImageAt);
    set(Register::output_address, kResultAt);
    set(Register::images, 1);
    command(cfc::control_bits::kStart);
    std::vector<std::int32_t> logits(static_cast<std::size_t>(network_.outputs()));
    move(tlm::TLM_READ_COMMAND, kResultAt, logits.data(), 4 * logits.size());
    const auto cycles = host_.read_register(static_cast<std::uint64_t>(Register::job_cycles));
    std::printf("%u cycles, error %u, logits:", cycles,
                host_.read_register(static_cast<std::uint64_t>(Register::error)));
    for (const std::int32_t logit : logits) std::printf(" %d", logit);
    std::printf("\n");
    sc_core::sc_stop();
  }

  void set(Register which, std::uint32_t value) {
    host_.write_register(static_cast<std::uint64_t>(which), value);
  }
  void command(std::uint32_t bits) {
    set(Register::control, bits);
    while (!interrupt_.read()) wait(interrupt_.posedge_event());
    set(Register::interrupt_pending, ~0U);
    while (interrupt_.read()) wait(interrupt_.negedge_event());
  }
  void put(std::uint64_t address, std::vector<std::uint8_t> bytes) {
    move(tlm::TLM_WRITE_COMMAND, address, bytes.data(), bytes.size());
  }
  void move(tlm::tlm_command command, std::uint64_t address, void* data, std::size_t bytes) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(static_cast<unsigned char*>(data));
    payload.set_data_length(static_cast<unsigned>(bytes));
    memory_.touch(payload);
  }

  const cfc::golden::Network network_;
  cfc::TlmAccelerator accelerator_;
  Memory memory_{"memory"};
  cfc::BlockingInitiator host_{"host", kStyle};
  sc_core::sc_signal<bool> interrupt_{"interrupt"};
};

}  // namespace

int sc_main(int argc, char* argv[]) {
  if (argc != 2) return 2;
  Board board("board", cfc::golden::read_network(argv[1]));
  sc_core::sc_start();
  return 0;
}
