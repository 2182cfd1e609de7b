#include "platform/accelerator/register_file.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace cfc {

std::string error_text(std::uint32_t error) {
  constexpr std::pair<std::uint32_t, const char*> kTexts[] = {
      {error_bits::kBusy, "BUSY, a command while busy"},
      {error_bits::kNoNetwork, "NO_NETWORK, a job before a network is loaded"},
      {error_bits::kDescriptor, "DESCRIPTOR, an address or a value that is not allowed"},
      {error_bits::kNetwork, "NETWORK, no network image that fits"},
      {error_bits::kBus, "BUS, an error response"},
      {error_bits::kTimeOut, "TIME_OUT, no response from memory"},
      {error_bits::kZ, "Z, which came back from memory other than it went"}};
  std::string text;
  for (const auto& [bit, words] : kTexts) {
    if ((error & bit) != 0) text += (text.empty() ? "" : "; ") + std::string(words);
  }
  return text.empty() ? "no error" : text;
}

RegisterFile::RegisterFile() {
  for (const Register which :
       {Register::id, Register::version, Register::status, Register::layers, Register::inputs,
        Register::outputs, Register::input_stride, Register::output_stride, Register::spill_bytes,
        Register::images_done}) {
    define(which, Kind::read_only);
  }
  for (const Register low :
       {Register::error_address, Register::job_cycles, Register::read_bytes,
        Register::written_bytes, Register::wait_input, Register::wait_weights, Register::wait_z,
        Register::wait_output, Register::access_words, Register::access_bits}) {
    define(low, Kind::read_only, 2);
  }
  for (const Register low : {Register::network_address, Register::input_address,
                             Register::output_address, Register::spill_address}) {
    define(low, Kind::read_write, 2);
  }
  for (const Register which : {Register::interrupt_enable, Register::images,
                               Register::weight_period, Register::options, Register::time_out}) {
    define(which, Kind::read_write);
  }
  define(Register::interrupt_pending, Kind::clear_by_one);
  define(Register::error, Kind::clear_by_one);
  define(Register::control, Kind::command);
  set(Register::id, kAcceleratorId);
  set(Register::version, kRegisterMapVersion);
}

void RegisterFile::define(Register first, Kind kind, unsigned count) {
  std::fill_n(kinds_.begin() + static_cast<std::ptrdiff_t>(index(first)), count, kind);
}

std::uint64_t RegisterFile::get64(Register low) const {
  return values_[index(low)] | std::uint64_t{values_[index(low) + 1]} << 32;
}

void RegisterFile::set64(Register low, std::uint64_t value) {
  values_[index(low)] = static_cast<std::uint32_t>(value);
  values_[index(low) + 1] = static_cast<std::uint32_t>(value >> 32);
}

void RegisterFile::reset() {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (kinds_[i] != Kind::read_only) values_[i] = 0;
  }
}

tlm::tlm_response_status RegisterFile::check(const tlm::tlm_generic_payload& payload) const {
  const std::uint64_t address = payload.get_address();
  if (payload.get_byte_enable_ptr()) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
  if (payload.get_data_length() != 4 || payload.get_streaming_width() < 4) {
    return tlm::TLM_BURST_ERROR_RESPONSE;
  }
  if (address >= kRegisterBytes) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  if (address % 4 != 0) return tlm::TLM_BURST_ERROR_RESPONSE;
  const Kind kind = kinds_[address / 4];
  if (kind == Kind::none) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  if (payload.is_write() && kind == Kind::read_only) return tlm::TLM_COMMAND_ERROR_RESPONSE;
  return tlm::TLM_OK_RESPONSE;
}

void RegisterFile::access(tlm::tlm_generic_payload& payload) {
  payload.set_response_status(check(payload));
  if (payload.is_response_error()) return;
  const std::size_t index = payload.get_address() / 4;
  if (payload.is_read()) std::memcpy(payload.get_data_ptr(), &values_[index], 4);
  if (payload.is_write()) {
    std::uint32_t value = 0;
    std::memcpy(&value, payload.get_data_ptr(), 4);
    write(index, value);
  }
}

void RegisterFile::write(std::size_t index, std::uint32_t value) {
  switch (kinds_[index]) {
    case Kind::read_write:
      values_[index] = value;
      break;
    case Kind::clear_by_one:
      values_[index] &= ~value;
      break;
    case Kind::command:
    case Kind::read_only:
    case Kind::none:
      break;
  }
  on_write(static_cast<Register>(4 * index), value);
}

unsigned RegisterFile::debug_read(std::uint64_t address, std::uint8_t* data,
                                  unsigned length) const {
  if (address >= kRegisterBytes) return 0;
  const auto bytes =
      static_cast<unsigned>(std::min<std::uint64_t>(length, kRegisterBytes - address));
  std::memcpy(data, reinterpret_cast<const std::uint8_t*>(values_.data()) + address, bytes);
  return bytes;
}

}  // namespace cfc
