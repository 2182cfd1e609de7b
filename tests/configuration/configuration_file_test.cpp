#include "configuration/configuration_file.h"

#include <set>
#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "configuration/configuration_keys.h"
#include "tests/helpers/random_networks.h"
#include "tests/helpers/temporary_folder.h"

using namespace cfc;
using Catch::Contains;
using cfc::testing::input_error;
using cfc::testing::TemporaryFolder;

namespace {

const std::vector<LayerShape> kShapes{{784, 50, 30}, {50, 100, {}}, {100, 10, {}}};

class ConfigurationText {
 public:
  explicit ConfigurationText(const std::string& text) : file_(folder_ / "c.yaml") {
    cfc::testing::write_file(file_, text);
  }
  Settings settings() const { return read_settings(file_); }
  Configuration resolved() const { return resolve(settings(), kShapes); }

 private:
  TemporaryFolder folder_;
  std::filesystem::path file_;
};

std::string refusal(const std::string& text) {
  const ConfigurationText file(text);
  return input_error([&] { file.resolved(); });
}

std::string override_refusal(const std::string& assignment) {
  return input_error([&] {
    Settings settings;
    apply_override(settings, assignment);
  });
}

}  // namespace

TEST_CASE("an empty file is all defaults, and these are the paper's machine") {
  for (const char* text : {"", "# nothing\n", "{}"}) {
    const Configuration configuration = ConfigurationText(text).resolved();
    REQUIRE(configuration.clock_period_ns == 10.0);
    REQUIRE(configuration.input_link_width == 784);
    const LayerConfiguration& first = configuration.layers[0];
    REQUIRE(first.schedule == Schedule::streaming);
    REQUIRE(first.lanes_u == 784);
    REQUIRE(first.lanes_v == 50);
    REQUIRE(first.link_width == 50);
    REQUIRE(first.issue == Issue::overlapped);
    REQUIRE(first.input_buffers == 1);
    REQUIRE(first.psum_storage == PsumStorage::registers);
    REQUIRE(first.operations() == 31);
    REQUIRE(configuration.layers[1].schedule == Schedule::dense);
    REQUIRE(configuration.layers[1].operations() == 100);
  }
}

TEST_CASE("defaults, overrides of layers, and full") {
  const Configuration configuration = ConfigurationText(R"(
clock_period_ns: 2.5
defaults: {lanes_u: 64, link_width: 8, input_buffers: 2, issue: stepped}
layers:
  1: {schedule: sequential, lanes_v: full, adder_latency: 3}
  2: {lanes_u: full, psum_storage: memory}
)")
                                          .resolved();
  REQUIRE(configuration.clock_period_ns == 2.5);
  REQUIRE(configuration.input_link_width == 8);  // follows defaults.link_width
  REQUIRE(configuration.layers[0].lanes_u == 64);
  REQUIRE(configuration.layers[0].lanes_v == 30);  // its dot products are r deep
  REQUIRE(configuration.layers[0].operations() == 80);
  REQUIRE(configuration.layers[0].tile_period() == 6);
  REQUIRE(configuration.layers[1].lanes_u == 50);
  REQUIRE(configuration.layers[1].psum_storage == PsumStorage::memory);
  REQUIRE(configuration.layers[2].lanes_u == 64);
  REQUIRE(configuration.layers[2].input_buffers == 2);
}

TEST_CASE("dense asked of a factorised layer is the uncompressed layer of its shape") {
  const Configuration configuration =
      ConfigurationText("layers: {1: {schedule: dense}}").resolved();
  REQUIRE(configuration.layers[0].schedule == Schedule::dense);
  REQUIRE_FALSE(configuration.layers[0].shape.r);
  REQUIRE(configuration.layers[0].operations() == 50);
}

TEST_CASE("a resolved configuration survives being written and read") {
  cfc::testing::Generator generator(cfc::testing::test_seed());
  for (int i = 0; i < 200; ++i) {
    const golden::Network network = cfc::testing::random_network(generator);
    const Configuration configuration = cfc::testing::random_configuration(generator, network);
    const std::string yaml = to_yaml(configuration);
    const Configuration back = resolve(ConfigurationText(yaml).settings(), shapes_of(network));
    REQUIRE(to_yaml(back) == yaml);
    REQUIRE(cfc::testing::describe(back) == cfc::testing::describe(configuration));
  }
}

