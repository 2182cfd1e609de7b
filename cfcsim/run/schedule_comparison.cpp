#include "cfcsim/run/schedule_comparison.h"

#include <fmt/format.h>

#include "cfcsim/run/layer_metrics.h"
#include "explore/timing/timing_model.h"

namespace cfc {
namespace {

/// One layer by itself, on one image.
std::string row(const LayerConfiguration& layer, const explore::LayerWidths& widths) {
  Configuration alone;
  alone.input_link_width = layer.shape.m;
  alone.layers = {layer};
  const LayerStatistics predicted = explore::predict(alone, {widths}, 1).layers.front();
  return fmt::format("  {:<12}{}\n", to_string(layer.schedule),
                     metric_cells({layer, predicted, 1, &widths}, kInScheduleTable));
}

std::string compare_layer(const golden::Layer& layer, LayerConfiguration machine,
                          const explore::LayerWidths& widths) {
  const int rank = static_cast<int>(*layer.rank());
  std::string text = fmt::format(
      "{} in the three schedules, as configured\n"
      "  {:<12}{}\n",
      layer.name, "schedule", metric_headings(kInScheduleTable));
  for (const Schedule schedule : kSchedules) {
    machine.schedule = schedule;
    machine.shape.r = uses_factors(schedule) ? std::optional<int>(rank) : std::nullopt;
    text += row(machine, widths);
  }
  return text;
}

}  // namespace

std::string schedule_comparison(const golden::Network& network,
                                const Configuration& configuration) {
  const auto widths = explore::widths_of(network);
  std::string text;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (!network.layers[i].is_factorised()) continue;
    text += compare_layer(network.layers[i], configuration.layers[i], widths[i]);
  }
  return text;
}

}  // namespace cfc
