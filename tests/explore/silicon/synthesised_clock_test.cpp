// The clock that a technology gives a machine.

#include "explore/silicon/synthesised_clock.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "tests/helpers/temporary_folder.h"

using namespace cfc;
using Catch::Contains;
using cfc::testing::input_error;
using cfc::testing::TemporaryFolder;
using explore::Technology;
using explore::Workload;

namespace {

Workload two_layers() {
  Workload workload;
  workload.layers = {{"fc1", {200, 12, 4}, {8, 8, 6, 16, 8}},
                     {"fc2", {12, 5, {}}, {8, 0, 0, 0, 32}}};
  return workload;
}

Technology technology() { return Technology::read(CFCSIM_SOURCE_DIR "/explore/technology/osu018"); }

Settings settings(const std::vector<std::string>& assignments) {
  Settings settings;
  for (const std::string& assignment : assignments) apply_override(settings, assignment);
  return settings;
}

/// The clock is the shortest on its grid that the machine's longest path fits into.
void check_clock(const Configuration& machine, const Workload& workload, const Technology& cells) {
  const explore::Silicon silicon = cells.evaluate(machine, workload);
  const double steps = machine.clock_period_ns / kClockStepNs;
  CHECK(std::abs(steps - std::round(steps)) < 1e-6);
  CHECK(machine.clock_period_ns > silicon.period_ns() - 1e-8);
  CHECK(machine.clock_period_ns < silicon.period_ns() + kClockStepNs);
  CHECK(to_string(machine.clock_origin) == to_string(silicon.origin()));
}

}  // namespace

TEST_CASE("a synthesised clock is the longest path, rounded up to the grid of clocks") {
  const Workload workload = two_layers();
  const Technology cells = technology();
  for (const char* lanes : {"1", "8", "64", "full"}) {
    for (const char* latency : {"0", "2"}) {
      CAPTURE(lanes, latency);
      check_clock(explore::resolve(settings({"clock_period_ns=synthesised",
                                             std::string("defaults.lanes_u=") + lanes,
                                             std::string("defaults.adder_latency=") + latency}),
                                   workload, &cells),
                  workload, cells);
    }
  }
}

TEST_CASE("a configured clock stays, whatever the technology") {
  const Workload workload = two_layers();
  const Technology cells = technology();
  Configuration machine = explore::resolve(settings({"clock_period_ns=5"}), workload, &cells);
  explore::update_clock(machine, workload, &cells);
  CHECK(machine.clock_period_ns == 5);
  CHECK(machine.clock_origin == ClockOrigin::configured);
  CHECK(explore::resolve({}, workload, nullptr).clock_period_ns == 10);
}

TEST_CASE("a machine that has changed gets its own clock") {
  const Workload workload = two_layers();
  const Technology cells = technology();
  Configuration machine =
      explore::resolve(settings({"clock_period_ns=synthesised"}), workload, &cells);
  const double of_many_lanes = machine.clock_period_ns;
  for (LayerConfiguration& layer : machine.layers) layer.lanes_u = 1;
  explore::update_clock(machine, workload, &cells);
  check_clock(machine, workload, cells);
  CHECK(machine.clock_period_ns < of_many_lanes);
}

TEST_CASE("the resolved configuration says the number, and that it was not asked for") {
  const Technology cells = technology();
  const Configuration machine =
      explore::resolve(settings({"clock_period_ns=synthesised"}), two_layers(), &cells);
  const std::string yaml = to_yaml(machine);
  CHECK_THAT(yaml, Contains("# clock_period_ns is " + to_string(machine.clock_origin)));
  const TemporaryFolder folder;
  testing::write_file(folder / "resolved.yaml", yaml);
  CHECK(read_settings(folder / "resolved.yaml").clock_period_ns->ns == machine.clock_period_ns);
}

TEST_CASE("without a technology its clock is refused, naming where it is asked for") {
  CHECK_THAT(input_error([&] {
               explore::resolve(settings({"clock_period_ns=synthesised"}), two_layers(), nullptr);
             }),
             Contains("--set clock_period_ns=synthesised: synthesised needs a technology; name one "
                      "(--technology)"));
}
