#include "cfcsim/import_command.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cfcsim/run/fidelity.h"
#include "cfcsim/run/run_options.h"
#include "exchange/data/number_file.h"
#include "golden/onnx_file.h"
#include "support/command/choice_option.h"
#include "support/command/command_line.h"
#include "support/digest.h"
#include "support/error.h"
#include "support/exit_status.h"
#include "support/numbers.h"
#include "support/version.h"

namespace cfc {
namespace {

using exchange::ImportResult;
using exchange::LayerFit;
using exchange::ScaleOptions;
using nlohmann::json;

int multiplier_bits(const golden::Layer& layer) {
  return layer.requantisation ? layer.requantisation->multiplier_bits() : 0;
}

/// Of `LAYER:RANK`.
std::pair<int, int> rank_of(const std::string& text) {
  constexpr int kMost = 1'000'000;
  const std::size_t colon = text.find(':');
  try {
    if (colon == std::string::npos) throw ValueError("give LAYER:RANK");
    return {parse_integer(text.substr(0, colon), 1, kMost),
            parse_integer(text.substr(colon + 1), 1, kMost)};
  } catch (const ValueError& error) {
    throw InputError(fmt::format("--factorise {}: {}", printable(text), error.what()));
  }
}

/// Width of W, or of the wider factor.
int weight_bits(const golden::Layer& layer) {
  if (const auto* dense = std::get_if<golden::DenseWeights>(&layer.weights)) return dense->w_bits;
  const auto& factors = std::get<golden::FactorisedWeights>(layer.weights);
  return std::max(factors.u_bits, factors.v_bits);
}

json layer_json(const golden::Layer& layer, const LayerFit& fit) {
  json document{{"name", layer.name},
                {"m", layer.inputs()},
                {"n", layer.outputs()},
                {"r", layer.rank() ? json(*layer.rank()) : json()},
                {"weight_bits", weight_bits(layer)},
                {"requantise", nullptr}};
  if (!layer.requantisation) return document;
  document["requantise"] = {{"multiplier_bits", multiplier_bits(layer)},
                            {"per_output", layer.requantisation->is_per_output()},
                            {"exact", fit.sums_tried > 0 ? json(fit.sums_different == 0) : json()},
                            {"sums_tried", fit.sums_tried},
                            {"sums_different", fit.sums_different}};
  return document;
}

/// How near the network is to its source on the calibration data, and who computed the source.
struct Agreement {
  exchange::Fidelity fidelity;
  std::string judge;
  std::string reason;  ///< why it is not ONNX Runtime; else empty
};

/// What somebody else computed judges where it is given; ONNX Runtime where it is there and can run
/// the source; else the importer itself.
std::optional<Agreement> agreement_of(const ImportCommandOptions& options,
                                      const exchange::ImportOptions& import_options,
                                      const ImportResult& result) {
  if (options.expected) {
    return Agreement{fidelity_to(exchange::read_numbers(*options.expected),
                                 *import_options.calibration, result.network),
                     *options.expected, ""};
  }
  if (!result.agreement) return {};
  try {
    return Agreement{fidelity_to_source(options.model, *import_options.calibration, result.network),
                     "ONNX Runtime", ""};
  } catch (const InputError& error) {  // not there, or the source is not for it
    return Agreement{*result.agreement, "the importer", error.what()};
  }
}

json import_json(const ImportCommandOptions& options, const ImportResult& result,
                 const std::optional<Agreement>& agreement) {
  json document{
      {"schema", "cfcsim.import/1"},
      {"version", kVersion},
      {"model",
       {{"file", options.model.filename().string()}, {"sha256", sha256_of_file(options.model)}}},
      {"metadata", result.network.metadata},
      {"agreement", agreement ? fidelity_json(agreement->fidelity) : json()}};
  if (agreement) {
    document["agreement"]["judge"] = agreement->judge;
    document["agreement"]["reason"] = agreement->reason.empty() ? json() : json(agreement->reason);
  }
  for (const exchange::ImportNote& note : result.notes) {
    document["nodes"].push_back({{"node", note.node}, {"what", note.what}});
  }
  for (std::size_t i = 0; i < result.network.layers.size(); ++i) {
    document["layers"].push_back(layer_json(result.network.layers[i], result.fits[i]));
  }
  return document;
}

std::string requantisation_text(const golden::Layer& layer, const LayerFit& fit) {
  if (!layer.requantisation) return "sums as they are";
  const int bits = multiplier_bits(layer);
  std::string how = bits == 1 ? "shift" : fmt::format("multiplier of {} bits", bits);
  if (layer.requantisation->is_per_output()) how += ", one an output";
  if (fit.sums_tried == 0) return how + ", chosen here";
  if (fit.sums_different == 0) {
    return fmt::format("{}: the source's result for all {} sums", how, fit.sums_tried);
  }
  return fmt::format("{}: another result than the source's for {} of {} sums", how,
                     fit.sums_different, fit.sums_tried);
}

std::string import_text(const ImportCommandOptions& options, const ImportResult& result,
                        const std::optional<Agreement>& agreement) {
  std::string text = fmt::format("{} -> {}\n", options.model.string(), options.network.string());
  for (const exchange::ImportNote& note : result.notes) {
    text += fmt::format("  {}: {}\n", note.node, note.what);
  }
  for (std::size_t i = 0; i < result.network.layers.size(); ++i) {
    const golden::Layer& layer = result.network.layers[i];
    const std::string rank = layer.rank() ? fmt::format(", rank {}", *layer.rank()) : "";
    text += fmt::format("{}: {} x {}{}, weights of {} bits; {}\n", layer.name, layer.inputs(),
                        layer.outputs(), rank, weight_bits(layer),
                        requantisation_text(layer, result.fits[i]));
  }
  if (agreement) {
    text += fmt::format("on the calibration data, against the source as {} computes it: {}",
                        agreement->judge, fidelity_text(agreement->fidelity));
    if (!agreement->reason.empty()) {
      text += fmt::format("ONNX Runtime was not asked, or did not answer: {}\n", agreement->reason);
    }
  }
  return text;
}

}  // namespace

void ImportCommandOptions::add_to(CLI::App& command) {
  command.add_option("MODEL", model, "Somebody's model (ONNX)")->required()->type_name(kInput);
  command.add_option("-o,--output", network, "The network to be made (ONNX)")
      ->required()
      ->type_name(kOutput);
  command
      .add_option(
          "--calibrate", calibration,
          "Inputs to choose scales by, X.npy, X.npz:KEY or X.csv; for models without scales")
      ->type_name(kKeyedInput);
  command
      .add_option("--expected", expected,
                  "What somebody else computed of these inputs, X.npy, X.npz:KEY or X.csv, to be "
                  "compared with")
      ->type_name(kKeyedInput)
      ->needs("--calibrate");
  add_choice<ScaleOptions::Values>(
      command, "--scales", scales.values,
      {{"free", ScaleOptions::Values::free}, {"pot", ScaleOptions::Values::power_of_two}},
      "Scales chosen here: free, or powers of two, which make do with shifts");
  add_choice<ScaleOptions::Weights>(
      command, "--per", scales.weights,
      {{"layer", ScaleOptions::Weights::per_layer}, {"output", ScaleOptions::Weights::per_output}},
      "Weight scales chosen here: one a layer, or one an output");
  command
      .add_option("--factorise", ranks,
                  "Factor the weights of a layer, LAYER:RANK, by singular values; repeatable")
      ->allow_extra_args(false);
  command
      .add_option(
          "--rank-energy", rank_energy,
          "Factor every other layer that it makes smaller, to the least rank that keeps this "
          "share of the squares of its singular values, above 0 to 1")
      ->check(CLI::Range(std::numeric_limits<double>::min(), 1.0));
  command.add_option("--json", json, "Write the result as JSON to this file; - is standard output")
      ->type_name(kOutput);
}

int import_network(const ImportCommandOptions& options) {
  exchange::ImportOptions import_options;
  import_options.scales = options.scales;
  import_options.factors.energy = options.rank_energy;
  for (const std::string& layer : options.ranks)
    import_options.factors.ranks.insert(rank_of(layer));
  if (options.calibration)
    import_options.calibration = exchange::read_numbers(*options.calibration);
  const ImportResult result = exchange::import_model(options.model, import_options);
  const auto agreement = agreement_of(options, import_options, result);
  golden::write_network(result.network, options.network);
  if (options.json) write_json(import_json(options, result, agreement), *options.json);
  if (options.json != "-") fmt::print("{}", import_text(options, result, agreement));
  return kExitOk;
}

}  // namespace cfc
