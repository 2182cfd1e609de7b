// Memory macros: every figure of an accepted file is a number from 0 on, and grows with the memory.

#include <cmath>
#include <optional>

#include "explore/cost/memory_macro.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

using cfc::explore::MemoryMacro;

bool is_number(double value) { return value >= 0 && std::isfinite(value); }

bool is_sound(const MemoryMacro& macro) {
  return is_number(macro.area_um2) && is_number(macro.read_pj) && is_number(macro.write_pj) &&
         is_number(macro.access_ns) && is_number(macro.leakage_uw);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace cfc;
  const fuzz::FuzzedFile file(bytes, size);
  std::optional<explore::MemoryMacros> macros;
  if (!fuzz::is_accepted([&] { macros = explore::MemoryMacros::read(file.path()); })) return 0;
  double area_um2 = 0;
  for (const std::uint64_t size_of : {1, 7, 64, 513, 12560}) {
    const MemoryMacro macro = macros->macro(size_of, size_of);
    fuzz::require(is_sound(macro), "a figure is a number from 0 on");
    fuzz::require(macro.area_um2 >= area_um2, "a larger memory takes no less area");
    area_um2 = macro.area_um2;
  }
  return 0;
}
