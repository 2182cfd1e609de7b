#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "compress/network/data.h"
#include "golden/network.h"

namespace cfc::compress {

/// How good a network is, by the golden model, on vectors with classes or on those with targets;
/// nothing where there are none.
struct Score {
  std::optional<double> accuracy;            ///< share of the vectors, 0 to 1
  std::optional<double> mean_squared_error;  ///< in the unit of the targets
};

Score score(const golden::Network& network, const golden::Dataset& data,
            const exchange::Numbers& targets);

/// "0.9800", an accuracy; "mean squared error 0.01234"; "none".
std::string text_of(const Score& score);

/// Records it as `split`_accuracy or `split`_mean_squared_error; nothing where there is none.
void record(const Score& score, const std::string& split, golden::Network& network);

/// null where there is none.
nlohmann::json json_of(const std::optional<double>& figure);

}  // namespace cfc::compress
