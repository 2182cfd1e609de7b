#include "cfcsim/report/report_shapes.h"

#include "cfcsim/run/layer_metrics.h"

namespace cfc {
namespace {

using nlohmann::json;

/// Where the weights are on chip, and where they come from DRAM.
json by_place(const json& energy) { return {{"on_chip", energy}, {"from_dram", energy}}; }

json layer_shape() {
  json shape = {{"name", "text"},
                {"r?", "number"},
                {"memories", {{"*", {{"read_bits", "number"}, {"write_bits", "number"}}}}},
                {"stalls", {{"*", "number"}}},
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

json layer_energy_shape() {
  return {{"memories", {{"*", "number"}}},
          {"multiplies", "number"},
          {"adds", "number"},
          {"links?", "number"},
          {"dram", "number"}};
}

json silicon_shape(const json& prices, const json& technology) {
  json shape = {{"period_ns", "number"},  {"origin", "text"},    {"slowest_layer", "text"},
                {"longest_path", "text"}, {"time_ns", "number"}, {"cells_um2", "number"},
                {"macros_um2", "number"}, {"area_um2", "number"}};
  if (!technology.value("energy_error", json()).is_null()) {
    shape["energy"] = {{"clock_pj", "number"}, {"total_pj", "number"}, {"delay_pj_ns", "number"}};
  }
  if (!prices.is_null()) shape["energy_delay"] = by_place("number");
  return shape;
}

json technology_shape() {
  const json error = {{"mean", "number"}, {"worst", "number"}, {"layers", "number"}};
  return {
      {"name", "text"}, {"period_error", error}, {"area_error", error}, {"energy_error?", error}};
}

/// Results of earlier versions have none.
bool has_technology(const json& result) { return !result.value("technology", json()).is_null(); }

/// A schedule's run; `prices` is the table of the comparison, or null.
json run_shape(const json& prices) {
  const json span = {{"layer", "text"},
                     {"controller", "text"},
                     {"state", "text"},
                     {"first_cycle", "number"},
                     {"last_cycle", "number"}};
  json layer = layer_shape();
  json run = {{"images", "number"},
              {"mismatches?", {{"*", "number"}}},
              {"cycles", {{"per_image_mean", "number"}}},
              {"images_per_second", "number"},
              {"latency_ns", "number"},
              {"timeline", json::array({span})},
              {"scorecard", json::array({{{"metric", "text"}, {"obtained", "text"}}})}};
  if (!prices.is_null()) {
    run["energy_per_image"] = by_place("number");
    layer["energy_per_image"] = by_place(layer_energy_shape());
  }
  run["layers"] = json::array({layer});
  return run;
}

}  // namespace

json comparison_shape(const json& comparison) {
  const json prices = comparison.value("energy_table", json());
  json run = run_shape(prices);
  if (has_technology(comparison)) run["silicon"] = silicon_shape(prices, comparison["technology"]);
  const json schedules = {{"dense", run}, {"sequential", run}, {"streaming", run}};
  json shape = {{"version", "text"},
                {"images", "number"},
                {"batch", "number"},
                {"dense_network?", "text"},
                {"energy_table?", {{"name", "text"}, {"unit", "text"}}},
                {"schedules", schedules},
                {"equal_bandwidth", {{"schedules", schedules}}}};
  if (has_technology(comparison)) shape["technology"] = technology_shape();
  if (comparison.value("network", json()).is_null() && comparison.contains("workload")) {
    shape["workload"] = {
        {"file", "text"}, {"sha256", "text"}, {"name", "text"}, {"source", "text"}};
  } else {
    shape["network"] = {{"file", "text"}, {"sha256", "text"}, {"metadata", {{"*", "text"}}}};
  }
  return shape;
}

json sweep_shape(const json& sweep) {
  json point = {{"digest", "text"},
                {"failure?", "text"},
                {"cycles_per_image?", "number"},
                {"multipliers?", "number"},
                {"energy_table?", "text"},
                {"energy_unit?", "text"},
                {"weights?", "text"},
                {"configuration", json::object()}};
  if (has_technology(sweep)) {
    for (const char* figure : {"period_ns?", "time_ns?", "cells_um2?", "area_um2?"})
      point[figure] = "number";
  }
  return {{"pareto", {{"metrics", json::array({"text"})}, {"digests", json::array({"text"})}}},
          {"points", json::array({point})}};
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
