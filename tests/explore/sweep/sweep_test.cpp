// Grids, designs and the database of a sweep.

#include "explore/sweep/sweep.h"

#include <set>
#include <system_error>

#include <catch2/catch.hpp>

#include "explore/silicon/synthesised_clock.h"
#include "explore/timing/timing_model.h"
#include "support/error.h"
#include "tests/helpers/child_process.h"
#include "tests/helpers/reseal.h"
#include "tests/helpers/temporary_folder.h"

using namespace cfc::explore;
using Catch::Contains;
using cfc::Settings;
using cfc::Sqlite;
using cfc::Statement;
using cfc::testing::input_error;
using cfc::testing::TemporaryFolder;
using cfc::testing::write_file;

namespace {

Grid grid_of(const std::string& yaml) {
  const TemporaryFolder folder;
  write_file(folder / "grid.yaml", yaml);
  return read_grid(folder / "grid.yaml");
}

std::string refusal(const std::string& yaml) {
  return input_error([&] { grid_of(yaml); });
}

NetworkFacts two_layers() {
  Workload workload;
  workload.layers = {{"fc1", {20, 12, 4}, {8, 8, 6, 16, 8}},
                     {"fc2", {12, 5, {}}, {8, 0, 0, 0, 32}}};
  return {"two.onnx", "abc", 0.5, workload};
}

SweepPlan plan_of(const std::string& yaml) {
  return {{two_layers()}, grid_of(yaml), Settings{}, {7}, {}};
}

const SweepHooks kNoHooks{[] { return false; }, [](std::uint64_t) {}};

const char* const kGrid =
    "axes: {layers.1.schedule: [dense, sequential, streaming],\n"
    "       defaults.lanes_u: {from: 1, to: 40}, defaults.lanes_v: {from: 1, to: 16, times: 2}}";

/// All rows in an order of their own.
std::string dump(SweepStore& store) {
  Statement query(store.database(), "SELECT * FROM points ORDER BY digest");
  std::string text;
  while (query.step()) {
    for (int i = 0; i < query.columns(); ++i) text += query.text(i) + '|';
    text += '\n';
  }
  return text;
}

}  // namespace

TEST_CASE("a grid has every combination, the last axis fastest") {
  const Grid grid = grid_of(
      "axes:\n  defaults.lanes_u: {from: 2, to: 8, times: 2}\n  layers.2.lanes_u: [1, full]\n"
      "  defaults.read_latency: {from: 0, to: 3, step: 2}\n  clock_period_ns: 5");
  CHECK(grid.points() == 12);
  GridCursor cursor(grid, Settings{});
  CHECK(cursor.assignments_at(11) ==
        "defaults.lanes_u=8\nlayers.2.lanes_u=full\ndefaults.read_latency=2\nclock_period_ns=5\n");
  // A cursor that jumps about agrees with a fresh one.
  for (const std::uint64_t point : {3, 0, 11, 4, 5, 1}) {
    const Settings jumped = cursor.settings_at(point);
    GridCursor fresh(grid, Settings{});
    const auto shapes = two_layers().workload.shapes();
    CHECK(to_json(resolve(jumped, shapes)) == to_json(resolve(fresh.settings_at(point), shapes)));
  }
  CHECK(cursor.settings_at(2).defaults.lanes_u->elements == 2);
  CHECK(*cursor.settings_at(5).defaults.read_latency == 2);
}

