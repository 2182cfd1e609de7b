// `cfcsim sweep` as a user runs it.

#include <csignal>
#include <filesystem>
#include <random>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "golden/network.h"
#include "golden/onnx_file.h"
#include "support/sqlite.h"
#include "tests/helpers/command.h"
#include "tests/helpers/reseal.h"
#include "tests/helpers/temporary_folder.h"

using Catch::Contains;
using cfc::testing::CommandResult;
using cfc::testing::TemporaryFolder;
using cfc::testing::write_file;
using nlohmann::json;

namespace {

const std::string kSource = CFCSIM_SOURCE_DIR;
const std::string kSmall = kSource + "/testbench/grids/small.yaml";
const std::string kEnergy = kSource + "/explore/energy/horowitz-45nm.yaml";
const std::string kNetwork = kSource + "/golden/models/mnist-784-50-100-10-r30.onnx";

CommandResult sweep(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {CFCSIM_BINARY, "sweep"});
  return cfc::testing::run_command(arguments);
}

json sweep_json(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--network", kNetwork, "--json", "-"});
  return cfc::testing::json_of(sweep(arguments));
}

std::string refusal(const std::vector<std::string>& arguments) {
  return cfc::testing::refusal_of(sweep(arguments));
}

}  // namespace

TEST_CASE("a sweep agrees with verify, and SystemC with the sweep") {
  const TemporaryFolder folder;
  const std::string db = folder / "s.sqlite";
  const json result =
      sweep_json({kSmall, "--db", db, "--images", "20", "--energy", kEnergy, "--simulate", "all",
                  "--jobs", "2", "--pareto", "cycles,energy,multipliers"});
  CHECK(result["schema"] == "cfcsim.sweep/1");
  CHECK(result["points_asked"] == 54);
  CHECK(result["points_computed"] == 54);
  CHECK(result["points"].size() == 54);
  CHECK(result["simulated"]["points"] == 54);
  CHECK(result["simulated"]["differences"].empty());
  CHECK(result["pareto"]["digests"].size() >= 2);
  const json again = sweep_json({kSmall, "--db", db, "--images", "20", "--energy", kEnergy,
                                 "--simulate", "all", "--pareto", "cycles,energy,multipliers"});
  CHECK(again["points_computed"] == 0);
  CHECK(again["simulated"]["points"] == 0);
  CHECK(again["points"] == result["points"]);
  CHECK(again["pareto"] == result["pareto"]);

  const json& fastest = result["points"][0];
  const json& layer = fastest["configuration"]["layers"]["1"];
  const CommandResult verified = cfc::testing::run_command(
      {CFCSIM_BINARY, "verify", "--data", CFCSIM_TEST_DATA, "--images", "20", "--json", "-",
       "--set", "layers.1.schedule=" + layer["schedule"].get<std::string>(), "--set",
       "layers.1.lanes_u=" + layer["lanes_u"].dump(), "--set",
       "layers.1.lanes_v=" + layer["lanes_v"].dump(), "--set",
       "defaults.input_buffers=" + layer["input_buffers"].dump()});
  REQUIRE(verified.status == 0);
  const json measured = json::parse(verified.output);
  CHECK(measured["config"] == fastest["configuration"]);
  CHECK(measured["cycles"]["total"] == fastest["cycles"]);
}

TEST_CASE("a stored point that SystemC contradicts is named, and exit status 1") {
  const TemporaryFolder folder;
  const std::string db = folder / "s.sqlite";
  sweep_json({kSmall, "--db", db, "--images", "3"});
  std::string digest;
  {
    cfc::Sqlite database(db);
    database.execute("UPDATE points SET stall_cycles = stall_cycles + 1 WHERE rowid = 9");
    cfc::testing::reseal(database);
    cfc::Statement query(database, "SELECT digest FROM points WHERE rowid = 9");
    query.step();
    digest = query.text(0);
  }
  for (int i = 0; i < 2; ++i) {
    const CommandResult result =
        sweep({kSmall, "--db", db, "--images", "3", "--network", kNetwork, "--simulate", "all"});
    CHECK(result.status == 1);
    CHECK_THAT(result.output, Contains("DIFFERENCE, point " + digest + ": stall_cycles: stored "));
    CHECK_THAT(result.output, Contains("\"lanes_u\":"));
  }
}

TEST_CASE("energy is named with its table and unit") {
  const TemporaryFolder folder;
  const CommandResult with = sweep({kSmall, "--db", folder / "a", "--network", kNetwork, "--energy",
                                    "eyeriss", "--pareto", "energy,cycles"});
  CHECK_THAT(with.output, Contains("energy: table eyeriss, in 16-bit MAC, weights on_chip"));
  const CommandResult without = sweep({kSmall, "--db", folder / "a", "--network", kNetwork});
  CHECK_THAT(without.output, !Contains("energy: table"));
}

