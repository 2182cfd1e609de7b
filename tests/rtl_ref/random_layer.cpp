// Writes a random accelerator for the RTL bench: random_layer KIND CASE FOLDER [none|values|cycles]
// The seed is fixed; CFCSIM_TEST_SEED overrides it.

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include "case_files.h"
#include "layer_case.h"

namespace {

constexpr std::uint64_t kSeed = 20240917;

std::uint64_t base_seed() {
  const char* text = std::getenv("CFCSIM_TEST_SEED");
  return text == nullptr ? kSeed : std::stoull(text);
}

rtl_bench::Sabotage parse_sabotage(const std::string& text) {
  if (text == "none") return rtl_bench::Sabotage::none;
  if (text == "values") return rtl_bench::Sabotage::values;
  if (text == "cycles") return rtl_bench::Sabotage::cycles;
  throw std::invalid_argument("unknown sabotage: " + text);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 4 || argc > 5) {
    std::cerr << "usage: random_layer KIND CASE FOLDER [none|values|cycles]\n";
    return 2;
  }
  const std::string kind = argv[1];
  const rtl_bench::Sabotage sabotage = parse_sabotage(argc == 5 ? argv[4] : "none");
  std::uint64_t seed = base_seed() + std::stoull(argv[2]);
  for (const char letter : kind) seed = seed * 131 + static_cast<unsigned char>(letter);
  std::cout << kind << " case " << argv[2] << ", CFCSIM_TEST_SEED=" << base_seed() << "\n";
  rtl_bench::write_case(rtl_bench::draw_case(kind, seed), sabotage, argv[3]);
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 2;
}