namespace {

const std::filesystem::path kShipped = CFCSIM_SOURCE_DIR "/testbench/configs";

/// Keys of the schema that the settings leave to their defaults, by their full names.
std::vector<std::string> keys_left_out(const Settings& settings) {
  std::vector<std::string> missing;
  const auto look_for = [&](const std::string& path) {
    if (settings.origins.count(path) == 0) missing.push_back(path);
  };
  for (const TopKey& key : top_keys()) look_for(key.name);
  for (const LayerKey& key : layer_keys()) look_for(kDefaults + std::string(".") + key.name);
  return missing;
}

}  // namespace

TEST_CASE("the shipped configurations resolve, and set every key") {
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(kShipped)) {
    const Settings settings = read_settings(file.path());
    INFO(file.path());
    CHECK_NOTHROW(resolve(settings, kShapes));
    CHECK(keys_left_out(settings) == std::vector<std::string>{});
    ++files;
  }
  CHECK(files == 4);
  CHECK(to_yaml(resolve(read_settings(kShipped / "single_cycle.yaml"), kShapes)) ==
        to_yaml(resolve({}, kShapes)));
}

TEST_CASE("a key that a configuration does not set is noticed") {
  const auto lines = [] {
    std::istringstream text(cfc::testing::read_file(kShipped / "narrow.yaml"));
    std::vector<std::string> all;
    for (std::string line; std::getline(text, line);) all.push_back(line);
    return all;
  }();
  std::size_t keys = 0;
  for (const std::string& left_out : lines) {
    if (left_out.front() == '#' || left_out == "defaults:") continue;
    std::string text;
    for (const std::string& line : lines) text += line == left_out ? "" : line + '\n';
    INFO(left_out);
    CHECK(keys_left_out(ConfigurationText(text).settings()).size() == 1);
    ++keys;
  }
  CHECK(keys == top_keys().size() + layer_keys().size());
}

TEST_CASE("every key of a layer resolves: its own value, the default's, or that of no file") {
  const std::map<std::string, std::array<std::string, 3>> values{
      {"schedule", {"sequential", "dense", "streaming"}},
      {"lanes_u", {"3", "5", "784"}},
      {"lanes_v", {"3", "5", "50"}},
      {"issue", {"stepped", "overlapped", "overlapped"}},
      {"read_latency", {"3", "5", "0"}},
      {"multiply_latency", {"3", "5", "0"}},
      {"adder_latency", {"3", "5", "0"}},
      {"requantise_latency", {"1", "0", "0"}},
      {"v_read_latency", {"3", "5", "0"}},
      {"link_width", {"3", "5", "50"}},
      {"input_buffers", {"2", "1", "1"}},
      {"psum_storage", {"memory", "registers", "registers"}}};
  REQUIRE(values.size() == layer_keys().size());
  for (const LayerKey& key : layer_keys()) {
    const auto& [own, given_default, fallback] = values.at(key.name);
    const auto value = [&](const Settings& settings) {
      return key.get(resolve(settings, kShapes).layers.front());
    };
    Settings settings;
    INFO(key.name);
    CHECK(value(settings) == fallback);
    set_value(settings, kDefaults + std::string(".") + key.name, given_default, "");
    CHECK(value(settings) == given_default);
    set_value(settings, kLayers + std::string(".1.") + key.name, own, "");
    CHECK(value(settings) == own);
  }
}

TEST_CASE("the table of schedules has each once, by name, with what the paper counts") {
  std::set<std::string> names;
  for (const Schedule schedule : kSchedules) {
    names.insert(to_string(schedule));
    Settings settings;
    apply_override(settings, "layers.1.schedule=" + to_string(schedule));
    CHECK(resolve(settings, kShapes).layers.front().schedule == schedule);
  }
  CHECK(names == std::set<std::string>{"dense", "sequential", "streaming"});
  const LayerShape shape{784, 50, 30};
  CHECK(traits_of(Schedule::dense).operations(shape) == 50);
  CHECK(traits_of(Schedule::sequential).operations(shape) == 80);
  CHECK(traits_of(Schedule::streaming).operations(shape) == 31);
  CHECK_FALSE(uses_factors(kPlainSchedule));
}