TEST_CASE("a share and the front can be simulated by themselves") {
  const TemporaryFolder folder;
  const json share =
      sweep_json({kSmall, "--db", folder / "a", "--images", "2", "--simulate", "0.3"});
  CHECK(share["simulated"]["points"] > 4);
  CHECK(share["simulated"]["points"] < 35);
  const json front =
      sweep_json({kSmall, "--db", folder / "b", "--images", "2", "--simulate", "pareto"});
  CHECK(front["simulated"]["points"] == front["pareto"]["digests"].size());
}

TEST_CASE("shards merge to the whole, on the command line too") {
  const TemporaryFolder folder;
  for (const std::string shard : {"1", "2"}) {
    sweep_json({kSmall, "--db", folder / shard, "--shard", shard + "/2"});
  }
  const CommandResult merged = cfc::testing::run_command(
      {CFCSIM_BINARY, "sweep-merge", folder / "all", folder / "1", folder / "2"});
  CHECK(merged.status == 0);
  CHECK(sweep_json({kSmall, "--db", folder / "all"})["points_computed"] == 0);
  for (const std::string file : {"1-wal", "1-shm", "all-wal"}) {
    CHECK_FALSE(std::filesystem::exists(folder / file));
  }
}

TEST_CASE("a bad source is named, and neither it nor a target comes of it") {
  const TemporaryFolder folder;
  const std::string good = folder / "good.sqlite";
  sweep_json({kSmall, "--db", good});
  std::string bytes = cfc::testing::read_file(good);
  bytes.replace(bytes.size() / 2, 4096, 4096, '\0');
  write_file(folder / "damaged.sqlite", bytes);
  write_file(folder / "empty.sqlite", "");
  for (const std::string name : {"damaged.sqlite", "empty.sqlite", "none.sqlite"}) {
    const std::string bad = folder / name;
    const bool was_there = std::filesystem::exists(bad);
    const std::string before = was_there ? cfc::testing::read_file(bad) : "";
    const std::string refusal = cfc::testing::refusal_of(cfc::testing::run_command(
        {CFCSIM_BINARY, "sweep-merge", folder / "target.sqlite", good, bad}));
    CHECK_THAT(refusal, Contains(name));
    CHECK_FALSE(std::filesystem::exists(folder / "target.sqlite"));
    CHECK(std::filesystem::exists(bad) == was_there);
    if (was_there) CHECK(cfc::testing::read_file(bad) == before);
  }
}

TEST_CASE("accuracy is that of the weights that are computed with, or unknown") {
  const TemporaryFolder folder;
  const json result = sweep_json({kSmall, "--db", folder / "s"});
  int unknown = 0;
  for (const json& point : result["points"]) {
    const json& schedule = point["configuration"]["layers"]["1"]["schedule"];
    CHECK(point["accuracy"].is_null() == (schedule == "dense"));
    if (point["accuracy"].is_null()) ++unknown;
  }
  CHECK(unknown == 18);
}

TEST_CASE("CSV has a line a point and a column a key") {
  const TemporaryFolder folder;
  sweep_json({kSmall, "--db", folder / "s", "--csv", folder / "s.csv"});
  const std::string csv = cfc::testing::read_file(folder / "s.csv");
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 55);
  CHECK_THAT(csv, Contains(",layers.1.lanes_u,") && Contains(",peak_bits,") &&
                      Catch::StartsWith("digest,pareto,"));
}

