// Energy tables: every price of an accepted table is a number from 0 on, or refused by name.

#include <cmath>
#include <optional>

#include "explore/cost/energy_table.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace cfc;
  const fuzz::FuzzedFile file(bytes, size);
  std::optional<explore::EnergyTable> table;
  if (!fuzz::is_accepted([&] { table = explore::EnergyTable::read(file.path()); })) return 0;
  const auto check = [](const auto& price) {
    fuzz::is_accepted([&] {
      const double value = price();
      fuzz::require(value >= 0 && std::isfinite(value), "a price is a number from 0 on");
    });
  };
  for (const int bits : {1, 7, 8, 24, 32, 65536}) {
    check([&] { return table->multiply(bits, 8); });
    check([&] { return table->add(bits); });
    check([&] { return table->sram_bit(bits * 1000.0); });
    for (const std::uint64_t words : {1, 50, 100000}) {
      const auto width = static_cast<std::uint64_t>(bits);
      check([&] { return table->sram_bit(explore::MemoryShape{words, width, words * width}); });
    }
  }
  check([&] { return table->dram_bit(); });
  check([&] { return table->dram_bit_upper(); });
  check([&] { return table->link_bit().value_or(0); });
  return 0;
}
