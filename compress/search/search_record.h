#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compress/search/search.h"

namespace cfc::compress {

constexpr const char* kSearchSchema = "cfcsim.search/1";

/// What a search looks for and how.
struct SearchPlan {
  Grid grid{paper_grid()};
  Schooling schooling;
  Learning learning{Learning::descent};
  double beta{kBeta};
};

/// A search that was done, as the tables and figures read it.
struct FinishedSearch {
  std::vector<Point> points;
  Grid grid;
  Schooling schooling;
  std::vector<Shape> shapes;
  double beta{};
  std::string data;  ///< digest of the data it is of
};

/// Where the search in `folder` keeps its points.
std::filesystem::path search_file(const std::filesystem::path& folder);

/// What a store of points says of the search that they are of.
ResultStore::Manifest manifest_of(const SearchPlan& plan, TrainedNetworks& networks);

/// Shapes of the networks that a search trains, for images of `inputs` pixels.
std::vector<Shape> usual_shapes(golden::Index inputs);

/// Reads the results in `folder`. Throws InputError if there are none, or not all of them yet.
FinishedSearch read_search(const std::filesystem::path& folder);

}  // namespace cfc::compress
