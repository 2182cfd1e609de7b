// Energy in standard cells: fits to netlists that were simulated on images, and what an image
// costs.

#include "explore/silicon/cell_energy.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "explore/silicon/image_energy.h"
#include "explore/silicon/technology.h"
#include "tests/helpers/temporary_folder.h"

namespace cfc::explore {
namespace {

using Catch::Matchers::Contains;
using cfc::testing::input_error;

const std::filesystem::path kOsu018 =
    std::filesystem::path(CFCSIM_SOURCE_DIR) / "explore/technology/osu018";

const CellEnergies& energies() {
  static const CellEnergies energies = CellEnergies::read(kOsu018 / "energies.jsonl");
  return energies;
}

LayerHardware layer(Schedule schedule, int lanes_u) {
  LayerConfiguration configuration;
  configuration.shape = {784, 50, 30};
  configuration.schedule = schedule;
  configuration.lanes_u = lanes_u;
  configuration.lanes_v = 16;
  configuration.read_latency = configuration.multiply_latency = configuration.adder_latency = 1;
  return hardware_of(configuration, {8, 8, 8, 8, 8}, 1);
}

/// Of energies whose file has this text.
std::string refusal(const std::string& text) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "energies.jsonl") << text;
  return input_error([&] { CellEnergies::read(folder.path() / "energies.jsonl"); });
}

TEST_CASE("the fit of energy meets netlists that it has not seen") {
  CHECK(energies().error().layers >= 20);
  CHECK(energies().error().mean < 0.25);
}

TEST_CASE("every register's clock pin costs the same in every cycle") {
  const LayerHardware any = layer(Schedule::streaming, 16);
  const double pin = energies().evaluate(any, 1).clock_pj_per_cycle;
  CHECK(pin == Approx(0.2207).epsilon(0.001));  // scripts/liberty.py: both edges, pin and inside
  CHECK(energies().evaluate(any, 1000).clock_pj_per_cycle == Approx(1000 * pin));
  CHECK(energies().evaluate(layer(Schedule::dense, 64), 1).clock_pj_per_cycle == pin);
}

TEST_CASE("what switches is products, not lanes") {
  const auto switching = [](Schedule schedule, int lanes) {
    return energies().evaluate(layer(schedule, lanes), 0).switching_pj;
  };
  CHECK(switching(Schedule::dense, 64) == Approx(switching(Schedule::dense, 16)).epsilon(0.2));
  // 39,200 products against 23,520 and 1,500 more.
  CHECK(switching(Schedule::dense, 16) > 1.2 * switching(Schedule::sequential, 16));
  CHECK(switching(Schedule::streaming, 16) > switching(Schedule::sequential, 16));
}

TEST_CASE("an image costs its clock cycles, its vectors and its accesses") {
  LayerSilicon first;
  first.energy = CellEnergy{3, 1000};
  first.macros["u"] = {50, 70};
  LayerSilicon second;
  second.energy = CellEnergy{2, 100};
  const Silicon silicon{{first, second}, 0};
  Workload workload;
  workload.layers.resize(2);
  workload.layers[1].vectors = 3;
  workload.layers[1].repeat = 2;
  RunStatistics run;
  run.images = 10;
  run.cycles = 400;
  run.layers.resize(2);
  run.layers[0].memories["u"].reads.words = 20;
  run.layers[0].memories["u"].writes.words = 10;
  const auto energy = image_energy(silicon, workload, run);
  REQUIRE(energy);
  CHECK(energy->clock_pj == Approx((3 + 2) * 40.0));
  CHECK(energy->switching_pj == Approx(1000 + 6 * 100));
  CHECK(energy->macros_pj == Approx(2 * 50 + 1 * 70));
  CHECK(energy->total_pj() == Approx(200 + 1600 + 170));
  Silicon without = silicon;
  without.layers[1].energy.reset();
  CHECK_FALSE(image_energy(without, workload, run));
}

TEST_CASE("a technology without energies has all but them") {
  const TemporaryFolder folder;
  for (const char* name : {"layers.jsonl", "memories.yaml"})
    std::filesystem::copy_file(kOsu018 / name, folder.path() / name);
  const Technology technology = Technology::read(folder.path());
  CHECK_FALSE(technology.energy_error());
  const LayerSilicon silicon = technology.evaluate(layer(Schedule::dense, 16));
  CHECK(silicon.registers > 0);
  CHECK_FALSE(silicon.energy);
}

TEST_CASE("damaged energies are refused by line") {
  CHECK_THAT(refusal(""), Contains("energies.jsonl: has no layers"));
  CHECK_THAT(refusal("{}\n"), Contains("energies.jsonl: line 1: "));
  std::ifstream file(kOsu018 / "energies.jsonl");
  std::string line;
  std::getline(file, line);
  CHECK_THAT(refusal(line + "\n" + line.substr(0, 200)), Contains("line 2: "));
  const std::size_t registers = line.find("\"registers\": ");
  REQUIRE(registers != std::string::npos);
  line.replace(registers, 14, "\"registers\": -");
  CHECK_THAT(refusal(line), Contains("a layer without cycles, registers"));
}

}  // namespace
}  // namespace cfc::explore
