#pragma once

// What the fuzzers share. Each is one LLVMFuzzerTestOneInput; libFuzzer brings main.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "golden/network.h"
#include "support/error.h"

namespace cfc::fuzz {

/// A file in memory whose bytes are what the fuzzer made.
class FuzzedFile {
 public:
  FuzzedFile(const std::uint8_t* bytes, std::size_t size);
  explicit FuzzedFile(const std::string& bytes);
  ~FuzzedFile();
  FuzzedFile(const FuzzedFile&) = delete;
  FuzzedFile& operator=(const FuzzedFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  int descriptor_;
  std::filesystem::path path_;
};

/// Whether `read` accepts its input. An InputError is the only way to refuse one; anything else
/// that is thrown ends the fuzzer as a finding.
template <typename Read>
bool is_accepted(const Read& read) {
  try {
    read();
    return true;
  } catch (const InputError&) {
    return false;
  }
}

/// Ends the fuzzer with a finding unless `holds`.
void require(bool holds, const char* property);

/// Whether two networks are the same in every field.
bool is_same(const golden::Network& a, const golden::Network& b);

}  // namespace cfc::fuzz
