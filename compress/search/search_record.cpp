#include "compress/search/search_record.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/error.h"

namespace cfc::compress {
namespace {

using nlohmann::json;

const std::string& text(const ResultStore::Manifest& manifest, const char* key) {
  const auto found = manifest.find(key);
  if (found == manifest.end()) throw std::runtime_error(fmt::format("it lacks \"{}\"", key));
  return found->second;
}

template <typename T>
T parse(const ResultStore::Manifest& manifest, const char* key) {
  return json::parse(text(manifest, key)).get<T>();
}

}  // namespace

std::filesystem::path search_file(const std::filesystem::path& folder) {
  return folder / "results.sqlite";
}

std::vector<Shape> usual_shapes(golden::Index inputs) {
  std::vector<Shape> shapes;
  for (const golden::Index nodes : TrainingPlan{}.hidden)
    shapes.push_back({shapes.empty() ? inputs : shapes.back().n, nodes});
  shapes.push_back({shapes.back().n, kClasses});
  return shapes;
}

ResultStore::Manifest manifest_of(const SearchPlan& plan, TrainedNetworks& networks) {
  const Grid& grid = plan.grid;
  const Schooling& schooling = plan.schooling;
  return {
      {"schema", kSearchSchema},
      {"seed", std::to_string(schooling.seed)},
      {"epochs", std::to_string(schooling.epochs)},
      {"qat_epochs", std::to_string(schooling.qat_epochs)},
      {"learning", name_of(plan.learning)},
      {"inputs", std::to_string(networks.validation().images.cols())},
      {"data", networks.data_digest()},
      {"beta", fmt::format("{}", plan.beta)},
      {"dropout_locations", json(grid.locations).dump()},
      {"dropout_probabilities", json(grid.probabilities).dump()},
      {"pruning_ratios", json(grid.ratios).dump()},
      {"compressions", json(grid.compressions).dump()},
      {"layers", json(grid.layers).dump()},
  };
}

FinishedSearch read_search(const std::filesystem::path& folder) {
  const std::filesystem::path file = search_file(folder);
  if (!std::filesystem::exists(file))
    throw InputError(fmt::format("there is no search in {}: make one with cfc-compress search {}",
                                 folder.string(), folder.string()));
  const ResultStore store(file);
  const ResultStore::Manifest manifest = store.manifest();
  FinishedSearch search;
  try {
    search.grid = {parse<std::vector<int>>(manifest, "dropout_locations"),
                   parse<std::vector<double>>(manifest, "dropout_probabilities"),
                   parse<std::vector<double>>(manifest, "pruning_ratios"),
                   parse<std::vector<double>>(manifest, "compressions"),
                   parse<std::vector<int>>(manifest, "layers")};
    search.schooling = {parse<int>(manifest, "epochs"), parse<int>(manifest, "qat_epochs"),
                        parse<std::uint64_t>(manifest, "seed")};
    search.beta = parse<double>(manifest, "beta");
    search.data = text(manifest, "data");
    search.shapes = usual_shapes(parse<golden::Index>(manifest, "inputs"));
  } catch (const std::exception& error) {
    throw InputError(fmt::format("{} is damaged: {}", file.string(), error.what()));
  }
  search.points = store.points();
  for (const Unit& unit : units_of(search.grid))
    if (!store.has(unit))
      throw InputError(fmt::format("the search in {} is not finished: repeat cfc-compress search",
                                   folder.string()));
  return search;
}

}  // namespace cfc::compress
