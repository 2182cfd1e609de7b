// Every illegal access gets its response status, every impossible command its error bit; debug and
// direct access are without side effects.

#include <gtest/gtest.h>

#include "golden/inference.h"
#include "tests/helpers/random_networks.h"
#include "tests/platform/both_styles.h"
#include "tests/platform/test_platform.h"

namespace cfc::testing {
namespace {

using sc_core::sc_time;

golden::Network small_network() {
  Generator generator(7);
  return random_network(generator);
}

Configuration small_configuration(const golden::Network& network) {
  Generator generator(8);
  return random_configuration(generator, network);
}

class Registers : public ::testing::TestWithParam<CodingStyle> {
 protected:
  golden::Network network = small_network();
  TestPlatform platform{"platform", network, small_configuration(network), GetParam(),
                        simple_memory()};
  PayloadPool pool;
};

struct IllegalAccess {
  const char* what;
  tlm::tlm_command command;
  std::uint64_t address;
  unsigned length;
  unsigned streaming_width;
  bool byte_enables;
  tlm::tlm_response_status status;
};

const IllegalAccess kIllegal[] = {
    {"beyond the registers", tlm::TLM_READ_COMMAND, 0x100, 4, 4, false,
     tlm::TLM_ADDRESS_ERROR_RESPONSE},
    {"far beyond", tlm::TLM_WRITE_COMMAND, 0xFFFFFFFFFFFFFFFC, 4, 4, false,
     tlm::TLM_ADDRESS_ERROR_RESPONSE},
    {"a hole", tlm::TLM_READ_COMMAND, 0x70, 4, 4, false, tlm::TLM_ADDRESS_ERROR_RESPONSE},
    {"one byte", tlm::TLM_READ_COMMAND, 0x00, 1, 1, false, tlm::TLM_BURST_ERROR_RESPONSE},
    {"eight bytes", tlm::TLM_READ_COMMAND, 0x00, 8, 8, false, tlm::TLM_BURST_ERROR_RESPONSE},
    {"not aligned", tlm::TLM_READ_COMMAND, 0x02, 4, 4, false, tlm::TLM_BURST_ERROR_RESPONSE},
    {"streaming", tlm::TLM_WRITE_COMMAND, 0x48, 4, 2, false, tlm::TLM_BURST_ERROR_RESPONSE},
    {"byte enables", tlm::TLM_WRITE_COMMAND, 0x48, 4, 4, true, tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE},
    {"write to ID", tlm::TLM_WRITE_COMMAND, 0x00, 4, 4, false, tlm::TLM_COMMAND_ERROR_RESPONSE},
    {"write to STATUS", tlm::TLM_WRITE_COMMAND, 0x0C, 4, 4, false, tlm::TLM_COMMAND_ERROR_RESPONSE},
    {"write to a counter", tlm::TLM_WRITE_COMMAND, 0x84, 4, 4, false,
     tlm::TLM_COMMAND_ERROR_RESPONSE},
};

TEST_P(Registers, IllegalAccessesGetTheirStatusAndChangeNothing) {
  EXPECT_TRUE(platform.run([&] {
    wait(sc_time(1, sc_core::SC_US));
    platform.set(Register::images, 0x12345678);
    for (const IllegalAccess& access : kIllegal) {
      SCOPED_TRACE(access.what);
      tlm::tlm_generic_payload& payload = pool.take(access.command, access.address, access.length);
      unsigned char enables[4] = {0xFF, 0, 0xFF, 0};
      payload.set_streaming_width(access.streaming_width);
      if (access.byte_enables) {
        payload.set_byte_enable_ptr(enables);
        payload.set_byte_enable_length(4);
      }
      platform.host.transport(payload);
      EXPECT_EQ(payload.get_response_status(), access.status);
      payload.release();
      EXPECT_EQ(platform.get(Register::images), 0x12345678U);
      EXPECT_EQ(platform.get(Register::id), kAcceleratorId);
    }
  }));
  EXPECT_EQ(platform.violations(), "");
  EXPECT_EQ(pool.in_use(), 0U);
}

struct ImpossibleJob {
  const char* what;
  Register which;
  std::uint32_t value;
  std::uint32_t error;
};

const ImpossibleJob kImpossible[] = {
    {"no image", Register::images, 0, error_bits::kDescriptor},
    {"input not aligned", Register::input_address, kImagesAt + 4, error_bits::kDescriptor},
    {"output not aligned", Register::output_address, kResultsAt + 32, error_bits::kDescriptor},
    {"spill not aligned", Register::spill_address, 1, error_bits::kDescriptor},
    {"unknown option", Register::options, 2, error_bits::kDescriptor},
    {"input outside memory", Register::input_address, 0x7FFFFFC0, error_bits::kBus},
    {"output outside memory", Register::output_address, kMemoryBytes, error_bits::kBus},
};

TEST_P(Registers, ImpossibleJobsGetAnErrorAndTheNextOneIsRight) {
  Generator generator(9);
  const golden::MatrixU8 images = random_images(generator, 3, network.inputs());
  const golden::MatrixS32 expected = golden::infer(network, images).logits();
  EXPECT_TRUE(platform.run([&] {
    platform.set(Register::interrupt_enable, ~0U);
    EXPECT_EQ(platform.start(3), pending_bits::kError);
    EXPECT_EQ(platform.get(Register::error), error_bits::kNoNetwork);
    platform.set(Register::error, ~0U);
    ASSERT_EQ(platform.load(network), pending_bits::kLoadDone);
    platform.put_images(images);
    for (const ImpossibleJob& job : kImpossible) {
      SCOPED_TRACE(job.what);
      ASSERT_EQ(platform.start(3), pending_bits::kDone);  // sets every register
      platform.set(job.which, job.value);
      platform.set(Register::control, control_bits::kStart);
      EXPECT_EQ(platform.take_interrupt(sc_time(1, sc_core::SC_MS)), pending_bits::kError);
      EXPECT_EQ(platform.get(Register::error), job.error);
      platform.set(Register::error, ~0U);
    }
    EXPECT_EQ(platform.start(3), pending_bits::kDone);
    EXPECT_EQ(platform.results(3), expected);
  }));
  EXPECT_EQ(platform.violations(), "");
}

TEST_P(Registers, StartWhileBusyIsRefusedAndTheJobGoesOn) {
  Generator generator(9);
  const golden::MatrixU8 images = random_images(generator, 8, network.inputs());
  EXPECT_TRUE(platform.run([&] {
    ASSERT_EQ(platform.load(network), pending_bits::kLoadDone);
    platform.put_images(images);
    platform.start_only(8, 1, 0);
    EXPECT_EQ(platform.get(Register::status), status_bits::kBusy | status_bits::kLoaded);
    platform.set(Register::control, control_bits::kStart);
    EXPECT_EQ(platform.take_interrupt(sc_time(1, sc_core::SC_MS)), pending_bits::kError);
    EXPECT_EQ(platform.get(Register::error), error_bits::kBusy);
    EXPECT_EQ(platform.take_interrupt(sc_time(10, sc_core::SC_MS)), pending_bits::kDone);
    EXPECT_EQ(platform.results(8), golden::infer(network, images).logits());
  }));
  EXPECT_EQ(platform.violations(), "");
}

TEST_P(Registers, NetworksThatAreNoneOrDoNotFitAreRefused) {
  EXPECT_TRUE(platform.run([&] {
    ASSERT_EQ(platform.load(network), pending_bits::kLoadDone);
    const auto refuse = [&](std::uint64_t address, std::uint32_t error) {
      platform.set64(Register::network_address, address);
      platform.set(Register::control, control_bits::kLoad);
      EXPECT_EQ(platform.take_interrupt(sc_time(1, sc_core::SC_MS)), pending_bits::kError);
      EXPECT_EQ(platform.get(Register::error), error);
      EXPECT_EQ(platform.get(Register::status), 0U) << "no network is left";
      platform.set(Register::error, ~0U);
    };
    refuse(kResultsAt, error_bits::kNetwork);  // zeros
    refuse(kNetworkAt + 4, error_bits::kDescriptor);
    refuse(kMemoryBytes - 64, error_bits::kNetwork);
    refuse(kMemoryBytes, error_bits::kBus);
    EXPECT_EQ(platform.load(network), pending_bits::kLoadDone);
  }));
  EXPECT_EQ(platform.violations(), "");
}

TEST_P(Registers, DebugReadsSeeEverythingAndChangeNothing) {
  EXPECT_TRUE(platform.run([&] {
    ASSERT_EQ(platform.load(network), pending_bits::kLoadDone);
    std::uint32_t id = 0;
    EXPECT_EQ(platform.host.debug_read(0, &id, 4), 4U);
    EXPECT_EQ(id, kAcceleratorId);
    const std::uint32_t start = control_bits::kStart;
    EXPECT_EQ(platform.host.debug_write(0x08, &start, 4), 0U);
    EXPECT_EQ(platform.host.debug_read(0x200, &id, 4), 0U);
    tlm::tlm_generic_payload payload;
    payload.set_address(0);
    tlm::tlm_dmi dmi;
    EXPECT_FALSE(platform.host.socket()->get_direct_mem_ptr(payload, dmi));
    std::uint8_t all[kRegisterBytes];
    EXPECT_EQ(platform.host.debug_read(0, all, sizeof all), kRegisterBytes);
    EXPECT_EQ(platform.get(Register::status), status_bits::kLoaded);
  }));
}

INSTANTIATE_TEST_SUITE_P(BothStyles, Registers, ::testing::ValuesIn(kBothStyles), style_name);

}  // namespace
}  // namespace cfc::testing