TEST_CASE("bad input of a sweep is refused with one clear line and exit status 2") {
  const TemporaryFolder folder;
  const std::string db = folder / "s.sqlite";
  write_file(folder / "bad.yaml", "axes: {defaults.lanes: [1]}");
  CHECK_THAT(refusal({folder / "bad.yaml", "--db", db}), Contains("did you mean lanes_u?"));
  CHECK_THAT(refusal({folder / "none.yaml", "--db", db}), Contains("cannot be opened"));
  CHECK_THAT(refusal({kSmall, "--db", db, "--network", folder / "none.onnx"}),
             Contains("none.onnx: there is no such file"));
  CHECK_THAT(refusal({kSmall, "--db", db, "--pareto", "cycles,speed"}),
             Contains("'speed' is not a metric; the metrics are cycles, "));
  CHECK_THAT(refusal({kSmall, "--db", db, "--pareto", "energy"}), Contains("give --energy"));
  CHECK_THAT(refusal({kSmall, "--db", db, "--shard", "3/2"}), Contains("--shard 3/2"));
  CHECK_THAT(refusal({kSmall, "--db", db, "--simulate", "2"}), Contains("--simulate 2"));
  CHECK_THAT(refusal({kSmall, "--db", db, "--energy", kEnergy, "--weights", "rom"}),
             Contains("--weights rom"));
  CHECK_THAT(refusal({kSmall, "--db", db, "--weights", "rom"}), Contains("--weights rom"));
  CHECK_THAT(refusal({kSmall, "--db", db, "--weights", "dram/4"}), Contains("give --energy"));
  write_file(folder / "ninth.yaml", "axes:\n  layers.9.lanes_u: [1, 2]");
  CHECK_THAT(refusal({folder / "ninth.yaml", "--db", db}),
             Contains("ninth.yaml:2: layers.9.lanes_u: the network has layers 1 to 3"));
  CHECK_THAT(refusal({kSmall, "--db", db, "--set", "layers.9.lanes_u=1"}),
             Contains("--set layers.9.lanes_u=1: the network has layers 1 to 3"));
  CHECK_THAT(refusal({kSmall, "--db", ""}), Contains("an empty value means nothing"));
  CHECK_FALSE(std::filesystem::exists(db));
  CHECK_THAT(refusal({kSmall, "--db", kSmall}), Contains("--db would overwrite"));
  CHECK(sweep({kSmall}).status == 2);
}

TEST_CASE("a file that may not grow is a full disk: one line, and the points before are kept") {
  const TemporaryFolder folder;
  const std::string db = folder / "s.sqlite";
  const std::string command =
      std::string(CFCSIM_BINARY) + " sweep " + kSource + "/tests/cfcsim/crash_grid.yaml --db " + db;
  const CommandResult full =
      cfc::testing::run_command({"/bin/bash", "-c", "ulimit -f 600; " + command});
  CHECK_THAT(cfc::testing::refusal_of(full), Contains("disk may be full"));
  cfc::Sqlite database(db);
  cfc::Statement check(database, "PRAGMA integrity_check");
  REQUIRE(check.step());
  CHECK(check.text(0) == "ok");
}

TEST_CASE("Ctrl-C keeps what is computed, and exit status 130") {
  const TemporaryFolder folder;
  const std::string db = folder / "s.sqlite";
  const CommandResult result =
      cfc::testing::run_command({"/bin/bash", "-c",
                                 "trap '' INT; (trap - INT; exec " + std::string(CFCSIM_BINARY) +
                                     " sweep " + kSource + "/testbench/grids/mnist.yaml --db " +
                                     db + ") & pid=$!; sleep 0.7; kill -INT $pid; wait $pid"});
  CAPTURE(result.output, result.errors);
  CHECK(result.status == 130);
  CHECK_THAT(result.output, Contains("interrupted: ") && Contains("ask again for the rest"));
  CHECK(cfc::Sqlite(db).integer("SELECT count(*) FROM points") > 0);
}

TEST_CASE("kind 8, said twice: one value in two spellings, one layer, two documents") {
  const TemporaryFolder folder;
  const auto refused_grid = [&](const std::string& text) {
    write_file(folder / "grid.yaml", text);
    return refusal({folder / "grid.yaml", "--db", folder / "db", "--network", kNetwork});
  };
  CHECK_THAT(refused_grid("axes: {defaults.lanes_u: [8, 08]}"), Contains("'08' is not a width"));
  CHECK_THAT(refused_grid("axes: {layers.1.lanes_u: [8], layers.01.lanes_u: [4]}"),
             Contains("'01' is not a whole number"));
  CHECK_THAT(refused_grid("axes: {defaults.lanes_u: [8]}\n---\naxes: {}\n"),
             Contains("grid.yaml:2: a second document"));
  CHECK_THAT(refused_grid("axes: {defaults.lanes_u: {from: 010, to: 20}}"),
             Contains("from: '010' is not a whole number"));
  CHECK_FALSE(std::filesystem::exists(folder / "db"));
}

TEST_CASE(
    "kind 9, an empty front is not success in silence, and kind 11, its reason is told once") {
  const TemporaryFolder folder;
  write_file(folder / "grid.yaml",
             "axes: {layers.2.schedule: [streaming, sequential], layers.1.lanes_u: [1, 2, 3]}\n");
  const CommandResult result =
      sweep({folder / "grid.yaml", "--db", folder / "db", "--network", kNetwork});
  CHECK(result.status == 2);
  CHECK_THAT(result.errors, Contains("grid.yaml: no point of it can be computed"));
  CHECK_THAT(result.output, Contains("3 points failed: layers.2.schedule=streaming") &&
                                Contains("3 points failed: layers.2.schedule=sequential"));
}