TEST_CASE("wrong files are refused with file, line and key") {
  CHECK_THAT(refusal("lanes_u: 3"),
             Contains("c.yaml:1: lanes_u: belongs to a layer; give defaults.lanes_u"));
  CHECK_THAT(refusal("default: {lanes_u: 3}"), Contains("did you mean defaults?"));
  CHECK_THAT(refusal("defaults:\n  lane_u: 3"),
             Contains("c.yaml:2: defaults.lane_u: unknown key 'lane_u'; did you mean lanes_u?"));
  CHECK_THAT(refusal("defaults:\n  frobnicate: 3"),
             Contains("the keys here are schedule, lanes_u"));
  CHECK_THAT(refusal("layers:\n  1:\n    lanes_u: 0"),
             Contains("c.yaml:3: layers.1.lanes_u: '0' is not a width; give 1 to 65536, or full"));
  CHECK_THAT(refusal("defaults: {lanes_u: -4}"), Contains("'-4' is not a width"));
  CHECK_THAT(refusal("defaults: {lanes_u: 1.5}"), Contains("'1.5' is not a width"));
  CHECK_THAT(refusal("defaults: {lanes_u: 99999999999999}"), Contains("is not a width"));
  CHECK_THAT(refusal("defaults: {lanes_u: [1, 2]}"), Contains("one value is wanted"));
  CHECK_THAT(refusal("defaults: {lanes_u: }"), Contains("one value is wanted"));
  CHECK_THAT(refusal("defaults: {issue: fast}"),
             Contains("'fast' is not one of overlapped, stepped"));
  CHECK_THAT(refusal("defaults: {schedule: Dense}"), Contains("dense, sequential, streaming"));
  CHECK_THAT(refusal("defaults: {psum_storage: yes}"), Contains("registers, memory"));
  CHECK_THAT(refusal("defaults: {input_buffers: 3}"), Contains("from 1 to 2"));
  CHECK_THAT(refusal("defaults: {read_latency: 65}"), Contains("from 0 to 64"));
  CHECK_THAT(refusal("clock_period_ns: 0"), Contains("is not a clock period"));
  CHECK_THAT(refusal("clock_period_ns: -1"), Contains("is not a clock period"));
  CHECK_THAT(refusal("clock_period_ns: 1e-9"), Contains("is not a clock period"));
  CHECK_THAT(refusal("clock_period_ns: .inf"), Contains("is not a clock period"));
  CHECK_THAT(refusal("clock_period_ns: nan"), Contains("is not a clock period"));
  CHECK_THAT(refusal("clock_period_ns: 0.0015"), Contains("multiple of 0.002 ns"));
  CHECK_THAT(refusal("clock_period_ns: 10 ns"), Contains("is not a clock period"));
  CHECK_THAT(refusal("clock_period_ns: fitted"), Contains("or synthesised"));
  CHECK_THAT(refusal("input_link_width: none"), Contains("is not a width"));
  CHECK_THAT(refusal("layers: {4: {lanes_u: 3}}"),
             Contains("c.yaml:1: layers.4: the network has layers 1 to 3"));
  CHECK_THAT(refusal("layers:\n  1: {lanes_u: 3}\n  01: {lanes_u: 4}"),
             Contains("c.yaml:3: layers.01: '01' is not a whole number"));
  CHECK_THAT(refusal("defaults: {lanes_u: 010}"), Contains("'010' is not a width"));
  CHECK_THAT(refusal("clock_period_ns: 010"), Contains("'010' is not a clock period"));
  CHECK_THAT(refusal("defaults: {issue: \xFF}"), Contains("c.yaml: byte 19 (0xff) is not UTF-8"));
  CHECK_THAT(refusal("layers: {0: {lanes_u: 3}}"), Contains("layers.0"));
  CHECK_THAT(refusal("layers: {one: {lanes_u: 3}}"), Contains("layers.one"));
  CHECK_THAT(refusal("layers:\n  2: {schedule: streaming}"),
             Contains("c.yaml:2: layers.2.schedule: streaming needs a factorised layer"));
  CHECK_THAT(refusal("layers: 3"), Contains("c.yaml:1: layers: is not a map"));
  CHECK_THAT(refusal("defaults: {lanes_u: 3, lanes_u: 4}"),
             Contains("defaults.lanes_u: is given twice"));
  CHECK_THAT(refusal("- a\n- b"), Contains("the file is not a map"));
  CHECK_THAT(refusal("defaults: {lanes_u: 3"), Contains("is not YAML"));
  CHECK_THAT(refusal("\x01\x02\x03"), Contains("c.yaml"));
  CHECK_THAT(refusal(std::string(2 << 20, '#')), Contains("larger than 1 MiB"));
  CHECK_THAT(refusal("clock_period_ns: 5\n---\nclock_period_ns: 6"), Contains("second document"));
  TemporaryFolder folder;
  CHECK_THAT(input_error([&] { read_settings(folder / "none.yaml"); }),
             Contains("none.yaml: cannot be opened"));
  CHECK_THAT(input_error([&] { read_settings(folder.path()); }), Contains("cannot be opened"));
  CHECK_THAT(input_error([] { read_settings("/dev/zero"); }), Contains("larger than 1 MiB"));
}

