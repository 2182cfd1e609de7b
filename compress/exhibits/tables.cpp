#include "compress/exhibits/tables.h"

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "compress/exhibits/paper_numbers.h"
#include "support/error.h"

namespace cfc::compress {
namespace {

using Row = std::vector<std::string>;

constexpr std::size_t kRowsOfALayer = 5;

bool same(double a, double b) { return std::abs(a - b) < 1e-9; }

bool same(const Unit& a, const Unit& b) {
  return a.location == b.location && same(a.probability, b.probability) && same(a.ratio, b.ratio) &&
         a.layer == b.layer;
}

std::string four(double value) { return fmt::format("{:.4f}", value); }
std::string three(double value) { return fmt::format("{:.3f}", value); }

double recorded(const golden::Network& network, const char* key) {
  return golden::recorded_share(network, key).value();
}

/// At the rank with the largest E score; nothing if the search did not visit the unit.
std::optional<double> best_quotient(const std::vector<Choice>& choices, const Unit& unit) {
  const Choice* best = nullptr;
  for (const Choice& choice : choices)
    if (same(choice.point.unit, unit) && (best == nullptr || choice.e_score > best->e_score))
      best = &choice;
  if (best == nullptr) return std::nullopt;
  return best->point.learned_accuracy / best->point.lra_accuracy;
}

/// Counts how many quotients are at least 1.
struct Share {
  int good{0};
  int all{0};
  void count(double quotient) {
    good += quotient >= 1.0 ? 1 : 0;
    ++all;
  }
  std::string text() const {
    return fmt::format("{} of {} ({:.1f} %)", good, all, all > 0 ? 100.0 * good / all : 0.0);
  }
};

Share share_of(const std::vector<Point>& points) {
  Share share;
  for (const Point& point : points) share.count(point.learned_accuracy / point.lra_accuracy);
  return share;
}

Panel panel_of(const PaperTable2Row& row) {
  return {fmt::format("L_Drop {}, P_Drop {}, L_LRA {}", row.location, row.probability, row.layer),
          "R_prune",
          "LRA-learn / LRA",
          {{"ours", {}}, {"paper", {}, Series::Style::dashed}},
          {}};
}

Row cells_of(const Choice& choice) {
  const Point& point = choice.point;
  return {fmt::format("{}", point.unit.ratio),
          fmt::format("{}", choice.compression),
          fmt::format("{}", point.unit.probability),
          fmt::format("{}", point.unit.layer),
          fmt::format("{}", point.unit.location),
          fmt::format("{}", point.rank),
          fmt::format("{}", choice.weights_removed),
          four(point.pruned_accuracy),
          four(point.lra_accuracy),
          four(point.learned_accuracy)};
}

Row with_name(const char* name, const Row& cells, const std::string& paper) {
  Row row = {name};
  row.insert(row.end(), cells.begin(), cells.end());
  row.push_back(paper);
  return row;
}

const Choice* find(const std::vector<Choice>& choices, const PaperTable3Row& row) {
  for (const Choice& choice : choices)
    if (same(choice.point.unit, row.unit) && same(choice.compression, row.compression))
      return &choice;
  return nullptr;
}

}  // namespace

Exhibit table_1(TrainedNetworks& networks) {
  const auto trained = [&](Teacher teacher, int qat_epochs, const char* name) {
    TrainingPlan plan;
    plan.teacher = teacher;
    plan.integer.epochs = qat_epochs;
    return networks.trained(plan, name);
  };
  const int usual = TrainingPlan{}.integer.epochs;
  const golden::Network qat = networks.with({});
  const golden::Network ptq = trained(Teacher::none, 0, "base-ptq");
  const golden::Network real = trained(Teacher::real, usual, "base-distilled-float");
  const golden::Network integer = trained(Teacher::integer, usual, "base-distilled-integer");

  const std::vector<std::string> names = {"float", "PTQ", "QAT", "QAT + KD (float)",
                                          "QAT + KD (integer)"};
  std::vector<double> ours = {recorded(qat, "float_accuracy")};
  std::vector<std::string> tests = {"-"};
  for (const golden::Network* network : {&ptq, &qat, &real, &integer}) {
    ours.push_back(recorded(*network, "validation_accuracy"));
    tests.push_back(network->metadata.at("test_accuracy"));
  }

  Exhibit exhibit{"table-1", "Table 1. PTQ, QAT and knowledge distillation: accuracy", {}, {}, {}};
  exhibit.summary.header = {"", "ours, validation", "ours, test", "paper"};
  Panel panel{"",
              "",
              "accuracy",
              {{"ours", {}, Series::Style::marks}, {"paper", {}, Series::Style::marks}},
              names};
  for (std::size_t i = 0; i < names.size(); ++i) {
    exhibit.summary.rows.push_back({names[i], four(ours[i]), tests[i], four(kPaperTable1[i])});
    panel.series[0].points.emplace_back(static_cast<double>(i), ours[i]);
    panel.series[1].points.emplace_back(static_cast<double>(i), kPaperTable1[i]);
  }
  exhibit.data = exhibit.summary;
  exhibit.panels = {panel};
  return exhibit;
}

Exhibit table_2(const FinishedSearch& search) {
  const auto choices = scored(search.points, search.grid.compressions, search.shapes, search.beta);
  Exhibit exhibit{
      "table-2",
      "Table 2. Accuracy with LRA-learn / accuracy with LRA: ours (at the best E score) "
      "| paper",
      {},
      {},
      {}};
  exhibit.summary.header = {"L_Drop", "P_Drop", "L_LRA"};
  for (const double ratio : kPaperTable2Ratios)
    exhibit.summary.header.push_back(fmt::format("R_prune {}", ratio));
  exhibit.data.header = {"L_Drop", "P_Drop", "L_LRA", "R_prune", "ours", "paper"};
  Share ours;
  Share paper;
  for (const PaperTable2Row& row : paper_table_2()) {
    Row line = {std::to_string(row.location), fmt::format("{}", row.probability),
                std::to_string(row.layer)};
    Panel panel = panel_of(row);
    for (std::size_t i = 0; i < row.quotients.size(); ++i) {
      const double ratio = kPaperTable2Ratios[i];
      const auto quotient =
          best_quotient(choices, {row.location, row.probability, ratio, row.layer});
      const std::string text = quotient ? three(*quotient) : "-";
      if (quotient) {
        ours.count(*quotient);
        panel.series[0].points.emplace_back(ratio, *quotient);
      }
      paper.count(row.quotients[i]);
      panel.series[1].points.emplace_back(ratio, row.quotients[i]);
      line.push_back(text + " | " + three(row.quotients[i]));
      exhibit.data.rows.push_back(
          {line[0], line[1], line[2], fmt::format("{}", ratio), text, three(row.quotients[i])});
    }
    exhibit.summary.rows.push_back(line);
    exhibit.panels.push_back(panel);
  }
  exhibit.title += fmt::format(
      "\nLRA-learn at least as good as LRA in {} of our cells, {} of the paper's; in {} of all "
      "points of the search",
      ours.text(), paper.text(), share_of(search.points).text());
  return exhibit;
}

Exhibit table_3(const FinishedSearch& search) {
  const auto choices = scored(search.points, search.grid.compressions, search.shapes, search.beta);
  Exhibit exhibit{"table-3", "Table 3. The best compressions after factorising", {}, {}, {}};
  exhibit.summary.header = {"",     "R_prune",   "R_comp",   "P_Drop", "L_LRA",   "L_Drop",
                            "rank", "N_Reduced", "A_pruned", "A_LRA",  "A_learn", "paper's A"};
  Panel panel{"",
              "weights removed",
              "accuracy",
              {{"ours at the paper's settings", {}, Series::Style::marks},
               {"the paper's", {}, Series::Style::marks},
               {"our candidates", {}, Series::Style::marks}},
              {}};
  for (const PaperTable3Row& row : paper_table_3()) {
    const auto removed = static_cast<double>(row.weights_removed);
    panel.series[1].points.emplace_back(removed, row.accuracy);
    const Choice* choice = find(choices, row);
    if (choice == nullptr) continue;  // the search was a narrower one
    exhibit.summary.rows.push_back(
        with_name("paper's settings", cells_of(*choice), four(row.accuracy)));
    panel.series[0].points.emplace_back(removed, choice->point.learned_accuracy);
  }
  for (const Choice& choice : best_of_each_layer(candidates(choices), kRowsOfALayer)) {
    exhibit.summary.rows.push_back(with_name("our candidate", cells_of(choice), "-"));
    panel.series[2].points.emplace_back(static_cast<double>(choice.weights_removed),
                                        choice.point.learned_accuracy);
  }
  exhibit.data = exhibit.summary;
  exhibit.panels = {panel};
  return exhibit;
}

}  // namespace cfc::compress
