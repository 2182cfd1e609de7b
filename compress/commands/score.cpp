#include "compress/commands/score.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "compress/training/training_plan.h"

namespace cfc::compress {
namespace {

std::string accuracy_text(const Score& score) { return fmt::format("{:.4f}", *score.accuracy); }

/// It has a unit of its own, and may be small or large in it.
std::string error_text(const Score& score) {
  return fmt::format("{:.4g}", *score.mean_squared_error);
}

}  // namespace

Score score(const golden::Network& network, const golden::Dataset& data,
            const exchange::Numbers& targets) {
  Score result;
  if (!data.labels.empty()) result.accuracy = golden_accuracy(network, data);
  if (targets.rows() > 0) result.mean_squared_error = golden_error(network, data.images, targets);
  return result;
}

std::string text_of(const Score& score) {
  if (score.accuracy) return accuracy_text(score);
  return score.mean_squared_error ? "mean squared error " + error_text(score) : "none";
}

void record(const Score& score, const std::string& split, golden::Network& network) {
  if (score.accuracy) network.metadata[split + "_accuracy"] = accuracy_text(score);
  if (score.mean_squared_error) network.metadata[split + "_mean_squared_error"] = error_text(score);
}

nlohmann::json json_of(const std::optional<double>& figure) {
  return figure ? nlohmann::json(*figure) : nlohmann::json();
}

}  // namespace cfc::compress
