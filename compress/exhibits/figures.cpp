#include "compress/exhibits/figures.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "compress/methods/pruning.h"
#include "compress/search/integer_evaluator.h"
#include "support/error.h"

namespace cfc::compress {
namespace {

constexpr double kYellowStar = 0.9;
constexpr int kLayersShown = 2;
const std::vector<double> kShownRatios = {0.05, 0.35, 0.65};  // where Figs. 12 and 13 are cut

/// The paper prunes from 0.1 on in Figs. 8 to 11.
std::vector<double> ratios_from_a_tenth() {
  std::vector<double> ratios;
  for (int i = 2; i <= 14; ++i) ratios.push_back(i / 20.0);
  return ratios;
}

bool is_shown(double ratio) {
  for (const double shown : kShownRatios)
    if (std::abs(ratio - shown) < 1e-9) return true;
  return false;
}

double pruned_accuracy(const golden::Network& base, Pruning method, double ratio,
                       const FinishedSearch& search, TrainedNetworks& networks) {
  const golden::Network pruned = prune(base, method, ratio, search.schooling.seed);
  return IntegerEvaluator(pruned, networks.validation()).accuracy();
}

/// Accuracy over the pruning ratio.
Series pruning_series(const std::string& title, const Dropout& dropout, Pruning method,
                      const FinishedSearch& search, TrainedNetworks& networks) {
  const golden::Network base = networks.with(dropout);
  Series series{title, {}};
  for (const double ratio : ratios_from_a_tenth())
    series.points.emplace_back(ratio, pruned_accuracy(base, method, ratio, search, networks));
  return series;
}

std::string probability_text(double probability) { return fmt::format("P_Drop {}", probability); }

Exhibit finished(Exhibit exhibit) {
  exhibit.data = all_points(exhibit.panels);
  exhibit.summary = side_by_side(exhibit.panels);
  return exhibit;
}

Exhibit named(int number, const std::string& title) {
  return {fmt::format("figure-{}", number), fmt::format("Fig. {}. {}", number, title), {}, {}, {}};
}

Exhibit dropout_locations(const FinishedSearch& search, TrainedNetworks& networks) {
  Panel panel{"", "P_Drop", "accuracy after QAT", {}, {}};
  for (const std::vector<int>& locations : {std::vector{1}, std::vector{2}, std::vector{1, 2}}) {
    Series series{fmt::format("L_Drop {}", fmt::join(locations, " and ")), {}};
    for (const double probability : search.grid.probabilities) {
      const golden::Network network = networks.with({locations, probability});
      series.points.emplace_back(probability,
                                 golden::recorded_share(network, "validation_accuracy").value());
    }
    panel.series.push_back(series);
  }
  Exhibit exhibit = named(7, "Accuracy with varying dropout location");
  exhibit.panels = {panel};
  return finished(exhibit);
}

/// Figs. 8 and 9.
Exhibit pruning_methods(int number, int location, const FinishedSearch& search,
                        TrainedNetworks& networks) {
  Exhibit exhibit = named(number, fmt::format("Five ways of pruning, L_Drop {}", location));
  for (const double probability : search.grid.probabilities) {
    Panel panel{probability_text(probability), "R_prune", "accuracy", {}, {}};
    for (const Pruning method : all_prunings())
      panel.series.push_back(pruning_series(std::string(name_of(method)), {{location}, probability},
                                            method, search, networks));
    exhibit.panels.push_back(panel);
  }
  return finished(exhibit);
}

Exhibit pruning_by_location(const FinishedSearch& search, TrainedNetworks& networks) {
  Exhibit exhibit = named(10, "Unstructured L1 pruning with varying dropout location");
  for (const double probability : search.grid.probabilities) {
    Panel panel{probability_text(probability), "R_prune", "accuracy", {}, {}};
    for (const int location : {1, 2})
      panel.series.push_back(pruning_series(fmt::format("L_Drop {}", location),
                                            {{location}, probability}, Pruning::unstructured_l1,
                                            search, networks));
    exhibit.panels.push_back(panel);
  }
  return finished(exhibit);
}

Exhibit pruning_by_probability(const FinishedSearch& search, TrainedNetworks& networks) {
  Exhibit exhibit = named(11, "Five ways of pruning with varying dropout probability, L_Drop 2");
  for (const Pruning method : all_prunings()) {
    Panel panel{std::string(name_of(method)), "R_prune", "accuracy", {}, {}};
    for (const double probability : search.grid.probabilities)
      panel.series.push_back(pruning_series(probability_text(probability), {{2}, probability},
                                            method, search, networks));
    exhibit.panels.push_back(panel);
  }
  return finished(exhibit);
}

using Value = double (*)(const Choice&);

std::string place(const Unit& unit) {
  return fmt::format("L_Drop {}, L_LRA {}", unit.location, unit.layer);
}

/// (a) to (d) of Figs. 12 and 13, surfaces in the paper: cuts through them at some pruning ratios,
/// a value over R_comp for each dropout probability.
std::vector<Panel> cuts(const std::vector<Choice>& choices, const std::string& y_label,
                        Value value) {
  std::map<std::pair<std::string, double>, std::map<double, Series>> all;
  for (const Choice& choice : choices) {
    const Unit& unit = choice.point.unit;
    if (unit.layer > kLayersShown || !is_shown(unit.ratio)) continue;
    Series& series = all[{place(unit), unit.ratio}][unit.probability];
    series.title = probability_text(unit.probability);
    series.points.emplace_back(choice.compression, value(choice));
  }
  if (all.empty())
    throw InputError(
        "this figure shows layers 1 and 2 pruned by 0.05, 0.35 or 0.65; the search "
        "has none of those");
  std::vector<Panel> panels;
  for (auto& [where, series] : all) {
    Panel panel{
        fmt::format("{}, R_prune {}", where.first, where.second), "R_comp", y_label, {}, {}};
    for (auto& [probability, one] : series) {
      std::sort(one.points.begin(), one.points.end());
      panel.series.push_back(one);
    }
    panels.push_back(panel);
  }
  return panels;
}

/// All of the search, a line a point and compression.
Table whole_grid(const std::vector<Choice>& choices, const char* name, Value value) {
  Table table{{"L_Drop", "L_LRA", "P_Drop", "R_prune", "R_comp", "rank", name}, {}};
  for (const Choice& choice : choices) {
    const Unit& unit = choice.point.unit;
    table.rows.push_back({std::to_string(unit.location), std::to_string(unit.layer),
                          fmt::format("{}", unit.probability), fmt::format("{}", unit.ratio),
                          fmt::format("{}", choice.compression), std::to_string(choice.point.rank),
                          fmt::format("{:.6f}", value(choice))});
  }
  return table;
}

double degradation(const Choice& choice) {
  return choice.point.pruned_accuracy - choice.point.learned_accuracy;
}

double score(const Choice& choice) { return choice.e_score; }

/// The stars of Fig. 13 in the plane of R_comp and R_prune.
std::vector<Panel> star_panels(const std::vector<Choice>& stars) {
  std::map<std::string, Panel> panels;
  for (const Choice& star : stars) {
    const Unit& unit = star.point.unit;
    if (unit.layer > kLayersShown) continue;
    Panel& panel = panels[place(unit)];
    if (panel.series.empty())
      panel = {place(unit) + ", candidates",
               "R_comp",
               "R_prune",
               {{"accuracy 0.9 or more", {}, Series::Style::marks},
                {"accuracy below 0.9", {}, Series::Style::marks}},
               {},
               {0.0, 1.0},
               {0.0, 0.75}};
    const bool yellow = star.point.learned_accuracy >= kYellowStar;
    panel.series[yellow ? 0 : 1].points.emplace_back(star.compression, unit.ratio);
  }
  std::vector<Panel> result;
  for (const auto& entry : panels) result.push_back(entry.second);
  return result;
}

Table list_of(const std::vector<Choice>& stars) {
  Table table{{"L_Drop", "L_LRA", "P_Drop", "R_prune", "R_comp", "rank", "A_learn", "E"}, {}};
  for (const Choice& star : stars) {
    const Unit& unit = star.point.unit;
    table.rows.push_back({std::to_string(unit.location), std::to_string(unit.layer),
                          fmt::format("{}", unit.probability), fmt::format("{}", unit.ratio),
                          fmt::format("{}", star.compression), std::to_string(star.point.rank),
                          fmt::format("{:.4f}", star.point.learned_accuracy),
                          fmt::format("{:.4f}", star.e_score)});
  }
  return table;
}

Exhibit loss_of_accuracy(const std::vector<Choice>& choices) {
  Exhibit exhibit = named(12, "Accuracy lost by LRA-learn after pruning");
  exhibit.panels = cuts(choices, "accuracy lost", degradation);
  exhibit.summary = side_by_side(exhibit.panels);
  exhibit.data = whole_grid(choices, "accuracy_lost", degradation);
  return exhibit;
}

Exhibit scores(const std::vector<Choice>& choices, double beta) {
  const std::vector<Choice> stars = candidates(choices);
  Exhibit exhibit = named(13, fmt::format("E score, beta {}, and the candidates", beta));
  exhibit.panels = cuts(choices, "E score", score);
  for (const Panel& panel : star_panels(stars)) exhibit.panels.push_back(panel);
  exhibit.summary = list_of(stars);
  exhibit.data = whole_grid(choices, "e_score", score);
  return exhibit;
}

}  // namespace

Exhibit figure(int number, const FinishedSearch& search, TrainedNetworks& networks) {
  const auto choices = scored(search.points, search.grid.compressions, search.shapes, search.beta);
  switch (number) {
    case 7:
      return dropout_locations(search, networks);
    case 8:
      return pruning_methods(8, 1, search, networks);
    case 9:
      return pruning_methods(9, 2, search, networks);
    case 10:
      return pruning_by_location(search, networks);
    case 11:
      return pruning_by_probability(search, networks);
    case 12:
      return loss_of_accuracy(choices);
    case 13:
      return scores(choices, search.beta);
    default:
      throw InputError(fmt::format("there is no figure {} of networks: they are 7 to 13", number));
  }
}

}  // namespace cfc::compress
