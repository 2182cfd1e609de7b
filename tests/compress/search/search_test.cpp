#include "compress/search/search.h"

#include <cstdio>
#include <fstream>

#include <catch2/catch.hpp>

#include "compress/methods/pruning.h"
#include "compress/search/integer_evaluator.h"
#include "golden/compression.h"
#include "golden/inference.h"
#include "golden/onnx_file.h"
#include "support/error.h"
#include "tests/compress/helpers/random_dense_network.h"
#include "tests/compress/helpers/workspace.h"

namespace cfc::compress {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using cfc::testing::CommandResult;
using cfc::testing::read_file;
using cfc::testing::TemporaryFolder;
using cfc::testing::Workspace;

const std::vector<Shape> kPaperShapes = {{784, 50}, {50, 100}, {100, 10}};

TEST_CASE("the paper's grid has the paper's numbers, and only ranks that compress") {
  const Grid grid = paper_grid();
  REQUIRE_NOTHROW(check(grid, kPaperShapes));
  REQUIRE(units_of(grid).size() == 2UL * 5 * 14 * 3);
  REQUIRE(grid.ratios.front() == 0.05);
  REQUIRE(grid.ratios[6] == 0.35);
  REQUIRE(grid.ratios.back() == 0.7);
  REQUIRE(grid.compressions[17] == 0.36);
  for (const Shape& shape : kPaperShapes) {
    const std::vector<golden::Index> ranks = ranks_of(grid.compressions, shape);
    REQUIRE(ranks.front() == 1);
    for (const golden::Index rank : ranks)
      REQUIRE(golden::weights_removed(rank, shape.m, shape.n) > 0);
  }
}

TEST_CASE("an impossible grid is refused") {
  const auto with = [](auto change) {
    Grid grid = paper_grid();
    change(grid);
    return grid;
  };
  const std::vector<Grid> bad = {
      with([](Grid& g) { g.ratios = {1.0}; }),        with([](Grid& g) { g.ratios = {}; }),
      with([](Grid& g) { g.compressions = {0.0}; }),  with([](Grid& g) { g.compressions = {1.2}; }),
      with([](Grid& g) { g.layers = {4}; }),          with([](Grid& g) { g.layers = {0}; }),
      with([](Grid& g) { g.compressions = {0.95}; }),  // layer 3 has no rank there
  };
  for (const Grid& grid : bad) REQUIRE_THROWS_AS(check(grid, kPaperShapes), InputError);
}

/// A choice of layer 1 whose E score is given, whatever its accuracies.
Choice choice(double ratio, double compression, double probability, double e_score) {
  Choice result;
  result.point.unit = {1, probability, ratio, 1};
  result.compression = compression;
  result.e_score = e_score;
  return result;
}

TEST_CASE("candidates are the best for each pruning ratio, then for each compression") {
  const std::vector<Choice> stars = candidates({
      choice(0.1, 0.2, 0.1, 0.80),
      choice(0.1, 0.3, 0.1, 0.90),
      choice(0.1, 0.3, 0.2, 0.85),
      choice(0.2, 0.3, 0.1, 0.70),
      choice(0.2, 0.3, 0.5, 0.95),
      choice(0.2, 0.2, 0.1, 0.60),
      choice(0.3, 0.2, 0.4, 0.50),
      choice(0.3, 0.3, 0.4, 0.40),
  });
  // Ratio 0.1 takes (0.3, 0.1), 0.2 takes (0.3, 0.5), 0.3 takes (0.2, 0.4); of the two with
  // compression 0.3 the second is better.
  REQUIRE(stars.size() == 2);
  CHECK(stars[0].compression == 0.2);
  CHECK(stars[0].point.unit.ratio == 0.3);
  CHECK(stars[1].compression == 0.3);
  CHECK(stars[1].point.unit.ratio == 0.2);
  CHECK(stars[1].point.unit.probability == 0.5);
}

TEST_CASE("the rows of Table 3 are the most accurate, and the smallest network is chosen") {
  std::vector<Choice> stars;
  for (int i = 0; i < 6; ++i) {
    stars.push_back(choice(0.1, 0.1, 0.1, 0.5));
    stars.back().point.learned_accuracy = 0.9 + 0.01 * i;
    stars.back().weights_removed = golden::Index{100} * (6 - i);
  }
  const std::vector<Choice> rows = best_of_each_layer(stars, 4);
  REQUIRE(rows.size() == 4);
  CHECK(rows.front().point.learned_accuracy == Approx(0.92));
  CHECK(chosen(rows).weights_removed == 400);
  REQUIRE_THROWS_AS(chosen({}), InputError);
}

TEST_CASE("scores are those of the rank, at every compression that comes to it") {
  Point point;
  point.unit.layer = 1;
  point.rank = 30;
  point.learned_accuracy = 0.97;
  const std::vector<Choice> choices =
      scored({point}, paper_grid().compressions, kPaperShapes, kBeta);
  REQUIRE(choices.size() == 1);
  CHECK(choices[0].compression == 0.36);
  CHECK(choices[0].weights_removed == 14180);
  CHECK(choices[0].e_score == Approx(e_score(0.97, 14180.0 / 39200.0)));
}

TEST_CASE("a store keeps what it was given, and knows its search") {
  const TemporaryFolder folder;
  const fs::path file = folder / "results.sqlite";
  const Unit unit{1, 0.3, 0.35, 2};
  {
    ResultStore store(file, {{"seed", "1"}});
    REQUIRE_FALSE(store.has(unit));
    store.add({{unit, 1, 0.9, 0.8, 0.85}, {unit, 2, 0.9, 0.88, 0.89}});
    store.add({{unit, 1, 0, 0, 0}, {unit, 3, 0, 0, 0}});  // by another search, meanwhile
    const Unit other{2, 0.3, 0.35, 2};
    REQUIRE_THROWS_AS(store.add({{other, 1, 0, 0, 0}, {other, 1, 0, 0, 0}}), InputError);
    REQUIRE_FALSE(store.has(other));
  }
  const ResultStore store(file, {{"seed", "1"}});
  REQUIRE(store.has(unit));
  REQUIRE(store.points().size() == 2);  // not 3: a unit is in whole or not at all
  REQUIRE(store.points()[1].rank == 2);
  REQUIRE(store.points()[1].learned_accuracy == 0.89);
  REQUIRE_THROWS_WITH(ResultStore(file, {{"seed", "2"}}), Contains("seed 1"));
  std::ofstream(folder / "text") << "no database, but long enough to be looked at by SQLite";
  REQUIRE_THROWS_AS(ResultStore(folder / "text"), InputError);
  REQUIRE_THROWS_AS(ResultStore(folder / "nowhere"), InputError);
}

/// Explores a random network with the same images as judges and as measure, checks the points, and
/// counts those at which the factors that were learned do worse than LRA's.
int points_at_stake(cfc::testing::Generator& random) {
  const golden::Network base = cfc::testing::random_dense_network(random, 64);
  golden::Dataset data = cfc::testing::random_labels_on(random, 64);
  const auto classes = golden::infer(base, data.images).classes;
  data.labels.assign(classes.begin(), classes.end());
  const golden::Network pruned = prune(base, Pruning::unstructured_l1, 0.3, 0);
  const IntegerEvaluator evaluator(pruned, data);
  int worse = 0;
  for (const std::size_t index : {0, 1, 2}) {
    const Unit unit{1, 0.1, 0.3, static_cast<int>(index) + 1};
    const auto& w = std::get<golden::DenseWeights>(pruned.layers[index].weights).w;
    for (const Point& point :
         explore_unit(unit, base, {data, data}, {1, 2, 3, 4, 5, 6}, Learning::descent)) {
      CHECK(point.learned_accuracy >= point.lra_accuracy);
      const golden::Network built = build(unit, point.rank, base, data, Learning::descent);
      CHECK(golden_accuracy(built, data) == point.learned_accuracy);
      const IntegerFactors learned =
          learn(Learning::descent, w, SingularValues(w).factors(point.rank));
      worse += evaluator.accuracy_with(unit.layer, product(learned)) < point.lra_accuracy ? 1 : 0;
    }
  }
  return worse;
}

TEST_CASE("learned factors are kept only where they make no more training images wrong") {
  cfc::testing::Generator random = cfc::testing::seed_everything();
  int worse = 0;
  for (int i = 0; i < 5; ++i) worse += points_at_stake(random);
  CHECK(worse > 0);
}

const std::string kSearch =
    "$C search f --epochs 4 --qat-epochs 1 --dropout 0.1 0.3 --dropout-locations 2 "
    "--pruning-ratios 0.1 0.5 ";

TEST_CASE("a search writes its candidates and the chosen network, and repeats itself") {
  const Workspace work;
  const CommandResult once = work.run(kSearch + "--json -");
  INFO(once.errors);
  REQUIRE(once.status == 0);
  const golden::Network best = golden::read_network(work.made() / "f" / "chosen.onnx");
  REQUIRE(best.metadata.at("seed") == "1");
  REQUIRE_THAT(best.metadata.at("command"),
               EndsWith(" --dropout-locations 2 --dropout 0.1 0.3 --pruning-ratios 0.1 0.5"));
  REQUIRE(best.metadata.at("data") == load_data(work.made() / "../data", 10).digest);
  REQUIRE_THAT(best.metadata.at("recipe"), Contains("dropout") && Contains("pruned"));
  REQUIRE_THAT(once.output, Contains("\"chosen\"") && Contains("\"learned_accuracy\""));
  const CommandResult evaluated = work.run("$C evaluate f/chosen.onnx");
  REQUIRE_THAT(evaluated.output, Contains(best.metadata.at("validation_accuracy")));
  REQUIRE_FALSE(fs::is_empty(work.made() / "f" / "candidates"));

  // Nothing is left to compute, and the results are the same.
  const std::string bytes = read_file(work.made() / "f" / "chosen.onnx");
  const CommandResult again = work.run(kSearch);
  REQUIRE(again.status == 0);
  REQUIRE_THAT(again.errors, !Contains("epoch") && !Contains("matrices"));
  REQUIRE(read_file(work.made() / "f" / "chosen.onnx") == bytes);
}

TEST_CASE("a search that was killed goes on to the results of one that was not, on any threads") {
  const Workspace work;
  REQUIRE(work.run(kSearch + "--jobs 1").status == 0);
  fs::rename(work.made() / "f", work.made() / "whole");
  // By hand instead of a second: as soon as there is a first matrix.
  work.run("{ " + kSearch +
           "2>log & }; for wait in $(seq 1000); do grep -qs integer log && break; sleep 0.02; "
           "done; kill -9 $!; wait $!");  // a killed process holds its files until it is gone
  const CommandResult resumed = work.run(kSearch + "--jobs 2");
  INFO(resumed.errors);
  REQUIRE(resumed.status == 0);
  const auto points = ResultStore(work.made() / "f" / "results.sqlite").points();
  const auto expected = ResultStore(work.made() / "whole" / "results.sqlite").points();
  REQUIRE(points.size() == expected.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    CHECK(points[i].lra_accuracy == expected[i].lra_accuracy);
    CHECK(points[i].learned_accuracy == expected[i].learned_accuracy);
  }
  CHECK(read_file(work.made() / "f" / "chosen.onnx") ==
        read_file(work.made() / "whole" / "chosen.onnx"));
}

TEST_CASE("a search of bad options, other options or a damaged folder stops with status 2") {
  const Workspace work;
  const std::string quick =
      "$C search f --epochs 1 --qat-epochs 0 --dropout 0.1 --dropout-locations 1 --layers 3 "
      "--pruning-ratios 0.1 ";
  REQUIRE(work.run(quick).status == 0);
  const std::string results = read_file(work.made() / "f" / "results.sqlite");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"$C search", "folder"},
      {"$C search g --compressions 1.5", "compression 1.5"},
      {"$C search g --compressions 0.95", "layer 3"},
      {"$C search g --pruning-ratios 1", "pruning ratio 1"},
      {"$C search g --dropout-locations 3", "dropout location 3"},
      {"$C search g --layers 4", "no layer 4"},
      {"$C search g --learning best", "learning \"best\""},
      {"$C search g --data nowhere", "nowhere"},
      {"$C search g --epochs 1 --qat-epochs 0 --json nowhere/x.json", "nowhere/x.json"},
      {quick + "--seed 2", "seed 1"},
      {quick + "--data ../small", "with data"},
      {quick + "--data ../relabelled", "with data"},
      {"ulimit -f 4 && $C search g --epochs 1 --qat-epochs 0", "g/"},
      {"cp f/chosen.onnx f/results.sqlite && " + quick, "results.sqlite"},
  };
  for (const auto& [line, message] : cases) {
    const CommandResult outcome = work.run(line);
    INFO(line << "\n" << outcome.errors);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.errors + outcome.output, Contains(message));
    if (line.front() == '$') CHECK(read_file(work.made() / "f" / "results.sqlite") == results);
  }
}

}  // namespace
}  // namespace cfc::compress