TEST_CASE("bad grids are refused with file, line and key") {
  CHECK_THAT(refusal("axes:\n  defaults.lanes: [1]"),
             Contains("grid.yaml:2: defaults.lanes: unknown key 'lanes'; did you mean lanes_u?"));
  CHECK_THAT(refusal("axes: {defaults.lanes_u: [1, x]}"), Contains("'x' is not a width"));
  CHECK_THAT(refusal("axes: {defaults.lanes_u: []}"), Contains("the list is empty"));
  CHECK_THAT(refusal("axes: {}"), Contains("the grid is empty"));
  CHECK_THAT(refusal("axes:"), Contains("the grid is empty"));
  CHECK_THAT(refusal("networks: [a.onnx]"), Contains("the grid is empty"));
  CHECK_THAT(refusal(""), Contains("grid.yaml: a grid is a map"));
  CHECK_THAT(refusal("axes: {defaults.lanes_u: [1]}\naxes: {defaults.lanes_v: [1]}"),
             Contains("grid.yaml:2: axes: is given twice"));
  CHECK_THAT(refusal("axes: {defaults.lanes_u: {from: 1, to: 4, to: 5}}"),
             Contains("defaults.lanes_u.to: is given twice"));
  CHECK_THAT(refusal("axis: {}"), Contains("unknown key 'axis'"));
  CHECK_THAT(refusal("axes: {defaults.lanes_u: {from: 8, to: 2}}"), Contains("from 8"));
  CHECK_THAT(refusal("axes: {defaults.lanes_u: {from: 1}}"), Contains("no to"));
  CHECK_THAT(refusal("axes: {defaults.lanes_u: {from: 1, to: 4, step: 0}}"), Contains("step"));
  CHECK_THAT(refusal("axes: {defaults.lanes_u: {from: 1, to: 4, times: 1}}"), Contains("times"));
  CHECK_THAT(refusal("axes: {defaults.read_latency: {from: 0, to: 4, times: 2}}"),
             Contains("cannot begin at 0"));
  CHECK_THAT(refusal("axes: {defaults.lanes_u: {from: 1, to: 4, by: 1}}"), Contains("a range has"));
  CHECK_THAT(refusal("axes: {defaults.lanes_u: [1, 1]}"), Contains("has 1 twice"));
  CHECK_THAT(refusal("axes: {defaults.lanes_u: [1], defaults.lanes_u: [2]}"),
             Contains("is given twice"));
  CHECK_THAT(refusal("axes: {defaults.lanes_u: {from: 1, to: 65536},\n"
                     "       defaults.lanes_v: {from: 1, to: 65536}}"),
             Contains("more than 100000000 points"));
  CHECK_THAT(refusal("axes: ["), Contains("is not YAML"));
}

TEST_CASE("figures are those of the timing model") {
  const TemporaryFolder folder;
  SweepStore store(folder / "s.sqlite");
  const SweepPlan plan = plan_of("axes: {defaults.lanes_u: 7, defaults.lanes_v: 5}");
  CHECK(run_sweep(plan, store, 1, kNoHooks).computed == 1);

  const NetworkFacts network = two_layers();
  GridCursor cursor(plan.grid, Settings{});
  const auto configuration = resolve(cursor.settings_at(0), network.workload.shapes());
  const auto run = predict_every_image(configuration, network.workload.widths(), 7);
  Statement query(
      store.database(),
      "SELECT cycles, latency_cycles, peak_bits, multipliers, accumulators, operations, "
      "compute_cycles, multiplications, read_words, images_per_second FROM results");
  REQUIRE(query.step());
  const auto value = [&](int column) { return static_cast<std::uint64_t>(query.integer(column)); };
  CHECK(value(0) == run.cycles);
  CHECK(value(1) == predict_every_image(configuration, network.workload.widths(), 1).cycles);
  CHECK(value(2) == run.layers[0].peak_bits_per_cycle + run.layers[1].peak_bits_per_cycle);
  CHECK(value(3) == 7 + 5 + 7);
  CHECK(value(4) == 1 + 12 + 1);
  CHECK(value(5) == 5 + 5);
  CHECK(value(6) == (run.layers[0].run_cycles + run.layers[1].run_cycles) / 7);
  CHECK(value(7) == 7UL * (20 * 4 + 4 * 12 + 12 * 5));
  std::uint64_t words = 0;
  for (const auto& layer : run.layers) {
    for (const auto& [name, memory] : layer.memories) words += memory.reads.words;
  }
  CHECK(value(8) == words);
  CHECK(query.real(9) == Approx(7e9 / (static_cast<double>(run.cycles) * 10)));
}

