#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "configuration/configuration.h"
#include "configuration/statistics.h"
#include "explore/cost/energy.h"
#include "explore/silicon/technology.h"

namespace cfc {

/// A layer, and what it did in a run: all that a metric is read from.
struct LayerRun {
  const LayerConfiguration& machine;
  const LayerStatistics& measured;
  std::uint64_t images;  ///< of the run; of a workload its inferences
  // In a comparison only:
  const explore::LayerWidths* widths{};
  // With prices only:
  const explore::LayerEnergy* on_chip{};    ///< weights in the accelerator's memories
  const explore::LayerEnergy* from_dram{};  ///< weights fetched for each batch
  bool links_priced{};
  // With standard cells only:
  const explore::LayerSilicon* silicon{};
  double period_ns{};  ///< of the whole machine, as they allow it
};

/// A line of the comparison for people; no cell where the layer has no such thing.
struct MetricLine {
  std::string title;
  std::optional<std::string> cell;
};

/// Where a metric is put out.
enum MetricPlace : unsigned {
  kInResults = 1U << 0,          ///< `layers` of every JSON
  kInComparisons = 1U << 1,      ///< `layers` of a comparison's JSON alone
  kInLayerTable = 1U << 2,       ///< text of `verify`, a line a layer
  kInScheduleTable = 1U << 3,    ///< text of `verify`, a line a schedule
  kInComparisonTable = 1U << 4,  ///< text of `compare`, a column a schedule
  kInReport = 1U << 5,           ///< summary of the report; a number
};

/// A figure of a layer in a run. The one list of them is `layer_metrics`; the keys of JSON are
/// explained in docs/reference/results.md.
struct LayerMetric {
  const char* key;
  const char* title;
  const char* unit;  ///< "" where `value` is an object; "energy": that of the prices
  const char* meaning;
  unsigned places;  ///< MetricPlace
  nlohmann::json (*value)(const LayerRun&);
  /// For the comparison; none: one line with `title` and `value`.
  std::vector<MetricLine> (*lines)(const LayerRun&){};
  int width{};            ///< of its column in the tables of `verify`
  const char* heading{};  ///< of that column where it is not `title`

  bool is_in(unsigned place) const { return (places & place) != 0; }
};

/// In the order in which people read them.
const std::vector<LayerMetric>& layer_metrics();

/// The metrics of these places by their keys.
nlohmann::json layer_metrics_json(const LayerRun& layer, unsigned places);

/// The headings and the cells of the columns of a table of `verify`.
std::string metric_headings(MetricPlace table);
std::string metric_cells(const LayerRun& layer, MetricPlace table);

/// The lines of the comparison. `energy_unit` is that of the prices.
std::vector<MetricLine> metric_lines(const LayerRun& layer, const std::string& energy_unit);

/// What each memory did, for people: a line a memory, means of `images`.
std::string memories_headings();
std::string memories_text(const std::string& layer, const LayerStatistics& measured,
                          std::uint64_t images);

}  // namespace cfc