TEST_CASE("hostile files are refused at once, in a short message") {
  const auto repeated = [](const std::string& part, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += part;
    return text;
  };
  std::string bomb = "a0: &a0 [x, x]\n";  // each alias holds the one before it twice
  for (int i = 1; i < 64; ++i) bomb += fmt::format("a{0}: &a{0} [*a{1}, *a{1}]\n", i, i - 1);
  for (const std::string& text :
       {bomb, repeated("[", 100000), repeated("{a: ", 100000), repeated("- ", 100000),
        std::string("layers: &a {1: *a}"), std::string("defaults: &a {lanes_u: *a}"),
        std::string(","), repeated("[]", 100000), repeated("---\n", 100000),
        "defaults: {lanes_u: " + repeated("9", 100000) + '}',
        "defaults: {\"" + repeated("\\x1b", 100) + "\": 3}"}) {
    const std::string message = refusal(text);
    INFO(message);
    CHECK(message.size() < 500);
    CHECK(message.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("a mangled file is refused, or read and written back") {
  cfc::testing::Generator generator(cfc::testing::test_seed());
  const auto below = [&](std::size_t limit) { return generator() % limit; };
  const std::string whole = to_yaml(resolve({}, kShapes));
  const std::string marks = ":{}[],&*!|>'\"%@`-?# \n\t01.~<\x04\xff";
  for (int i = 0; i < 500; ++i) {
    std::string text = whole;
    for (std::size_t faults = 1 + below(3); faults > 0; --faults) {
      const std::size_t at = below(text.size());
      if (below(2) == 0) {
        text.replace(at, below(6), 1, marks[below(marks.size())]);
      } else {
        text.insert(at, text.substr(below(text.size()), below(20)));
      }
    }
    INFO(text);
    try {
      const std::string yaml = to_yaml(ConfigurationText(text).resolved());
      REQUIRE(to_yaml(ConfigurationText(yaml).resolved()) == yaml);
    } catch (const InputError& error) {
      REQUIRE_THAT(error.what(), Contains("c.yaml"));
    }
  }
}

TEST_CASE("full is refused where a layer has more elements than a width may be") {
  const std::vector<LayerShape> widest{{65536, 10, {}}};
  REQUIRE(resolve({}, widest).layers[0].lanes_u == 65536);
  const std::vector<LayerShape> wider{{65537, 10, {}}};
  CHECK_THAT(input_error([&] { resolve({}, wider); }),
             Contains("input_link_width: comes to 65537 here, above the most there can be, 65536"));
  Settings settings;
  apply_override(settings, "input_link_width=8");
  CHECK_THAT(input_error([&] { resolve(settings, wider); }),
             Contains("layers.1.lanes_u: comes to 65537 here"));
  apply_override(settings, "defaults.lanes_u=1024");
  REQUIRE(resolve(settings, wider).layers[0].tiles_u() == 65);
}

TEST_CASE("a section without keys is empty, and a pipe is a file") {
  const Configuration configuration = ConfigurationText("defaults:\nlayers:\n  1:\n").resolved();
  REQUIRE(to_yaml(configuration) == to_yaml(resolve({}, kShapes)));
  REQUIRE(to_yaml(resolve(read_settings("/dev/null"), kShapes)) == to_yaml(configuration));
}

TEST_CASE("single keys can be overridden") {
  Settings settings = ConfigurationText("defaults: {lanes_u: 3}").settings();
  apply_override(settings, "defaults.lanes_u=64");
  apply_override(settings, "layers.1.schedule=sequential");
  apply_override(settings, "clock_period_ns=5");
  apply_override(settings, "input_link_width=full");
  const Configuration configuration = resolve(settings, kShapes);
  REQUIRE(configuration.layers[2].lanes_u == 64);
  REQUIRE(configuration.layers[0].schedule == Schedule::sequential);
  REQUIRE(configuration.clock_period_ns == 5.0);
  REQUIRE(configuration.input_link_width == 784);
}

TEST_CASE("wrong overrides are refused by what was typed") {
  CHECK_THAT(override_refusal("defaults.lanes_u"),
             Contains("--set defaults.lanes_u: give KEY=VALUE"));
  CHECK_THAT(override_refusal("defaults.lanes=3"), Contains("did you mean lanes_u?"));
  CHECK_THAT(override_refusal("lanes_u=3"),
             Contains("--set lanes_u=3: belongs to a layer; give defaults.lanes_u"));
  for (const char* path : {"layer.1.lanes_u", "layers.lanes_u", "layers", "layers.1", "defaults"}) {
    CHECK_THAT(override_refusal(path + std::string("=3")),
               Contains("a layer's keys are defaults.KEY or layers.NUMBER.KEY"));
  }
  CHECK_THAT(override_refusal("layers.x.lanes_u=3"), Contains("'x' is not a whole number"));
  CHECK_THAT(override_refusal("defaults.lanes_u="), Contains("'' is not a width"));
}

TEST_CASE("a refused override leaves the settings as they were") {
  Settings settings;
  CHECK_THAT(input_error([&] { apply_override(settings, "layers.9.lanes_u=x"); }),
             Contains("is not a width"));
  REQUIRE_NOTHROW(resolve(settings, kShapes));
}

TEST_CASE("what does not fit the network is refused by where it was given last") {
  Settings settings = ConfigurationText("layers: {2: {schedule: streaming}}").settings();
  apply_override(settings, "layers.2.schedule=sequential");
  CHECK_THAT(input_error([&] { resolve(settings, kShapes); }),
             Contains("--set layers.2.schedule=sequential: sequential needs a factorised layer"));
  apply_override(settings, "layers.2.schedule=dense");
  CHECK_NOTHROW(resolve(settings, kShapes));
  apply_override(settings, "layers.9.lanes_u=3");
  CHECK_THAT(input_error([&] { resolve(settings, kShapes); }),
             Contains("--set layers.9.lanes_u=3: the network has layers 1 to 3"));
}

TEST_CASE("a clock that is left to standard cells is read, but a number only they can give") {
  const ConfigurationText file("defaults: {}\nclock_period_ns: synthesised\n");
  CHECK(file.settings().asks_for_synthesised_clock());
  CHECK_THAT(input_error([&] { file.resolved(); }),
             Contains("c.yaml:2: clock_period_ns: synthesised needs a technology"));
  Settings settings = file.settings();
  apply_override(settings, "clock_period_ns=5");
  CHECK_FALSE(settings.asks_for_synthesised_clock());
  CHECK(resolve(settings, kShapes).clock_period_ns == 5);
}