TEST_CASE("kind 20, overflow: counts that do not fit are a failure of the point, not negative") {
  const TemporaryFolder folder;
  cfc::golden::Network network;
  network.layers.resize(1);
  network.layers[0].name = "large";
  network.layers[0].weights = cfc::golden::DenseWeights{cfc::golden::MatrixS8::Zero(8192, 8192)};
  network.layers[0].bias = cfc::golden::VectorS32::Zero(8192);
  cfc::golden::write_network(network, folder / "large.onnx");
  write_file(
      folder / "grid.yaml",
      "axes: {defaults.issue: [stepped], defaults.lanes_u: [1], defaults.read_latency: [64], "
      "defaults.multiply_latency: [64], defaults.adder_latency: [64]}\n");
  const auto run = [&](const char* images) {
    return sweep({folder / "grid.yaml", "--db", folder / "db", "--network", folder / "large.onnx",
                  "--images", images, "--pareto", "cycles"});
  };
  CHECK_THAT(run("1000000000").output,
             Contains("the counts of 1000000000 images do not fit in 63 bits"));
  const CommandResult fits = run("1000");
  CHECK(fits.status == 0);
  CHECK_THAT(fits.output, !Contains("-1"));
}

TEST_CASE("kind 21, a text that a spreadsheet would run is marked as text") {
  const TemporaryFolder folder;
  const std::string network = folder / "=cmd|calc.onnx";
  std::filesystem::copy_file(kNetwork, network);
  CHECK(sweep({kSmall, "--db", folder / "db", "--network", network, "--csv", folder / "points.csv"})
            .status == 0);
  CHECK_THAT(cfc::testing::read_file(folder / "points.csv"),
             Contains(",'=cmd|calc.onnx,") && !Contains(",=cmd"));
}

TEST_CASE(
    "kind 19, whose fault: one damaged byte of a database is no fault of cfcsim, and changes "
    "no figure") {
  const TemporaryFolder folder;
  const std::string database = folder / "whole.sqlite";
  const json whole = sweep_json({kSmall, "--db", database});
  // What is not in a journal any more.
  cfc::Sqlite(database).execute("PRAGMA journal_mode = DELETE");
  const std::string bytes = cfc::testing::read_file(database);
  std::mt19937 random(Catch::rngSeed());
  int refused = 0, same = 0, changed = 0;
  for (int i = 0; i < 100; ++i) {
    std::string damaged = bytes;
    damaged[random() % damaged.size()] ^= static_cast<char>(1 + random() % 255);
    write_file(folder / "damaged.sqlite", damaged);
    const CommandResult result =
        sweep({kSmall, "--db", folder / "damaged.sqlite", "--network", kNetwork, "--json", "-"});
    INFO("damage " << i << " of seed " << Catch::rngSeed() << ": " << result.errors);
    REQUIRE((result.status == 0 || result.status == 2));
    if (result.status == 2) {
      ++refused;
    } else {
      (json::parse(result.output)["points"] == whole["points"] ? same : changed) += 1;
    }
  }
  CAPTURE(refused, same, changed);
  CHECK(refused > 0);
  CHECK(changed == 0);
}

TEST_CASE("kind 20, overflow: the 1,001st layer is set and simulated as the first is") {
  using cfc::golden::DenseWeights, cfc::golden::MatrixS8, cfc::golden::Requantisation;
  const TemporaryFolder folder;
  cfc::golden::Network network;
  for (int i = 1; i <= 1001; ++i) {
    const cfc::golden::Index inputs = i == 1 ? 784 : 1, outputs = i == 1001 ? 10 : 1;
    network.layers.push_back({"fc" + std::to_string(i),
                              DenseWeights{MatrixS8::Constant(inputs, outputs, 1)},
                              cfc::golden::VectorS32::Zero(outputs), Requantisation::by_shift(1)});
  }
  network.layers.back().requantisation.reset();
  cfc::golden::write_network(network, folder / "deep.onnx");
  write_file(folder / "grid.yaml", "axes: {layers.1001.read_latency: [0, 3]}");
  const json result = cfc::testing::json_of(
      sweep({folder / "grid.yaml", "--db", folder / "s", "--network", folder / "deep.onnx",
             "--simulate", "all", "--images", "2", "--json", "-"}));
  CHECK(result["simulated"]["points"] == 2);
  CHECK(result["simulated"]["differences"].empty());
  CHECK(result["points"][0]["configuration"]["layers"]["1001"]["read_latency"] == 0);
  CHECK(result["points"][0]["cycles"] != result["points"][1]["cycles"]);
}