TEST_CASE("the figures of this version of the model are those that databases hold") {
  SweepPlan plan = plan_of(
      "axes: {layers.1.schedule: [dense, sequential, streaming],\n"
      "       defaults.issue: [overlapped, stepped]}");
  for (const char* setting :
       {"defaults.lanes_u=3", "defaults.lanes_v=5", "defaults.read_latency=1",
        "defaults.multiply_latency=2", "defaults.adder_latency=1", "defaults.link_width=2",
        "defaults.psum_storage=memory", "layers.2.input_buffers=2"}) {
    apply_override(plan.base, setting);
  }
  const WeightPlace from_dram{WeightPlace::Kind::dram, 4};
  plan.setting.energy = {EnergyTable::read(CFCSIM_SOURCE_DIR "/explore/energy/horowitz-45nm.yaml"),
                         from_dram};
  const TemporaryFolder folder;
  SweepStore store(folder / "s.sqlite");
  run_sweep(plan, store, 1, kNoHooks);
  std::string columns;
  for (const Count& count : counts()) columns += std::string(count.name) + " || ' ' || ";
  Statement query(store.database(),
                  "SELECT " + columns + "printf('%.3f', energy) FROM points " + "ORDER BY cycles");
  std::string found = "model " + std::to_string(kModelVersion) + '\n';
  while (query.step()) found += query.text(0) + '\n';
  INFO(
      "the model gives other figures than those that are stored for its version: raise "
      "kModelVersion in explore/sweep/design.h, so that no stored result is taken for one of this "
      "model, and only then pin the new figures here");
  CHECK(found ==
        "model 1\n"
        "368 80 61 84 10 1316 11 14 896 231 27552 11648 448 64192.933\n"
        "440 86 72 0 21 1316 11 3 959 301 24864 4032 184 62582.933\n"
        "720 126 112 438 17 2100 6 2 1575 273 35392 3584 136 104970.000\n"
        "1632 360 341 966 10 1316 11 14 896 231 27552 11648 412 64192.933\n"
        "2180 434 420 462 21 1316 11 3 959 301 24864 4032 176 62582.933\n"
        "4336 742 728 3210 17 2100 6 2 1575 273 35392 3584 136 104970.000\n");
}

TEST_CASE("standard cells are evaluated for each point, and are part of what it is") {
  SweepPlan plan = plan_of("axes: {defaults.lanes_u: [1, 20], clock_period_ns: [4, synthesised]}");
  const auto cells = std::make_shared<const Technology>(
      Technology::read(CFCSIM_SOURCE_DIR "/explore/technology/osu018"));
  plan.setting.technology = cells;
  plan.setting.technology_sha256 = "abc";
  const TemporaryFolder folder;
  SweepStore store(folder / "s.sqlite");
  REQUIRE(run_sweep(plan, store, 1, kNoHooks).computed == 4);
  const NetworkFacts network = two_layers();
  Statement query(
      store.database(),
      "SELECT period_ns, cells_um2, cells_origin, clock_origin, clock_period_ns, "
      "time_ns, cycles, images, technology, area_um2, silicon_pj FROM results WHERE multipliers = "
      "?");
  for (const int lanes : {1, 20}) {
    Settings settings;
    apply_override(settings, "defaults.lanes_u=" + std::to_string(lanes));
    const auto machine = resolve(settings, network.workload, cells.get());
    const Silicon silicon = cells->evaluate(machine, network.workload);
    query.bind(1, static_cast<std::uint64_t>(2 * lanes + machine.layers[0].lanes_v));
    int configured = 0;
    while (query.step()) {
      CHECK(query.real(0) == silicon.period_ns());
      CHECK(query.real(1) == silicon.cells_um2());
      CHECK(query.text(2) == to_string(silicon.origin()));
      CHECK(query.real(9) == Approx(silicon.area_um2()));
      CHECK(query.real(10) > 0);
      CHECK(query.text(8) == cells->name());
      CHECK(query.real(5) == Approx(query.real(0) * query.real(6) / query.real(7)));
      if (query.text(3) == "configured") ++configured;
      CHECK((query.text(3) == "configured") == (query.real(4) == 4));
    }
    CHECK(configured == 1);
  }
  SweepPlan other = plan;
  other.setting.technology_sha256 = "abd";
  CHECK(run_sweep(other, store, 1, kNoHooks).computed == 4);
}

