#include "tests/fuzz/fuzz_target.h"

#include <cstdio>
#include <cstdlib>

#include <sys/mman.h>
#include <unistd.h>

#include "tests/helpers/same_network.h"

namespace cfc::fuzz {

FuzzedFile::FuzzedFile(const std::uint8_t* bytes, std::size_t size)
    : descriptor_(memfd_create("fuzzed", 0)),
      path_("/proc/self/fd/" + std::to_string(descriptor_)) {
  require(::write(descriptor_, bytes, size) == static_cast<ssize_t>(size), "there is memory");
}

FuzzedFile::FuzzedFile(const std::string& bytes)
    : FuzzedFile(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()) {}

FuzzedFile::~FuzzedFile() { close(descriptor_); }

void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "FINDING: this does not hold: %s\n", property);
  std::abort();
}

bool is_same(const golden::Network& a, const golden::Network& b) {
  return testing::same_network(a, b);
}

}  // namespace cfc::fuzz
