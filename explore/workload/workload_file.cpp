#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "explore/workload/workload.h"
#include "golden/compression.h"
#include "support/error.h"
#include "support/text.h"
#include "support/yaml_file.h"

namespace cfc::explore {
namespace {

constexpr const char* kSchema = "cfcsim.workload/1";
constexpr int kMaxElements = 65536;
constexpr int kMaxTimes = 1'000'000;
constexpr int kDefaultZBits = 8;
constexpr std::size_t kLongestName = 40;

std::optional<int> read_rank(YamlFields& fields, const LayerShape& shape) {
  if (fields.has("r") && fields.has("compression")) fields.fail("r", "give r or compression");
  if (fields.has("r")) return fields.integer("r", 1, std::min(shape.m, shape.n));
  if (!fields.has("compression")) return {};
  const double compression = fields.real("compression", 0, 1);
  try {
    return static_cast<int>(golden::rank_for(compression, shape.m, shape.n));
  } catch (const InputError& error) {
    fields.fail("compression", error.what());
  }
}

int optional_integer(YamlFields& fields, const std::string& key, int lo, int hi, int otherwise) {
  return fields.has(key) ? fields.integer(key, lo, hi) : otherwise;
}

LayerWidths read_widths(YamlFields& fields, const LayerShape& shape, int usual_output_bits) {
  const int weight_bits = optional_integer(fields, "weight_bits", 2, 8, 8);
  LayerWidths widths{weight_bits, 0, 0, 0, usual_output_bits};
  if (shape.r) {
    widths.u_bits = widths.v_bits = weight_bits;
    widths.z_bits = optional_integer(fields, "z_bits", 2, 24, kDefaultZBits);
  }
  if (fields.has("output_bits")) {
    widths.output_bits = fields.integer("output_bits", kActivationBits, kSumBits);
    if (widths.output_bits != kActivationBits && widths.output_bits != kSumBits) {
      fields.fail("output_bits",
                  fmt::format("give {} for activations or {} for sums", kActivationBits, kSumBits));
    }
  }
  return widths;
}

void read_density(const YAML::Node& node, const std::string& file, WorkloadLayer& layer) {
  YamlFields fields(node, file);
  if (fields.has("weights")) layer.weight_density = fields.real("weights", 0, 1);
  if (fields.has("inputs")) layer.input_density = fields.real("inputs", 0, 1);
  fields.expect_no_other();
}

WorkloadLayer read_layer(const YAML::Node& node, const std::string& file, bool is_last) {
  YamlFields fields(node, file);
  WorkloadLayer layer;
  layer.name = fields.text("name");
  check_plain(layer.name, place_of(node, file));
  if (layer.name.size() > kLongestName) fields.fail("name", "is too long; give a shorter one");
  layer.shape = {fields.integer("m", 1, kMaxElements), fields.integer("n", 1, kMaxElements), {}};
  layer.shape.r = read_rank(fields, layer.shape);
  layer.widths = read_widths(fields, layer.shape, is_last ? kSumBits : kActivationBits);
  layer.vectors = static_cast<std::uint64_t>(optional_integer(fields, "vectors", 1, kMaxTimes, 1));
  layer.repeat = static_cast<std::uint64_t>(optional_integer(fields, "repeat", 1, kMaxTimes, 1));
  if (fields.has("density")) read_density(fields.map("density"), file, layer);
  fields.expect_no_other();
  return layer;
}

void refuse_equal_names(const Workload& workload, const YamlFields& fields) {
  std::set<std::string> names;
  for (const WorkloadLayer& layer : workload.layers) {
    if (!names.insert(layer.name).second) {
      fields.fail("layers", fmt::format("two are called {}; give each its own name", layer.name));
    }
  }
}

}  // namespace

Workload read_workload(const std::filesystem::path& path) {
  const std::string file = path.string();
  YamlFields fields(read_yaml(path, "give a workload (YAML)"), file);
  if (fields.text("schema") != kSchema) fields.fail("schema", fmt::format("should be {}", kSchema));
  Workload workload;
  workload.name = fields.text("name");
  check_plain(workload.name, file);
  workload.source = fields.text("source");
  check_plain(workload.source, file);
  const YAML::Node layers = fields.list("layers");
  for (std::size_t i = 0; i < layers.size(); ++i) {
    workload.layers.push_back(read_layer(layers[i], file, i + 1 == layers.size()));
  }
  fields.expect_no_other();
  refuse_equal_names(workload, fields);
  return workload;
}

}  // namespace cfc::explore
