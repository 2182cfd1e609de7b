// The one table of what is told of a layer.

#include "cfcsim/run/layer_metrics.h"

#include <set>

#include <catch2/catch.hpp>

#include "tests/helpers/temporary_folder.h"

using cfc::LayerMetric;

namespace {

constexpr unsigned kJson = cfc::kInResults | cfc::kInComparisons;

}  // namespace

TEST_CASE("every metric of a layer has a key of its own, a meaning and a place") {
  std::set<std::string> keys;
  for (const LayerMetric& metric : cfc::layer_metrics()) {
    CAPTURE(metric.key);
    CHECK(keys.insert(metric.key).second);
    CHECK_FALSE(std::string(metric.meaning).empty());
    CHECK(metric.places != 0);
    const bool is_column = metric.is_in(cfc::kInLayerTable | cfc::kInScheduleTable);
    CHECK(is_column == (metric.width > 0));
    // The report takes its numbers from the JSON of a comparison.
    if (metric.is_in(cfc::kInReport)) CHECK(metric.is_in(kJson));
  }
}

TEST_CASE("every key of a layer is explained on the page of results") {
  const std::string pages =
      cfc::testing::read_file(CFCSIM_SOURCE_DIR "/docs/reference/results.md") +
      cfc::testing::read_file(CFCSIM_SOURCE_DIR "/docs/reference/figures.md");
  for (const LayerMetric& metric : cfc::layer_metrics()) {
    if (!metric.is_in(kJson)) continue;
    CAPTURE(metric.key);
    CHECK_THAT(pages, Catch::Contains(std::string("`") + metric.key));
  }
}

TEST_CASE("a table's headings stand over its cells") {
  cfc::LayerConfiguration machine;
  machine.shape = {784, 50, 30};
  cfc::LayerStatistics measured;
  measured.images = 2;
  measured.run_cycles = 62;
  const cfc::LayerRun layer{machine, measured, 2};
  CHECK(cfc::metric_headings(cfc::kInLayerTable) == "  operations    cycles   peak bits a cycle");
  CHECK(cfc::metric_cells(layer, cfc::kInLayerTable) ==
        "          31        31                   0");
}
