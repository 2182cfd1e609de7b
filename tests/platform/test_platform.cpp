#include "tests/platform/test_platform.h"

#include <cstring>

namespace cfc::testing {

using sc_core::sc_time;

TestPlatform::TestPlatform(const sc_core::sc_module_name& name, const golden::Network& network,
                           const Configuration& configuration, CodingStyle style,
                           const MakeMemory& make_memory, TlmAcceleratorOptions options,
                           const Connect& connect)
    : sc_module(name),
      memory(make_memory()),
      accelerator("accelerator", network, configuration,
                  [&] {
                    options.dma.style = style;
                    return options;
                  }()),
      host("host", style),
      network_(network) {
  host.socket().bind(register_checker.from_initiator);
  register_checker.to_target.bind(accelerator.register_socket());
  accelerator.memory_socket().bind(memory_checker.from_initiator);
  connect(memory_checker.to_target, *memory);
  accelerator.o_interrupt(interrupt);
  SC_HAS_PROCESS(TestPlatform);
  SC_THREAD(run_program);
}

void TestPlatform::run_program() {
  program_();
  host.sync();
  ended_ = true;
  sc_core::sc_stop();
}

bool TestPlatform::run(std::function<void()> program) {
  program_ = std::move(program);
  sc_core::sc_start(sc_time(1, sc_core::SC_SEC));
  return ended_;
}

std::uint32_t TestPlatform::get(Register which) {
  return host.read_register(static_cast<std::uint64_t>(which));
}
std::uint64_t TestPlatform::get64(Register low) {
  const auto address = static_cast<std::uint64_t>(low);
  const std::uint64_t value = host.read_register(address);
  return value | std::uint64_t{host.read_register(address + 4)} << 32;
}
void TestPlatform::set(Register which, std::uint32_t value) {
  host.write_register(static_cast<std::uint64_t>(which), value);
}
void TestPlatform::set64(Register low, std::uint64_t value) {
  const auto address = static_cast<std::uint64_t>(low);
  host.write_register(address, static_cast<std::uint32_t>(value));
  host.write_register(address + 4, static_cast<std::uint32_t>(value >> 32));
}

std::uint32_t TestPlatform::take_interrupt(const sc_time& patience) {
  host.sync();
  if (!interrupt.read()) wait(patience, interrupt.posedge_event());
  const std::uint32_t pending = get(Register::interrupt_pending);
  set(Register::interrupt_pending, pending);
  host.sync();
  wait(sc_core::SC_ZERO_TIME);
  wait(sc_core::SC_ZERO_TIME);
  return pending;
}

namespace {

/// Debug access to the memory, straight: tests look at it behind the platform's back.
void touch(MemoryTarget& memory, tlm::tlm_command command, std::uint64_t address,
           std::uint8_t* data, std::size_t bytes) {
  tlm::tlm_generic_payload payload;
  payload.set_command(command);
  payload.set_address(address);
  payload.set_data_ptr(data);
  payload.set_data_length(static_cast<unsigned>(bytes));
  static_cast<TargetBehaviour&>(memory).debug(payload);
}

}  // namespace

void TestPlatform::put_network(const golden::Network& network) {
  std::vector<std::uint8_t> image = pack_network(network);
  touch(*memory, tlm::TLM_WRITE_COMMAND, kNetworkAt, image.data(), image.size());
}

std::uint32_t TestPlatform::load(const golden::Network& network) {
  put_network(network);
  set(Register::interrupt_enable, ~0U);
  set64(Register::network_address, kNetworkAt);
  set(Register::control, control_bits::kLoad);
  return take_interrupt(sc_time(10, sc_core::SC_MS));
}

void TestPlatform::put_images(const golden::MatrixU8& images) {
  const std::uint64_t stride = NetworkImage::aligned(static_cast<std::uint64_t>(images.cols()));
  for (golden::Index i = 0; i < images.rows(); ++i) {
    std::vector<std::uint8_t> row(images.data() + i * images.cols(),
                                  images.data() + (i + 1) * images.cols());
    touch(*memory, tlm::TLM_WRITE_COMMAND, kImagesAt + static_cast<std::uint64_t>(i) * stride,
          row.data(), row.size());
  }
}

std::uint32_t TestPlatform::start(std::uint32_t images, std::uint32_t weight_period,
                                  std::uint32_t options) {
  start_only(images, weight_period, options);
  return take_interrupt(sc_time(500, sc_core::SC_MS));
}

void TestPlatform::start_only(std::uint32_t images, std::uint32_t weight_period,
                              std::uint32_t options) {
  set64(Register::input_address, kImagesAt);
  set64(Register::output_address, kResultsAt);
  set64(Register::spill_address, kSpillAt);
  set(Register::images, images);
  set(Register::weight_period, weight_period);
  set(Register::options, options);
  set(Register::control, control_bits::kStart);
}

golden::MatrixS32 TestPlatform::results(golden::Index images) {
  const std::size_t bytes = network_.layers.back().requantisation ? 1 : 4;
  const auto outputs = static_cast<std::size_t>(network_.outputs());
  golden::MatrixS32 results = golden::MatrixS32::Zero(images, network_.outputs());
  for (golden::Index i = 0; i < images; ++i) {
    std::vector<std::uint8_t> row(bytes * outputs);
    touch(*memory, tlm::TLM_READ_COMMAND,
          kResultsAt + static_cast<std::uint64_t>(i) * NetworkImage::aligned(row.size()),
          row.data(), row.size());
    for (std::size_t j = 0; j < outputs; ++j) {
      std::memcpy(results.data() + static_cast<std::size_t>(i) * outputs + j, &row[j * bytes],
                  bytes);
    }
  }
  return results;
}

std::string TestPlatform::violations() const {
  std::string text;
  for (const ProtocolChecker* checker : {&register_checker, &memory_checker}) {
    for (const std::string& violation : checker->violations()) text += violation + '\n';
  }
  return text;
}

TestPlatform::MakeMemory simple_memory() {
  return [] {
    return std::make_unique<MemoryTarget>(
        "memory", kMemoryBytes, std::make_unique<SimpleTiming>(sc_time(60, sc_core::SC_NS), 3.2e9));
  };
}

}  // namespace cfc::testing
