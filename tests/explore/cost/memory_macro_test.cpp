// Memory macros: the points that they were fitted to, banks by hand, and files that must be
// refused.

#include "explore/cost/memory_macro.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "tests/helpers/temporary_folder.h"

namespace cfc::testing {
namespace {

using Catch::Contains;
using namespace explore;

const std::string kMacros = CFCSIM_SOURCE_DIR "/explore/technology/osu018/memories.yaml";

/// Round figures, so that banks can be summed by hand.
constexpr const char* kRound = R"(schema: cfcsim.memories/1
name: round
sources:
  nobody: "invented"
points:
  - {use: level, words: 8, bits: 4, area_um2: 50, read_pj: 1, source: nobody}
given: {cell_um2: 1, row_um: 1, columns_per_bit: 8, macro_fo4_ns: 2, logic_fo4_ns: 1}
bank:
  least_words: 4
  least_bits: 2
  words: 16
  bits: 8
  area_um2: {fixed: 100, bit: 10, word: 5, cell: 1}
  read_pj: {fixed: 8, bit: 2, word: 0, cell: 0.5}
  write_pj: {fixed: 9, bit: 3, word: 0, cell: 0.25}
  access_ns: {fixed: 2, bit: 0, word: 0.25, cell: 0}
  leakage_uw: {fixed: 4, bit: 1, word: 0, cell: 0.125}
  access_width_power: 0.5
select: {area_um2: 6, pj: 0.5, ns: 0.75}
errors:
  area_um2: {mean: 0, max: 0, left_out_mean: 0, left_out_max: 0}
  read_pj: {mean: 0, max: 0, left_out_mean: 0, left_out_max: 0}
  write_pj: {mean: 0, max: 0, left_out_mean: 0, left_out_max: 0}
  access_ns: {mean: 0, max: 0, left_out_mean: 0, left_out_max: 0}
  leakage_uw: {mean: 0, max: 0, left_out_mean: 0, left_out_max: 0}
)";

MemoryMacros macros_of(const std::string& text) {
  const TemporaryFolder folder;
  write_file(folder / "memories.yaml", text);
  return MemoryMacros::read(folder / "memories.yaml");
}

std::string refusal(const std::string& from, const std::string& to) {
  std::string text = kRound;
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  return input_error([&] { macros_of(text); });
}

void check_equal(const MemoryMacro& macro, const MemoryMacro& expected) {
  CHECK(macro.area_um2 == Approx(expected.area_um2));
  CHECK(macro.read_pj == Approx(expected.read_pj));
  CHECK(macro.write_pj == Approx(expected.write_pj));
  CHECK(macro.access_ns == Approx(expected.access_ns));
  CHECK(macro.leakage_uw == Approx(expected.leakage_uw));
}

/// No figure of `a` is above that of `b`.
bool is_at_most(const MemoryMacro& a, const MemoryMacro& b) {
  return a.area_um2 <= b.area_um2 && a.read_pj <= b.read_pj && a.write_pj <= b.write_pj &&
         a.access_ns <= b.access_ns && a.leakage_uw <= b.leakage_uw;
}

}  // namespace

TEST_CASE("the macros that were fitted come back within the errors that the file states") {
  const MemoryMacros macros = MemoryMacros::read(kMacros);
  CHECK(macros.name() == "osu018");
  int points = 0;
  for (const MemoryMacros::Point& point : macros.points()) {
    if (point.use != "level") continue;
    ++points;
    const MemoryMacro macro = macros.macro(point.words, point.bits);
    const auto check = [&](const char* figure, double fitted, double scale) {
      const double error = std::abs(fitted / (scale * point.figures.at(figure)) - 1);
      INFO(point.words << " words, " << figure);
      CHECK(error <= macros.errors().at(figure).max + 1e-4);
    };
    check("area_um2", macro.area_um2, 1);
    check("read_pj", macro.read_pj, 1);
    check("write_pj", macro.write_pj, 1);
    check("access_ns", macro.access_ns, macros.access_scale());
    check("leakage_uw", macro.leakage_uw, 1);
  }
  CHECK(points == 4);
  for (const auto& [figure, errors] : macros.errors()) {
    INFO(figure);
    CHECK(errors.mean <= errors.max);
    CHECK(errors.max < 0.02);
    CHECK(errors.left_out_max < 0.03);
  }
}

TEST_CASE("a memory that fits into a bank is one, by hand") {
  const MemoryMacros macros = macros_of(kRound);
  // 8 words of 8 bits; twice the access time of a word a quarter as wide.
  check_equal(macros.macro(8, 8),
              {100 + 80 + 40 + 64, 8 + 16 + 32, 9 + 24 + 16, (2 + 2.0) * 2, 4 + 8 + 8});
  CHECK(macros.access_scale() == 0.5);
}

TEST_CASE("a smaller memory than the least bank takes what that takes") {
  const MemoryMacros macros = macros_of(kRound);
  check_equal(macros.macro(1, 1), macros.macro(4, 2));
  check_equal(macros.macro(3, 8), macros.macro(4, 8));
}

