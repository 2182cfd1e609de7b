#include "compress/search/candidates.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "golden/compression.h"
#include "support/error.h"

namespace cfc::compress {
namespace {

/// Of the choices with the same key, the one with the largest E score; the first among equals.
template <typename KeyOf>
std::vector<Choice> best_for_each(const std::vector<Choice>& choices, KeyOf key_of) {
  std::map<decltype(key_of(choices.front())), Choice> best;
  for (const Choice& choice : choices) {
    const auto [found, is_new] = best.emplace(key_of(choice), choice);
    if (!is_new && choice.e_score > found->second.e_score) found->second = choice;
  }
  std::vector<Choice> result;
  for (const auto& entry : best) result.push_back(entry.second);
  return result;
}

bool is_more_accurate(const Choice& a, const Choice& b) {
  return a.point.learned_accuracy > b.point.learned_accuracy;
}

bool removes_more(const Choice& a, const Choice& b) {
  return a.weights_removed > b.weights_removed;
}

}  // namespace

std::vector<Choice> scored(const std::vector<Point>& points,
                           const std::vector<double>& compressions,
                           const std::vector<Shape>& shapes, double beta) {
  std::vector<Choice> choices;
  for (const Point& point : points) {
    const Shape& shape = shapes.at(static_cast<std::size_t>(point.unit.layer) - 1);
    const golden::Index removed = golden::weights_removed(point.rank, shape.m, shape.n);
    const double share = static_cast<double>(removed) / static_cast<double>(shape.m * shape.n);
    for (const double compression : compressions)
      if (leaves_a_rank(compression, shape) &&
          golden::rank_for(compression, shape.m, shape.n) == point.rank)
        choices.push_back(
            {point, compression, removed, e_score(point.learned_accuracy, share, beta)});
  }
  return choices;
}

std::vector<Choice> candidates(const std::vector<Choice>& choices) {
  const auto by_ratio = [](const Choice& choice) {
    const Unit& unit = choice.point.unit;
    return std::tuple(unit.layer, unit.location, unit.ratio);
  };
  const auto by_compression = [](const Choice& choice) {
    const Unit& unit = choice.point.unit;
    return std::tuple(unit.layer, unit.location, choice.compression);
  };
  return best_for_each(best_for_each(choices, by_ratio), by_compression);
}

std::vector<Choice> best_of_each_layer(const std::vector<Choice>& candidates, std::size_t count) {
  std::map<int, std::vector<Choice>> by_layer;
  for (const Choice& choice : candidates) by_layer[choice.point.unit.layer].push_back(choice);
  std::vector<Choice> rows;
  for (auto& [layer, choices] : by_layer) {
    std::stable_sort(choices.begin(), choices.end(), is_more_accurate);
    choices.resize(std::min(choices.size(), count));
    std::stable_sort(choices.begin(), choices.end(), removes_more);
    rows.insert(rows.end(), choices.begin(), choices.end());
  }
  return rows;
}

Choice chosen(const std::vector<Choice>& rows) {
  if (rows.empty()) throw InputError("the search has no results to choose from");
  return *std::min_element(rows.begin(), rows.end(), removes_more);
}

}  // namespace cfc::compress
