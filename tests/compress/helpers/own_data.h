#pragma once

// What the tests of training on other people's data have in common.

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/helpers/command.h"
#include "tests/helpers/numpy.h"
#include "tests/helpers/random_networks.h"
#include "tests/helpers/temporary_folder.h"

namespace cfc::compress {

using Rows = std::vector<std::vector<double>>;

/// A folder in which shell lines run with the commands as $C and $V.
class Folder {
 public:
  cfc::testing::CommandResult run(const std::string& line) const {
    const std::string setting =
        fmt::format("cd '{}' && export C='{}' V='{}' && ", root_.path().string(), CFC_COMPRESS_PATH,
                    CFCSIM_BINARY);
    return cfc::testing::run_command({"/bin/sh", "-c", setting + line});
  }

  /// What the line makes of it; shown if it fails.
  cfc::testing::CommandResult must(const std::string& line) const {
    cfc::testing::CommandResult result = run(line);
    INFO(line << "\n" << result.errors);
    REQUIRE(result.status == 0);
    return result;
  }

  std::filesystem::path operator/(const std::string& name) const { return root_.path() / name; }

 private:
  cfc::testing::TemporaryFolder root_;
};

inline std::string csv(const Rows& rows) {
  std::string text;
  for (const auto& row : rows) text += fmt::format("{}\n", fmt::join(row, ","));
  return text;
}

/// Vectors with classes, which lie round one centre a class: rows of `width` numbers.
struct Clusters {
  Rows inputs;
  Rows labels;
  int classes;

  Clusters(cfc::testing::Generator& random, int count, int width, int class_count, double lo,
           double hi)
      : classes(class_count) {
    std::uniform_real_distribution<double> anywhere(lo, hi);
    std::normal_distribution<double> near(0, (hi - lo) / 40);
    Rows centres(static_cast<std::size_t>(classes), std::vector<double>(width));
    for (auto& centre : centres)
      for (double& number : centre) number = anywhere(random);
    for (int i = 0; i < count; ++i) {
      const auto label = static_cast<std::size_t>(i % classes);
      inputs.push_back(centres[label]);
      for (double& number : inputs.back()) number = std::clamp(number + near(random), lo, hi);
      labels.push_back({static_cast<double>(label)});
    }
  }
};

template <typename Element>
std::string npy_of(const std::string& type, const Rows& rows) {
  std::vector<Element> elements;
  for (const auto& row : rows)
    for (const double number : row) elements.push_back(static_cast<Element>(number));
  return cfc::testing::npy(type, fmt::format("{}, {}", rows.size(), rows.front().size()),
                           cfc::testing::bytes_of(elements));
}

}  // namespace cfc::compress
