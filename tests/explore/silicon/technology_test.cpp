#include "explore/silicon/technology.h"

#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include "tests/helpers/temporary_folder.h"

namespace cfc::explore {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using cfc::testing::input_error;

const std::filesystem::path kOsu018 =
    std::filesystem::path(CFCSIM_SOURCE_DIR) / "explore/technology/osu018";

const Technology& osu018() {
  static const Technology technology = Technology::read(kOsu018);
  return technology;
}

std::string first_lines(int count) {
  std::ifstream file(kOsu018 / "layers.jsonl");
  std::string lines;
  std::string line;
  for (int i = 0; i < count && std::getline(file, line); ++i) lines += line + '\n';
  return lines;
}

/// Of a technology whose layers are these lines.
std::string refusal(const std::string& lines) {
  const TemporaryFolder folder;
  std::filesystem::copy_file(kOsu018 / "memories.yaml", folder.path() / "memories.yaml");
  std::ofstream(folder.path() / "layers.jsonl") << lines;
  return input_error([&] { Technology::read(folder.path()); });
}

/// Layer 1 of the paper's network.
LayerHardware paper_layer(Schedule schedule, int lanes_u) {
  LayerConfiguration layer;
  layer.shape = {784, 50, 30};
  layer.schedule = schedule;
  layer.lanes_u = lanes_u;
  layer.lanes_v = 16;
  return hardware_of(layer, {8, 8, 8, 16, 8}, 1);
}

/// Full lanes and a beat as wide: the input stays in registers.
LayerSilicon paper_silicon_of_wide_input() {
  LayerHardware layer = paper_layer(Schedule::streaming, 784);
  layer.in_beat_width = 784;
  return osu018().evaluate(layer);
}

TEST_CASE("the fits meet layers that they have not seen") {
  CHECK(osu018().period_error().layers >= 57);
  CHECK(osu018().period_error().mean < 0.07);
  CHECK(osu018().area_error().mean < 0.05);
}

TEST_CASE("a layer that was synthesised is not fitted") {
  LayerHardware first;  // line 1 of the file
  first.schedule = Schedule::dense;
  first.m = 255;
  first.n = 50;
  first.lanes_u = 16;
  first.issue = Issue::stepped;
  first.read_latency = 2;
  first.multiply_latency = 1;
  first.in_beat_width = first.link_width = first.input_buffers = 1;
  first.w_bits = 4;
  first.output_bits = 32;
  const LayerSilicon synthesised = osu018().evaluate(first);
  CHECK(synthesised.origin == Origin::synthesised);
  CHECK(synthesised.longest_path == "to output");
  first.adder_latency = 1;
  const LayerSilicon fitted = osu018().evaluate(first);
  CHECK(fitted.origin == Origin::fitted);
  CHECK(fitted.period_ns < synthesised.period_ns);
}

TEST_CASE("a memory's access time is part of the paths from it") {
  LayerHardware layer = paper_layer(Schedule::streaming, 16);
  const LayerSilicon at_once = osu018().evaluate(layer);
  CHECK_THAT(at_once.longest_path, StartsWith("from u memory"));
  layer.read_latency = 1;
  const LayerSilicon registered = osu018().evaluate(layer);
  CHECK(registered.period_ns < at_once.period_ns);
  CHECK(registered.memories_um2 == at_once.memories_um2);
  CHECK(registered.memories_um2.count("input") == 1);
  CHECK(paper_silicon_of_wide_input().memories_um2.count("input") == 0);
}

TEST_CASE("each stage shortens the longest path until another is the longest") {
  for (const int lanes : {16, 64, 784}) {
    INFO(lanes << " lanes");
    LayerHardware layer = paper_layer(Schedule::streaming, lanes);
    layer.read_latency = 1;
    const double none = osu018().evaluate(layer).period_ns;
    layer.multiply_latency = 1;
    const double multiplied = osu018().evaluate(layer).period_ns;
    layer.adder_latency = 1;
    const double added = osu018().evaluate(layer).period_ns;
    layer.adder_latency = 4;
    const double deep = osu018().evaluate(layer).period_ns;
    CHECK(multiplied < none);
    CHECK(added < multiplied);
    CHECK(deep <= added);
  }
}

TEST_CASE("area grows with lanes, and streaming pays for its sums") {
  const auto area = [](Schedule schedule, int lanes) {
    return osu018().evaluate(paper_layer(schedule, lanes)).cells_um2();
  };
  CHECK(area(Schedule::dense, 64) > area(Schedule::dense, 16));
  CHECK(area(Schedule::streaming, 16) > area(Schedule::sequential, 16));
  CHECK(area(Schedule::sequential, 16) > area(Schedule::dense, 16));
}

TEST_CASE("the tree's stages stand where the RTL puts them") {
  DotProduct dcl;
  dcl.lanes = 64;
  dcl.multiply_stages = 1;
  dcl.adder_stages = 1;
  CHECK(dcl.levels() == 6);
  CHECK(dcl.level_of(1) == 5);  // 5 levels, then 1 and the accumulator
  dcl.multiply_stages = 0;
  CHECK(dcl.level_of(1) == 4);
  dcl.adder_stages = 12;
  CHECK(dcl.level_of(1) == 0);
  CHECK(dcl.level_of(12) == 6);
}

TEST_CASE("an input buffer is memory where the RTL makes it memory") {
  const auto is_memory = [](int m, int lanes, int beat) {
    LayerHardware layer;
    layer.m = m;
    layer.lanes_u = lanes;
    layer.in_beat_width = beat;
    return input_buffer_of(layer).is_memory;
  };
  CHECK(is_memory(784, 16, 1));
  CHECK(is_memory(784, 64, 2));
  CHECK_FALSE(is_memory(784, 784, 784));
  CHECK_FALSE(is_memory(784, 16, 784));  // one word
  CHECK_FALSE(is_memory(300, 3, 2));     // neither divides the other
}

TEST_CASE("an access of the input buffer takes the banks that it moves") {
  LayerHardware layer = paper_layer(Schedule::dense, 64);  // beats of one element
  const auto input = [&] {
    for (const LayerMacro& macro : macros_of(layer)) {
      if (std::string(macro.name) == "input") return macro;
    }
    return LayerMacro{};
  };
  CHECK(input().bits == 64 * 8);
  CHECK(input().read_bits == 64 * 8);
  CHECK(input().write_bits == 8);
  const AccessEnergy narrow = osu018().evaluate(layer).macros.at("input");
  CHECK(narrow.write_pj < narrow.read_pj / 4);
  layer.lanes_u = 2;
  layer.in_beat_width = 16;
  CHECK(input().read_bits == 2 * 8);
  CHECK(input().write_bits == 16 * 8);
}

TEST_CASE("a damaged technology is refused by line") {
  CHECK_THAT(refusal(""),
             Contains("layers.jsonl: has no layers; make it with scripts/characterise"));
  CHECK_THAT(refusal(first_lines(2) + "{\"layer\": {}}\n"), Contains("layers.jsonl: line 3: "));
  CHECK_THAT(refusal(first_lines(1) + "torn"), Contains("line 2: "));
  CHECK_THROWS_AS(Technology::read("/nowhere"), InputError);
}

}  // namespace
}  // namespace cfc::explore
