#include "compress/exhibits/exhibit.h"

#include <cstdlib>
#include <map>

#include <catch2/catch.hpp>

#include "compress/exhibits/gnuplot.h"
#include "compress/exhibits/paper_numbers.h"
#include "compress/exhibits/tables.h"
#include "golden/compression.h"
#include "support/error.h"
#include "tests/compress/helpers/workspace.h"

namespace cfc::compress {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using cfc::testing::CommandResult;
using cfc::testing::read_file;
using cfc::testing::refusal_of;
using cfc::testing::TemporaryFolder;
using cfc::testing::Workspace;

const std::vector<Shape> kPaperShapes = {{784, 50}, {50, 100}, {100, 10}};

TEST_CASE("CSV quotes what it must") {
  const Table table{{"a", "b,c"}, {{"1", "say \"x\""}, {"", "2"}}};
  REQUIRE(to_csv(table) == "a,\"b,c\"\n1,\"say \"\"x\"\"\"\n,2\n");
}

TEST_CASE("text aligns its columns") {
  Exhibit exhibit;
  exhibit.title = "T";
  exhibit.summary = {{"name", "n"}, {{"a", "100"}, {"longer", "1"}}};
  REQUIRE(to_text(exhibit) == "T\n\nname      n\na       100\nlonger    1\n");
}

TEST_CASE("series stand side by side, with gaps where one has no point") {
  const std::vector<Panel> panels = {
      {"p", "x", "y", {{"one", {{0.5, 1.0}, {0.25, 2.0}}}, {"two", {{0.5, 3.0}}}}}};
  const Table table = side_by_side(panels);
  REQUIRE(table.header == std::vector<std::string>{"panel", "x", "one", "two"});
  REQUIRE(table.rows.size() == 2);
  REQUIRE(table.rows[0] == std::vector<std::string>{"p", "0.25", "2.0000", "-"});
  REQUIRE(table.rows[1] == std::vector<std::string>{"p", "0.5", "1.0000", "3.0000"});
  REQUIRE(all_points(panels).rows.size() == 3);
}

TEST_CASE("the paper's numbers agree with its own formulas and words") {
  for (const PaperTable3Row& row : paper_table_3()) {
    const Shape& shape = kPaperShapes[static_cast<std::size_t>(row.unit.layer) - 1];
    const golden::Index rank = golden::rank_for(row.compression, shape.m, shape.n);
    CHECK(golden::weights_removed(rank, shape.m, shape.n) == row.weights_removed);
  }
  int good = 0;
  for (const PaperTable2Row& row : paper_table_2())
    for (const double quotient : row.quotients) good += quotient >= 1.0 ? 1 : 0;
  CHECK(paper_table_2().size() == 18);
  CHECK(good == 110);  // "nearly always", it says
}

/// A search of one unit with two ranks.
FinishedSearch small_search() {
  const Unit unit{2, 0.3, 0.35, 1};
  FinishedSearch search;
  search.grid = {{2}, {0.3}, {0.35}, {0.2, 0.36}, {1}};
  search.points = {{unit, 30, 0.97, 0.90, 0.99}, {unit, 37, 0.97, 0.96, 0.96}};
  search.shapes = kPaperShapes;
  search.beta = kBeta;
  return search;
}

std::string csv_of(const Exhibit& exhibit) { return to_csv(exhibit.data); }

TEST_CASE("Table 2 is LRA-learn by LRA at the best E score") {
  const Exhibit exhibit = table_2(small_search());
  CHECK(exhibit.data.rows.size() == 126);
  CHECK_THAT(csv_of(exhibit),
             Contains("2,0.3,1,0.35,1.100,1.063"));               // 0.99 / 0.90, not 0.96 / 0.96
  CHECK_THAT(csv_of(exhibit), Contains("1,0.1,1,0.05,-,1.033"));  // not searched
  CHECK_THAT(exhibit.title, Contains("1 of 1 (100.0 %) of our cells") &&
                                Contains("110 of 126 (87.3 %)") && Contains("2 of 2"));
}

TEST_CASE("Table 3 has the paper's settings that were searched, and our candidates") {
  const Exhibit exhibit = table_3(small_search());
  REQUIRE(exhibit.data.rows.size() == 2);
  CHECK_THAT(csv_of(exhibit),
             Contains("paper's settings,0.35,0.36,0.3,1,2,30,14180,0.9700,0.9000,0.9900,0.9060"));
  CHECK_THAT(csv_of(exhibit), Contains("our candidate,0.35,0.36"));
}

Exhibit simple_exhibit() {
  return {"x",
          "It's a title",
          {},
          {},
          {{"panel", "x", "y", {{"line", {{0.0, 1.0}, {1.0, 2.0}}}, {"empty", {}}}},
           {"names", "", "y", {{"m", {{0.0, 1.0}}, Series::Style::marks}}, {"first"}}}};
}

TEST_CASE("gnuplot draws an SVG file and leaves nothing else") {
  const TemporaryFolder folder;
  draw_svg(simple_exhibit(), folder / "it's.svg");
  const std::string svg = read_file(folder / "it's.svg");
  CHECK_THAT(
      svg, Contains("<svg") && Contains("</svg>") && Contains("It's a title") && Contains("first"));
  CHECK(std::distance(fs::directory_iterator(folder / "."), fs::directory_iterator{}) == 1);
  REQUIRE_THROWS_AS(draw_svg(simple_exhibit(), folder / "nowhere" / "x.svg"), InputError);
}

TEST_CASE("without gnuplot the drawing is refused by name") {
  const TemporaryFolder folder;
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  CHECK_THROWS_WITH(draw_svg(simple_exhibit(), folder / "x.svg"), Contains("gnuplot-nox"));
  setenv("PATH", path.c_str(), 1);
  CHECK(fs::is_empty(folder / "."));
}

TEST_CASE("every table and figure comes out as text, CSV and SVG") {
  const Workspace work;
  const CommandResult searched =
      work.run("$C search f --epochs 2 --qat-epochs 1 --dropout 0.3 --pruning-ratios 0.05 0.35");
  INFO(searched.errors);
  REQUIRE(searched.status == 0);
  const std::map<std::string, std::string> exhibits = {
      {"table 1", "QAT + KD (integer)"}, {"table 2", "L_LRA"},
      {"table 3", "paper's settings"},   {"figure 7", "L_Drop 1 and 2"},
      {"figure 8", "structured-l2"},     {"figure 9", "random-global"},
      {"figure 10", "L_Drop 2"},         {"figure 11", "unstructured-l1"},
      {"figure 12", "accuracy lost"},    {"figure 13", "R_comp"}};
  for (const auto& [exhibit, text] : exhibits) {
    const CommandResult outcome = work.run("$C " + exhibit + " f -o out");
    INFO(exhibit << "\n" << outcome.errors);
    CHECK(outcome.status == 0);
    std::string name = exhibit;
    name[name.find(' ')] = '-';
    CHECK(outcome.output == read_file(work.made() / "out" / (name + ".txt")));
    CHECK_THAT(read_file(work.made() / "out" / (name + ".svg")), Contains("</svg>"));
    CHECK_THAT(outcome.output + read_file(work.made() / "out" / (name + ".svg")), Contains(text));
    CHECK(read_file(work.made() / "out" / (name + ".csv")).size() > 50);
  }
}

TEST_CASE(
    "tables and figures of other data than the search's are refused, and nothing is trained") {
  const Workspace work;
  REQUIRE(work.run("$C search f --epochs 1 --qat-epochs 0 --dropout 0.1 --layers 3 "
                   "--pruning-ratios 0.1")
              .status == 0);
  for (const std::string exhibit : {"table 1", "table 3", "figure 7"}) {
    const CommandResult outcome = work.run("$C " + exhibit + " f --data ../relabelled");
    CHECK_THAT(refusal_of(outcome), Contains("../relabelled") && Contains("--data"));
    CHECK_FALSE(fs::exists(work.made() / "f" / "base.onnx"));
  }
}

TEST_CASE("an exhibit whose folder cannot be made trains nothing first") {
  const Workspace work;
  REQUIRE(work.run("$C search f --epochs 1 --qat-epochs 0 --dropout 0.1 --layers 3 "
                   "--pruning-ratios 0.1 && touch out")
              .status == 0);
  CHECK_THAT(refusal_of(work.run("$C table 1 f -o out")), Contains("out: cannot be made"));
  CHECK_FALSE(fs::exists(work.made() / "f" / "base.onnx"));
}

TEST_CASE("tables and figures of no search, of half a search or of no number are refused") {
  const Workspace work;
  REQUIRE(work.run("$C search f --epochs 1 --qat-epochs 0 --dropout 0.1 --layers 3 "
                   "--pruning-ratios 0.1 && sqlite3 f/results.sqlite 'DELETE FROM points'")
              .status == 0);
  for (const auto& [line, message] : std::vector<std::pair<std::string, std::string>>{
           {"$C table 3 nowhere", "no search in nowhere"},
           {"$C table 3 f", "not finished"},
           {"$C table 4 f", "4"},
           {"$C figure 6 f", "6"},
           {"sqlite3 f/results.sqlite 'DELETE FROM manifest' && $C table 3 f", "damaged"}}) {
    const CommandResult outcome = work.run(line);
    INFO(line << "\n" << outcome.errors);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.errors + outcome.output, Contains(message));
  }
}

}  // namespace
}  // namespace cfc::compress
