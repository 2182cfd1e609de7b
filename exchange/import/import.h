#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "exchange/data/network_data.h"
#include "exchange/data/number_table.h"
#include "golden/network.h"

namespace cfc::exchange {

/// How scales are chosen where the source has none.
struct ScaleOptions {
  enum class Values { power_of_two, free };
  enum class Weights { per_layer, per_output };
  Values values{Values::free};
  Weights weights{Weights::per_layer};
};

/// Which layers are factored, and how far.
struct RankChoice {
  std::map<int, int> ranks;  ///< by layer, from 1
  /// Of all others: the share of the squares of the singular values that the rank keeps, above 0 to
  /// 1; none: they stay as they are.
  std::optional<double> energy;

  bool is_none() const { return ranks.empty() && !energy; }
};

struct ImportOptions {
  std::optional<NumberTable> calibration;  ///< inputs, from which scales are chosen
  ScaleOptions scales;
  RankChoice factors;
};

/// What became of a node of the source.
struct ImportNote {
  std::string node;
  std::string what;
};

/// How a layer's requantisation compares with the source's, over all sums that inputs can give.
/// Nothing is tried where the source defines none.
struct LayerFit {
  std::uint64_t sums_tried{};
  std::uint64_t sums_different{};  ///< 0: proved equal
};

struct ImportResult {
  golden::Network network;
  std::vector<ImportNote> notes;  ///< in the source's order
  std::vector<LayerFit> fits;     ///< one a layer; nothing is tried where sums leave as they are
  std::optional<Fidelity> agreement;  ///< with the source, on the calibration data
};

/// Lowers somebody's ONNX model, as exporters and quantisers write it, to a network of our own: a
/// chain of fully connected layers in integers (docs/reference/import.md). Throws InputError that
/// names the file and the node of what is not supported.
ImportResult import_model(const std::filesystem::path& file, const ImportOptions& options);

}  // namespace cfc::exchange
