#include "cfcsim/report/report_shapes.h"

#include "cfcsim/run/layer_metrics.h"

namespace cfc {
namespace {

using nlohmann::json;

json layer_shape() {
  const json energy = {{"memories", {{"*", "number"}}},
                       {"multiplies", "number"},
                       {"adds", "number"},
                       {"links?", "number"},
                       {"dram", "number"}};
  json shape = {{"name", "text"},
                {"r?", "number"},
                {"memories", {{"*", {{"read_bits", "number"}, {"write_bits", "number"}}}}},
                {"stalls", {{"*", "number"}}},
                {"energy_per_image", {{"on_chip", energy}, {"from_dram", energy}}},
                {"roofline",
                 {{"operations_per_byte", "number"},
                  {"bytes_per_cycle", "number"},
                  {"peak_operations_per_cycle", "number"},
                  {"operations_per_cycle", "number"}}}};
  for (const LayerMetric& metric : layer_metrics()) {
    if (metric.is_in(kInReport)) shape[metric.key] = "number";
  }
  return shape;
}

json schedules_shape() {
  const json span = {{"layer", "text"},
                     {"controller", "text"},
                     {"state", "text"},
                     {"first_cycle", "number"},
                     {"last_cycle", "number"}};
  const json run = {{"images", "number"},
                    {"mismatches?", {{"*", "number"}}},
                    {"cycles", {{"per_image_mean", "number"}}},
                    {"images_per_second", "number"},
                    {"latency_ns", "number"},
                    {"energy_per_image", {{"on_chip", "number"}, {"from_dram", "number"}}},
                    {"layers", json::array({layer_shape()})},
                    {"timeline", json::array({span})},
                    {"scorecard", json::array({{{"metric", "text"}, {"obtained", "text"}}})}};
  return {{"dense", run}, {"sequential", run}, {"streaming", run}};
}

}  // namespace

json comparison_shape() {
  return {{"version", "text"},
          {"images", "number"},
          {"batch", "number"},
          {"network", {{"file", "text"}, {"sha256", "text"}, {"metadata", {{"*", "text"}}}}},
          {"dense_network?", "text"},
          {"energy_table", {{"name", "text"}, {"unit", "text"}}},
          {"schedules", schedules_shape()},
          {"equal_bandwidth", {{"schedules", schedules_shape()}}}};
}

json sweep_shape() {
  return {{"pareto", {{"metrics", json::array({"text"})}, {"digests", json::array({"text"})}}},
          {"points", json::array({{{"digest", "text"},
                                   {"failure?", "text"},
                                   {"cycles_per_image?", "number"},
                                   {"multipliers?", "number"},
                                   {"energy_table?", "text"},
                                   {"energy_unit?", "text"},
                                   {"weights?", "text"},
                                   {"configuration", json::object()}}})}};
}

json platform_shape() {
  const json latency = {
      {"p50_ns", "number"}, {"p95_ns", "number"}, {"p99_ns", "number"}, {"max_ns", "number"}};
  const json run = {
      {"name", "text"},
      {"accelerators", "number"},
      {"batch", "number"},
      {"cycles_per_image", "number"},
      {"throughput_images_per_second", "number"},
      {"queue", {{"mean", "number"}}},
      {"latency", latency},
      {"memory", {{"read_bytes_per_image", "number"}, {"written_bytes_per_image", "number"}}},
      {"energy_per_image_pj", {{"*", "number"}}}};
  return {{"experiment", "text"}, {"runs", json::array({run})}};
}

}  // namespace cfc
