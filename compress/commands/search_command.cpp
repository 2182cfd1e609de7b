#include "compress/commands/search_command.h"

#include <chrono>
#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "compress/commands/json_output.h"
#include "compress/training/progress.h"
#include "golden/onnx_file.h"
#include "support/error.h"
#include "support/whole_file.h"

namespace cfc::compress {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kRowsOfALayer = 5;

/// Tells on standard error how far the search is.
class SearchProgress {
 public:
  void operator()(std::size_t done, std::size_t all) const {
    const double elapsed = seconds();
    const double left = elapsed / static_cast<double>(done) * static_cast<double>(all - done);
    if (done % kEvery == 0 || done == all)
      fmt::print(stderr, "search: {}/{} matrices, {:.0f} s, {:.0f} s left\n", done, all, elapsed,
                 left);
  }
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  static constexpr std::size_t kEvery = 20;
  Clock::time_point start_{Clock::now()};
};

std::string name_of(const Choice& choice) {
  const Unit& unit = choice.point.unit;
  return fmt::format("layer{}-rank{}-pruned{}-dropout{}at{}.onnx", unit.layer, choice.point.rank,
                     unit.ratio, unit.probability, unit.location);
}

std::string recipe_of(const Choice& choice, const golden::Network& base) {
  const Unit& unit = choice.point.unit;
  return fmt::format(
      "{}; {:.0f} % of each layer's weights pruned (unstructured L1); layer {} factorised at rank "
      "{} (R_comp {}) by eqs. (8) and (9), learned by eq. (10) where that helps",
      base.metadata.at("recipe"), 100.0 * unit.ratio, unit.layer, choice.point.rank,
      choice.compression);
}

/// Nothing where the values are the usual ones.
template <typename T>
std::string option(const char* name, const std::vector<T>& values, const std::vector<T>& usual) {
  return values == usual ? "" : fmt::format(" {} {}", name, fmt::join(values, " "));
}

/// What to type to search again.
std::string command_of(const SearchOptions& options) {
  const Grid& grid = options.grid;
  const Grid usual = paper_grid();
  return fmt::format(
             "cfc-compress search FOLDER --epochs {} --qat-epochs {} --seed {} --learning "
             "{} --beta {}",
             options.schooling.epochs, options.schooling.qat_epochs, options.schooling.seed,
             name_of(options.learning), options.beta) +
         option("--dropout-locations", grid.locations, usual.locations) +
         option("--dropout", grid.probabilities, usual.probabilities) +
         option("--pruning-ratios", grid.ratios, usual.ratios) +
         option("--compressions", grid.compressions, usual.compressions) +
         option("--layers", grid.layers, usual.layers);
}

golden::Network export_network(const Choice& choice, TrainedNetworks& networks,
                               const SearchOptions& options) {
  const Unit& unit = choice.point.unit;
  const golden::Network base = networks.with({{unit.location}, unit.probability});
  golden::Network network =
      build(unit, choice.point.rank, base, networks.training_sample(), options.learning);
  const double validation = golden_accuracy(network, networks.validation());
  if (validation != choice.point.learned_accuracy)
    throw std::runtime_error(fmt::format("the golden model finds an accuracy of {}, the search {}",
                                         validation, choice.point.learned_accuracy));
  network.metadata["recipe"] = recipe_of(choice, base);
  network.metadata["rank"] = fmt::format("fc{}={}", unit.layer, choice.point.rank);
  network.metadata["e_score"] = fmt::format("{:.4f}", choice.e_score);
  network.metadata["validation_accuracy"] = fmt::format("{:.4f}", validation);
  network.metadata["test_accuracy"] =
      fmt::format("{:.4f}", golden_accuracy(network, networks.test()));
  network.metadata["command"] = command_of(options);
  return network;
}

json to_json(const Choice& choice) {
  const Point& point = choice.point;
  return {{"dropout_location", point.unit.location},
          {"dropout_probability", point.unit.probability},
          {"pruning_ratio", point.unit.ratio},
          {"layer", point.unit.layer},
          {"compression", choice.compression},
          {"rank", point.rank},
          {"weights_removed", choice.weights_removed},
          {"pruned_accuracy", point.pruned_accuracy},
          {"lra_accuracy", point.lra_accuracy},
          {"learned_accuracy", point.learned_accuracy},
          {"e_score", choice.e_score}};
}

json to_json(const std::vector<Choice>& choices) {
  json list = json::array();
  for (const Choice& choice : choices) list.push_back(to_json(choice));
  return list;
}

void print(std::FILE* stream, const std::vector<Choice>& choices) {
  fmt::print(stream, "{:>5} {:>5} {:>6} {:>7} {:>7} {:>6} {:>8} {:>8} {:>8} {:>7}\n", "layer",
             "rank", "R_comp", "R_prune", "dropout", "at", "removed", "A_LRA", "A_learn", "E");
  for (const Choice& choice : choices) {
    const Point& point = choice.point;
    fmt::print(stream, "{:>5} {:>5} {:>6} {:>7} {:>7} {:>6} {:>8} {:>8.4f} {:>8.4f} {:>7.4f}\n",
               point.unit.layer, point.rank, choice.compression, point.unit.ratio,
               point.unit.probability, point.unit.location, choice.weights_removed,
               point.lra_accuracy, point.learned_accuracy, choice.e_score);
  }
}

}  // namespace

void search(const SearchOptions& options) {
  TrainedNetworks networks(options.folder, options.data, options.schooling);
  const std::vector<Shape> shapes = usual_shapes(networks.validation().images.cols());
  check(options.grid, shapes);
  for (const int location : options.grid.locations)
    for (const double probability : options.grid.probabilities)
      check(Dropout{{location}, probability}, shapes.size());
  make_folder(options.folder / "candidates");
  check_json_target(options.json);
  ResultStore store(search_file(options.folder), manifest_of(options, networks));

  train_bases(options.grid, networks);  // now, so that the search's own time is known
  const SearchProgress progress;
  run_search(options.grid, networks, store, options.learning, options.jobs, progress);
  const double seconds = progress.seconds();

  const auto all = scored(store.points(), options.grid.compressions, shapes, options.beta);
  const std::vector<Choice> stars = candidates(all);
  const std::vector<Choice> rows = best_of_each_layer(stars, kRowsOfALayer);
  for (const Choice& star : stars)
    golden::write_network(export_network(star, networks, options),
                          options.folder / "candidates" / name_of(star));
  const Choice best = chosen(rows);
  golden::write_network(export_network(best, networks, options), options.folder / "chosen.onnx");

  std::FILE* stream = text_stream(options.json);
  fmt::print(stream,
             "{} points in {:.0f} s; {} candidates in {}; of each layer the most accurate:\n",
             all.size(), seconds, stars.size(), (options.folder / "candidates").string());
  print(stream, rows);
  fmt::print(stream, "chosen, as it removes the most weights: {}\n",
             (options.folder / "chosen.onnx").string());
  print(stream, {best});
  write_json(options.json, kSearchSchema,
             {{"points", all.size()},
              {"candidates", to_json(stars)},
              {"rows", to_json(rows)},
              {"chosen", to_json(best)},
              {"search_seconds", seconds},
              {"seed", options.schooling.seed}});
}

}  // namespace cfc::compress