TEST_CASE("a wide word is banks side by side, of which an access takes all") {
  const MemoryMacros macros = macros_of(kRound);
  const MemoryMacro whole = macros.macro(8, 8);
  const MemoryMacro rest = macros.macro(8, 3);
  check_equal(macros.macro(8, 19),
              {2 * whole.area_um2 + rest.area_um2, 2 * whole.read_pj + rest.read_pj,
               2 * whole.write_pj + rest.write_pj, whole.access_ns,
               2 * whole.leakage_uw + rest.leakage_uw});
}

TEST_CASE("a deep memory is banks under one another, of which an access takes one") {
  const MemoryMacros macros = macros_of(kRound);
  const MemoryMacro whole = macros.macro(16, 8);
  const MemoryMacro rest = macros.macro(5, 8);
  // Three banks: two multiplexers a bit, and a word goes through both.
  check_equal(macros.macro(37, 8),
              {2 * whole.area_um2 + rest.area_um2 + 2 * 8 * 6.0, whole.read_pj + 2 * 8 * 0.5,
               whole.write_pj, whole.access_ns + 2 * 0.75, 2 * whole.leakage_uw + rest.leakage_uw});
  check_equal(macros.macro(32, 8), {2 * whole.area_um2 + 8 * 6.0, whole.read_pj + 8 * 0.5,
                                    whole.write_pj, whole.access_ns + 0.75, 2 * whole.leakage_uw});
}

TEST_CASE("figures grow with words and with bits, across the edges of banks too") {
  for (const MemoryMacros& macros : {macros_of(kRound), MemoryMacros::read(kMacros)}) {
    for (std::uint64_t words = 1; words < 3000; words += 1 + words / 16) {
      for (std::uint64_t bits = 1; bits < 1200; bits += 1 + bits / 16) {
        const MemoryMacro macro = macros.macro(words, bits);
        INFO(macros.name() << ' ' << words << ' ' << bits);
        CHECK(is_at_most(macro, macros.macro(words + 1, bits)));
        CHECK(is_at_most(macro, macros.macro(words, bits + 1)));
      }
    }
  }
}

TEST_CASE("a wide word costs less a bit than bytes side by side") {
  const MemoryMacros macros = MemoryMacros::read(kMacros);
  const MemoryMacro byte = macros.macro(30, 8);
  const MemoryMacro wide = macros.macro(30, 6272);
  CHECK(wide.read_pj < 0.4 * 784 * byte.read_pj);
  CHECK(wide.area_um2 < 0.7 * 784 * byte.area_um2);
}

TEST_CASE("files that are not memory macros are refused with file and key") {
  CHECK_THAT(refusal("memories/1", "memories/2"),
             Contains("memories.yaml:1") && Contains("should be cfcsim.memories/1"));
  CHECK_THAT(refusal("name: round\n", ""), Contains("name"));
  CHECK_THAT(refusal("fixed: 8,", "fixed: -8,"), Contains("memories.yaml:14") && Contains("fixed"));
  CHECK_THAT(refusal("fixed: 8, ", ""), Contains("memories.yaml:14") && Contains("fixed"));
  CHECK_THAT(refusal("cell: 0.5", "cell: .inf"), Contains("cell"));
  CHECK_THAT(refusal("cell: 0.5", "cell: 0.5, row: 1"), Contains("row"));
  CHECK_THAT(refusal("words: 16", "words: 3"), Contains("`words`: is below `least_words`"));
  CHECK_THAT(refusal("  bits: 8\n", "  bits: 1\n"), Contains("`bits`: is below `least_bits`"));
  CHECK_THAT(refusal("words: 8,", "words: 0,"), Contains("memories.yaml:6") && Contains("words"));
  CHECK_THAT(refusal("source: nobody", "source: somebody"),
             Contains("memories.yaml:6") && Contains("somebody is not one of `sources`"));
  CHECK_THAT(refusal("area_um2: 50", "area_um2: 0"), Contains("area_um2"));
  CHECK_THAT(refusal("macro_fo4_ns: 2", "macro_fo4_ns: 0"), Contains("macro_fo4_ns"));
  CHECK_THAT(refusal("access_width_power: 0.5", "access_width_power: 1.5"),
             Contains("access_width_power"));
  CHECK_THAT(refusal("select: {area_um2: 6, pj: 0.5, ns: 0.75}\n", ""), Contains("select"));
  CHECK_THAT(refusal("  access_ns: {mean: 0", "  access_ns: {meen: 0"), Contains("mean"));
  CHECK_THAT(refusal("errors:", "colour: red\nerrors:"), Contains("colour"));
  CHECK_THAT(input_error([] { MemoryMacros::read("/nowhere.yaml"); }),
             Contains("/nowhere.yaml") && Contains("give memory macros (YAML)"));
}

}  // namespace cfc::testing
