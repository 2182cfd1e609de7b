#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <tlm>

namespace cfc {

/// Offsets of the accelerator's registers, 32 bits each (docs/reference/register-map.md). A value
/// of 64 bits takes two, the low half first.
enum class Register : std::uint32_t {
  id = 0x00,
  version = 0x04,
  control = 0x08,
  status = 0x0C,
  interrupt_enable = 0x10,
  interrupt_pending = 0x14,
  error = 0x18,
  layers = 0x1C,
  error_address = 0x20,
  network_address = 0x28,
  input_address = 0x30,
  output_address = 0x38,
  spill_address = 0x40,
  images = 0x48,
  weight_period = 0x4C,
  options = 0x50,
  time_out = 0x54,
  inputs = 0x58,
  outputs = 0x5C,
  input_stride = 0x60,
  output_stride = 0x64,
  spill_bytes = 0x68,
  images_done = 0x6C,
  job_cycles = 0x80,
  read_bytes = 0x88,
  written_bytes = 0x90,
  wait_input = 0x98,
  wait_weights = 0xA0,
  wait_z = 0xA8,
  wait_output = 0xB0,
  access_words = 0xB8,
  access_bits = 0xC0,
};

constexpr std::uint32_t kRegisterBytes = 0x100;       ///< of the target's addresses
constexpr std::uint32_t kAcceleratorId = 0x31434643;  ///< "CFC1"
constexpr std::uint32_t kRegisterMapVersion = 1;

namespace control_bits {
constexpr std::uint32_t kStart = 1, kLoad = 2, kReset = 4;
}
namespace status_bits {
constexpr std::uint32_t kBusy = 1, kLoaded = 2;
}
namespace pending_bits {
constexpr std::uint32_t kDone = 1, kLoadDone = 2, kError = 4;
}
namespace option_bits {
constexpr std::uint32_t kSpillZ = 1;
}
namespace error_bits {
constexpr std::uint32_t kBusy = 1;        ///< START or LOAD while busy: ignored
constexpr std::uint32_t kNoNetwork = 2;   ///< START without a network
constexpr std::uint32_t kDescriptor = 4;  ///< an address not aligned, or a value not allowed
constexpr std::uint32_t kNetwork = 8;     ///< no network image there, or not one that fits
constexpr std::uint32_t kBus = 16;        ///< error response; ERROR_ADDRESS says where
constexpr std::uint32_t kTimeOut = 32;    ///< no response; ERROR_ADDRESS says where
constexpr std::uint32_t kZ = 64;          ///< z came back from memory other than it went
}  // namespace error_bits

/// The bits of ERROR in words, e.g. "TIME_OUT, no response from memory".
std::string error_text(std::uint32_t error);

/// The registers as a store: what may be read and written, and by which transaction. Knows nothing
/// of time.
class RegisterFile {
 public:
  /// A register that the bus may write has got this value. Of CONTROL, INTERRUPT_PENDING and ERROR
  /// the written bits; those clear themselves or are cleared here.
  std::function<void(Register, std::uint32_t)> on_write;

  RegisterFile();

  /// Does the transaction, or not, and sets its response status.
  void access(tlm::tlm_generic_payload& payload);

  /// Reads without side effects as far as the registers go; returns the bytes. Writes nothing.
  unsigned debug_read(std::uint64_t address, std::uint8_t* data, unsigned length) const;

  std::uint32_t get(Register which) const { return values_[index(which)]; }
  std::uint64_t get64(Register low) const;
  void set(Register which, std::uint32_t value) { values_[index(which)] = value; }
  void set64(Register low, std::uint64_t value);

  /// Writable registers back to 0, except that who identifies itself stays.
  void reset();

 private:
  enum class Kind : std::uint8_t { none, read_only, read_write, clear_by_one, command };

  static std::size_t index(Register which) { return static_cast<std::size_t>(which) / 4; }
  void define(Register first, Kind kind, unsigned count = 1);
  tlm::tlm_response_status check(const tlm::tlm_generic_payload& payload) const;
  void write(std::size_t index, std::uint32_t value);

  std::array<std::uint32_t, kRegisterBytes / 4> values_{};
  std::array<Kind, kRegisterBytes / 4> kinds_{};
};

}  // namespace cfc
