#pragma once

#include <string>
#include <vector>

#include "configuration/configuration.h"
#include "golden/dataset.h"
#include "golden/network.h"

namespace cfc::benchmarks {

/// The network that every benchmark runs: the default one of `cfcsim verify`.
const golden::Network& network();

/// The data set's 9,000 validation images.
const golden::Dataset& dataset();

/// The folder of the data set and the file of the network, for commands.
std::string data_folder();
std::string network_file();

/// The default configuration with some keys changed, "KEY=VALUE" each.
Configuration configuration(const std::vector<std::string>& overrides);

/// A configuration that is measured.
struct Scenario {
  const char* name;
  std::vector<std::string> overrides;
};

/// All of them; `default` is the first.
const std::vector<Scenario>& scenarios();

}  // namespace cfc::benchmarks