TEST_CASE("points have time and area in standard cells, and a front over them") {
  const TemporaryFolder folder;
  const json result = sweep_json(
      {kSmall, "--db", folder / "s", "--energy", kEnergy, "--pareto", "time_ns,cells_um2,energy"});
  CHECK(result["technology"]["name"] == "osu018");
  CHECK(result["pareto"]["digests"].size() >= 2);
  for (const json& point : result["points"]) {
    CHECK(point["time_ns"] ==
          Approx(point["cycles_per_image"].get<double>() * point["period_ns"].get<double>()));
    CHECK(point["cells_um2"] > 0);
    CHECK(point["technology"] == "osu018");
    CHECK((point["cells_origin"] == "fitted" || point["cells_origin"] == "synthesised"));
    CHECK(point["clock_origin"] == "configured");
  }
  // `compare` says the same of the same machine.
  const json& fastest = result["points"][0];
  const json& layers = fastest["configuration"]["layers"];
  std::vector<std::string> command{CFCSIM_BINARY, "compare", "--data", CFCSIM_TEST_DATA,
                                   "--images",    "1",       "--json", "-"};
  for (const auto& [number, layer] : layers.items()) {
    for (const auto& [key, value] : layer.items()) {
      if (key == "schedule") continue;
      command.insert(command.end(),
                     {"--set", "layers." + number + "." + key + "=" +
                                   (value.is_string() ? value.get<std::string>() : value.dump())});
    }
  }
  const json compared = cfc::testing::json_of(cfc::testing::run_command(command));
  const json& silicon =
      compared["schedules"][layers["1"]["schedule"].get<std::string>()]["silicon"];
  CHECK(silicon["period_ns"] == fastest["period_ns"]);
  CHECK(silicon["cells_um2"] == Approx(fastest["cells_um2"].get<double>()));
}

TEST_CASE("a clock can be swept between numbers and what standard cells allow") {
  const TemporaryFolder folder;
  write_file(folder / "grid.yaml",
             "axes:\n  defaults.lanes_u: [8, full]\n  clock_period_ns: [10, synthesised]\n");
  const std::string grid = folder / "grid.yaml";
  const json result = sweep_json({grid, "--db", folder / "s"});
  REQUIRE(result["points_computed"] == 4);
  int synthesised = 0;
  for (const json& point : result["points"]) {
    if (point["clock_origin"] == "configured") {
      CHECK(point["clock_period_ns"] == 10);
      continue;
    }
    ++synthesised;
    CHECK(point["clock_origin"] == point["cells_origin"]);
    CHECK(point["clock_period_ns"] > point["period_ns"].get<double>() - 1e-8);
    CHECK(point["clock_period_ns"] < point["period_ns"].get<double>() + 0.002);
    CHECK(point["configuration"]["clock_period_ns"] == point["clock_period_ns"]);
  }
  CHECK(synthesised == 2);
  CHECK(sweep_json({grid, "--db", folder / "s", "--simulate", "all", "--images",
                    "3"})["simulated"]["differences"]
            .empty());
  CHECK_THAT(refusal({grid, "--db", folder / "t", "--technology", "none"}),
             Contains("grid.yaml:3: clock_period_ns: synthesised needs a technology"));
  CHECK_FALSE(std::filesystem::exists(folder / "t"));
}

TEST_CASE("a sweep without standard cells has no figures of theirs") {
  const TemporaryFolder folder;
  const std::vector<std::string> without{"--db", folder / "s", "--technology", "none"};
  std::vector<std::string> command{kSmall};
  command.insert(command.end(), without.begin(), without.end());
  const json result = sweep_json(command);
  CHECK(result["technology"].is_null());
  for (const char* name : {"period_ns", "time_ns", "cells_um2", "cells_origin", "technology"}) {
    CHECK(result["points"][0][name].is_null());
  }
  command.insert(command.end(), {"--pareto", "time_ns,energy"});
  CHECK_THAT(refusal(command), Contains("--pareto time_ns: needs a technology"));
  CHECK_THAT(refusal({kSmall, "--db", folder / "t", "--technology", "none", "--set",
                      "clock_period_ns=synthesised"}),
             Contains("--set clock_period_ns=synthesised: synthesised needs a technology"));
  // What standard cells say is part of a point: with them it is another one.
  CHECK(sweep_json({kSmall, "--db", folder / "s"})["points_known"] == 0);
}