TEST_CASE("asking again computes nothing, whatever the number of threads") {
  const TemporaryFolder folder;
  const SweepPlan plan = plan_of(kGrid);
  SweepStore one(folder / "one.sqlite");
  SweepStore three(folder / "three.sqlite");
  const SweepSummary first = run_sweep(plan, one, 1, kNoHooks);
  CHECK(first.digests.size() == 3UL * 40 * 5);
  CHECK(first.computed + first.known == first.digests.size());
  CHECK(run_sweep(plan, three, 3, kNoHooks).computed == first.computed);
  CHECK(dump(one) == dump(three));
  const SweepSummary again = run_sweep(plan, one, 2, kNoHooks);
  CHECK(again.computed == 0);
  CHECK(again.known == first.digests.size());
  // What figures depend on makes another point.
  SweepPlan more_images = plan;
  more_images.setting.images = 8;
  CHECK(run_sweep(more_images, one, 1, kNoHooks).computed == first.computed);
  SweepPlan other_network = plan;
  other_network.networks[0].sha256 = "abd";
  CHECK(run_sweep(other_network, one, 1, kNoHooks).computed == first.computed);
}

TEST_CASE("shards are disjoint, and merged they are the whole") {
  const TemporaryFolder folder;
  SweepPlan plan = plan_of(kGrid);
  SweepStore whole(folder / "whole.sqlite");
  run_sweep(plan, whole, 1, kNoHooks);
  SweepStore merged(folder / "merged.sqlite");
  std::size_t points = 0;
  for (std::uint64_t shard = 1; shard <= 3; ++shard) {
    const std::string file = folder / ("shard" + std::to_string(shard));
    plan.shard = {shard, 3};
    SweepStore store(file);
    points += run_sweep(plan, store, 2, kNoHooks).digests.size();
    merged.merge(SweepSource(file));
    CHECK(merged.merge(SweepSource(file)) == 0);
  }
  CHECK(points == 600);
  CHECK(dump(merged) == dump(whole));
  CHECK_THAT(input_error([&] { merged.merge(SweepSource(folder / "merged.sqlite")); }),
             Contains("into itself"));
  CHECK_THAT(input_error([&] { merged.merge(SweepSource(folder / "none")); }),
             Contains("is not there"));
  // The same point with other figures is no point to merge.
  {
    SweepStore other(folder / "shard1");
    other.database().execute("UPDATE points SET cycles = cycles + 1 WHERE rowid = 1");
    cfc::testing::reseal(other.database());
  }
  CHECK_THAT(input_error([&] { merged.merge(SweepSource(folder / "shard1")); }),
             Contains("other figures"));
  CHECK(dump(merged) == dump(whole));
}

TEST_CASE("an impossible point is recorded with its reason, and the others are computed") {
  const TemporaryFolder folder;
  SweepStore store(folder / "s.sqlite");
  const SweepPlan plan =
      plan_of("axes: {layers.2.schedule: [dense, streaming], layers.1.lanes_u: [1, 2]}");
  CHECK(run_sweep(plan, store, 1, kNoHooks).computed == 4);
  Statement query(store.database(),
                  "SELECT failure, configuration, cycles FROM points WHERE failure IS NOT NULL");
  REQUIRE(query.step());
  CHECK_THAT(query.text(0),
             Contains("layers.2.schedule=streaming") && Contains("needs a factorised layer"));
  CHECK_THAT(query.text(1), Contains("{\"asked\":{\"layers.2.schedule\":\"streaming\","));
  CHECK(query.is_null(2));
  REQUIRE(query.step());
  CHECK_FALSE(query.step());
  CHECK(store.database().integer("SELECT count(*) FROM results") == 2);
  CHECK(run_sweep(plan, store, 1, kNoHooks).computed == 0);
}

TEST_CASE("a sweep that is stopped keeps whole points and goes on later") {
  const TemporaryFolder folder;
  const SweepPlan plan =
      plan_of("axes: {defaults.lanes_u: {from: 1, to: 400}, defaults.lanes_v: {from: 1, to: 60}}");
  SweepStore store(folder / "s.sqlite");
  const SweepSummary part = run_sweep(plan, store, 2, {[] { return true; }, [](std::uint64_t) {}});
  CHECK(part.interrupted);
  CHECK(part.computed < plan.points());
  CHECK(store.database().integer("SELECT count(*) FROM points") ==
        static_cast<std::int64_t>(part.computed));
  const SweepSummary rest = run_sweep(plan, store, 2, kNoHooks);
  CHECK_FALSE(rest.interrupted);
  CHECK(rest.computed + part.computed ==
        static_cast<std::uint64_t>(store.database().integer("SELECT count(*) FROM points")));
}

