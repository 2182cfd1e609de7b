// Parameters of a DRAM: an accepted one has a size, and answers accesses after they arrive, in
// order.

#include <optional>

#include "platform/dram/dram_timing.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace cfc;
  const fuzz::FuzzedFile file(bytes, size);
  std::optional<DramParameters> dram;
  if (!fuzz::is_accepted([&] { dram = read_dram_parameters(file.path()); })) return 0;
  fuzz::require(dram->size() > 0, "a DRAM holds something");
  DramTiming timing(*dram);
  sc_core::sc_time arrival;
  for (std::uint64_t i = 0; i < 8; ++i) {
    const std::uint64_t address = i * 977 * 64 % dram->size();
    const sc_core::sc_time answer = timing.schedule(arrival, {address, 64, i % 3 == 0});
    fuzz::require(answer > arrival, "an answer comes after its question");
    arrival = answer;
  }
  return 0;
}

int sc_main(int, char**) { return 0; }
