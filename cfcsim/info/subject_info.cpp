#include "cfcsim/info/subject_info.h"

#include <fmt/format.h>

#include "explore/cost/energy.h"

namespace cfc {
namespace {

using nlohmann::json;

/// Weights of a layer, W or both factors, biases not counted.
std::uint64_t weights_of(const LayerShape& shape) {
  const auto m = static_cast<std::uint64_t>(shape.m);
  const auto n = static_cast<std::uint64_t>(shape.n);
  return shape.r ? static_cast<std::uint64_t>(*shape.r) * (m + n) : m * n;
}

std::uint64_t weight_bits(const explore::WorkloadLayer& layer) {
  LayerConfiguration machine;
  machine.shape = layer.shape;
  machine.schedule = layer.shape.r ? Schedule::streaming : kPlainSchedule;
  return explore::weight_bits(machine, layer.widths);
}

/// What shape and widths say.
json shape_json(const explore::WorkloadLayer& layer) {
  const explore::LayerWidths& widths = layer.widths;
  json bits = {{"output", widths.output_bits}};
  if (layer.shape.r) {
    bits.update({{"u", widths.u_bits}, {"v", widths.v_bits}, {"z", widths.z_bits}});
  } else {
    bits["w"] = widths.weights_bits;
  }
  return {{"name", layer.name},
          {"m", layer.shape.m},
          {"n", layer.shape.n},
          {"r", layer.shape.r ? json(*layer.shape.r) : json()},
          {"element_bits", bits},
          {"weights", weights_of(layer.shape)},
          {"weight_memory_bits", weight_bits(layer)}};
}

double zero_share(const golden::MatrixS8& weights) {
  const auto zeros = (weights.array() == 0).count();
  return static_cast<double>(zeros) / static_cast<double>(weights.size());
}

json zeros_json(const golden::Layer& layer) {
  if (const auto* dense = std::get_if<golden::DenseWeights>(&layer.weights)) {
    return {{"w", zero_share(dense->w)}};
  }
  const auto& factors = std::get<golden::FactorisedWeights>(layer.weights);
  return {{"u", zero_share(factors.u)}, {"v", zero_share(factors.v)}};
}

json requantisation_json(const golden::Layer& layer) {
  if (!layer.requantisation) return nullptr;
  const golden::Requantisation& how = *layer.requantisation;
  return {{"multiplier_bits", how.is_plain() ? 0 : how.multiplier_bits()},
          {"per_output", how.is_per_output()},
          {"multiplier", how.is_per_output() ? json() : json(how.multipliers.front())},
          {"shift", how.is_per_output() ? json() : json(how.shifts.front())},
          {"zero_point", how.zero_point},
          {"lo", how.lo},
          {"hi", how.hi}};
}

json network_layer_json(const golden::Layer& layer, const explore::WorkloadLayer& shape) {
  const golden::LargestSums largest = golden::largest_sums(layer);
  json document = shape_json(shape);
  document["zero_share"] = zeros_json(layer);
  document["z_shift"] = nullptr;
  if (const auto* factors = std::get_if<golden::FactorisedWeights>(&layer.weights)) {
    document["z_shift"] = factors->z_shift;
  }
  document["requantise"] = requantisation_json(layer);
  document["largest_sum"] = {{"z", layer.is_factorised() ? json(largest.z) : json()},
                             {"y", largest.y}};
  return document;
}

json workload_layer_json(const explore::WorkloadLayer& layer) {
  json document = shape_json(layer);
  document["vectors"] = layer.vectors;
  document["repeat"] = layer.repeat;
  document["density"] = {{"weights", layer.weight_density}, {"inputs", layer.input_density}};
  return document;
}

/// "8/8" of the factors, "8" of plain weights.
std::string widths_text(const json& layer) {
  const json& bits = layer["element_bits"];
  if (bits.contains("w")) return bits["w"].dump();
  return fmt::format("{}/{}", bits["u"].dump(), bits["v"].dump());
}

std::string z_text(const json& layer) {
  const json& bits = layer["element_bits"];
  return bits.contains("z") ? bits["z"].dump() : "-";
}

std::string rank_text(const json& layer) { return layer["r"].is_null() ? "-" : layer["r"].dump(); }

std::string requantisation_text(const json& how) {
  if (how.is_null()) return "sums";
  const int bits = how["multiplier_bits"];
  std::string text = bits == 0 ? "shift" : fmt::format("x {} bits", bits);
  if (!how["shift"].is_null()) text += fmt::format(" >> {}", how["shift"].dump());
  if (how["per_output"]) text += ", each output";
  if (how["zero_point"] != 0) text += fmt::format(" + {}", how["zero_point"].dump());
  return text;
}

std::string zeros_text(const json& zeros) {
  std::string text;
  for (const auto& [matrix, share] : zeros.items()) {
    text +=
        fmt::format("{}{} {:.1f} %", text.empty() ? "" : ", ", matrix, 100 * share.get<double>());
  }
  return text;
}

std::string shape_text(const json& layer) {
  return fmt::format("{:<10}{:>7}{:>7}{:>6}{:>6}{:>4}{:>12}{:>12}",
                     layer["name"].get<std::string>(), layer["m"].dump(), layer["n"].dump(),
                     rank_text(layer), widths_text(layer), z_text(layer), layer["weights"].dump(),
                     layer["weight_memory_bits"].dump());
}

std::string shape_headings() {
  return fmt::format("{:<10}{:>7}{:>7}{:>6}{:>6}{:>4}{:>12}{:>12}", "layer", "m", "n", "r", "bits",
                     "z", "weights", "in bits");
}

std::string network_text(const json& info) {
  std::string text = fmt::format("{}{:>14}{:>14}  {:<26}{}\n", shape_headings(), "largest |z|",
                                 "largest |y|", "output", "zeros");
  for (const json& layer : info["layers"]) {
    const json& largest = layer["largest_sum"];
    text += fmt::format("{}{:>14}{:>14}  {:<26}{}\n", shape_text(layer),
                        largest["z"].is_null() ? "-" : largest["z"].dump(), largest["y"].dump(),
                        requantisation_text(layer["requantise"]), zeros_text(layer["zero_share"]));
  }
  for (const auto& [key, value] : info["metadata"].items()) {
    text += fmt::format("{}: {}\n", key, value.get<std::string>());
  }
  return text;
}

std::string workload_text(const json& info) {
  std::string text =
      fmt::format("shapes: {}\n{}{:>10}{:>8}{:>10}{:>10}\n", info["source"].get<std::string>(),
                  shape_headings(), "vectors", "repeat", "weights", "inputs");
  for (const json& layer : info["layers"]) {
    const auto density = [&](const char* of) {
      return fmt::format("{:.1f} %", 100 * layer["density"][of].get<double>());
    };
    text += fmt::format("{}{:>10}{:>8}{:>10}{:>10}\n", shape_text(layer), layer["vectors"].dump(),
                        layer["repeat"].dump(), density("weights"), density("inputs"));
  }
  return text +
         "weights and in bits: of one such layer; in percent: weights and inputs that are not "
         "zero\n";
}

}  // namespace

json network_info(const golden::Network& network) {
  json info = {{"kind", "network"}, {"metadata", network.metadata}, {"layers", json::array()}};
  const explore::Workload shapes = explore::workload_of(network);
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    info["layers"].push_back(network_layer_json(network.layers[i], shapes.layers[i]));
  }
  return info;
}

json workload_info(const explore::Workload& workload) {
  json info = {{"kind", "workload"},
               {"name", workload.name},
               {"source", workload.source},
               {"layers", json::array()}};
  for (const explore::WorkloadLayer& layer : workload.layers) {
    info["layers"].push_back(workload_layer_json(layer));
  }
  return info;
}

std::string info_text(const json& info) {
  return info["kind"] == "network" ? network_text(info) : workload_text(info);
}

}  // namespace cfc