TEST_CASE("what is no database of this version is refused and left alone") {
  const TemporaryFolder folder;
  write_file(folder / "text", std::string(5000, 'x'));
  CHECK_THAT(input_error([&] { SweepStore store(folder / "text"); }),
             Contains("text: is not a SQLite database"));
  CHECK(cfc::testing::read_file(folder / "text") == std::string(5000, 'x'));
  Sqlite(folder / "other").execute("CREATE TABLE t (a)");
  CHECK_THAT(input_error([&] { SweepStore store(folder / "other"); }), Contains("another program"));
  { SweepStore store(folder / "newer"); }
  Sqlite(folder / "newer").execute("PRAGMA user_version = 9");
  CHECK_THAT(input_error([&] { SweepStore store(folder / "newer"); }),
             Contains("version 9 of the schema"));
  CHECK(Sqlite(folder / "newer").integer("PRAGMA user_version") == 9);
  CHECK_THAT(input_error([&] { SweepSource source(folder / "text"); }),
             Contains("text: is not a SQLite database"));
  CHECK_THAT(input_error([&] { SweepStore store(folder.path()); }), Contains("cannot be opened"));
}

TEST_CASE("kind 16, failure of a helper: where no thread can be had, a sweep ends with an error") {
  const TemporaryFolder folder;
  const SweepPlan plan = plan_of(kGrid);
  SweepStore store(folder / "s.sqlite");
  const int status = cfc::testing::in_child([&] {
    if (!cfc::testing::forbid_processes()) return 2;
    try {
      run_sweep(plan, store, 2, kNoHooks);
    } catch (const std::system_error&) {  // which is exit status 2 (support/command)
      return 0;
    }
    return 1;
  });
  CHECK(status == 0);
  CHECK(store.digests().empty());
}

TEST_CASE("kind 19, whose fault: a value or a view that is another one is noticed") {
  const TemporaryFolder folder;
  const SweepPlan plan = plan_of(kGrid);
  for (const char* change :
       {"UPDATE points SET cycles = cycles + 1 WHERE rowid = 3",
        "UPDATE points SET energy = 1 WHERE rowid = 3", "UPDATE networks SET file = 'other.onnx'",
        "UPDATE points SET seal = 'x' WHERE rowid = 3",
        "UPDATE simulations SET difference = 'cycles'",
        "DROP VIEW results; CREATE VIEW results AS SELECT * FROM points"}) {
    CAPTURE(change);
    const std::filesystem::path file = folder / "changed";
    std::filesystem::remove(file);
    {
      SweepStore store(file);
      run_sweep(plan, store, 1, kNoHooks);
      store.add_simulation(*store.digests().begin(), "");
    }
    SweepStore(file).database().execute(change);
    CHECK_THAT(input_error([&] { SweepStore store(file); }),
               Contains("changed: is a damaged database"));
    CHECK_THAT(input_error([&] { SweepSource source(file); }),
               Contains("changed: is a damaged database"));
  }
}

TEST_CASE("tables, views and indices of others may stand beside those of a sweep") {
  const TemporaryFolder folder;
  SweepStore(folder / "s")
      .database()
      .execute("CREATE TABLE notes (a); CREATE INDEX fast ON points (cycles)");
  CHECK_NOTHROW(SweepStore(folder / "s"));
}

TEST_CASE("a full disk is one error, and the database stays whole") {
  const TemporaryFolder folder;
  const SweepPlan plan = plan_of(kGrid);
  SweepStore store(folder / "s.sqlite");
  const std::int64_t pages = store.database().integer("PRAGMA page_count");
  store.database().execute("PRAGMA max_page_count = " + std::to_string(pages + 5));
  CHECK_THAT(input_error([&] { run_sweep(plan, store, 2, kNoHooks); }),
             Contains("disk may be full"));
  Sqlite again(folder / "s.sqlite");
  Statement check(again, "PRAGMA integrity_check");
  REQUIRE(check.step());
  CHECK(check.text(0) == "ok");
  store.database().execute("PRAGMA max_page_count = 1000000");
  CHECK(run_sweep(plan, store, 2, kNoHooks).digests.size() == 600);
}
