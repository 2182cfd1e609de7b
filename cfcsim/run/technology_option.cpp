#include "cfcsim/run/technology_option.h"

#include <filesystem>

#include <fmt/format.h>

#include "support/command/command_line.h"
#include "support/command/named_file.h"
#include "support/digest.h"

namespace cfc {
namespace {

using nlohmann::json;

std::string folder_of(const std::string& name) {
  return name == kNoTechnology ? name : technology_folder(name);
}

json error_json(const explore::FitError& error) {
  return {{"mean", error.mean}, {"worst", error.worst}, {"layers", error.layers}};
}

/// "4.0 % on average, 11.0 % at most".
std::string error_text(const explore::FitError& error) {
  constexpr double kPercent = 100;
  return fmt::format("{:.1f} % on average, {:.1f} % at most", kPercent * error.mean,
                     kPercent * error.worst);
}

/// Of all that figures come from: the digests of the files that are there, one after the other.
std::string digest_of(const std::filesystem::path& folder) {
  std::string digests;
  for (const char* name : {"layers.jsonl", "memories.yaml", "energies.jsonl"}) {
    if (std::filesystem::exists(folder / name)) digests += sha256_of_file(folder / name);
  }
  return sha256_of_text(digests);
}

}  // namespace

void add_technology_option(CLI::App& command, std::string& name) {
  command
      .add_option("--technology", name,
                  "Standard cells that give clock, area and energy: osu018, a folder, or none")
      ->type_name(kInputFolder)
      ->transform(folder_of)
      ->capture_default_str();
}

std::optional<TechnologySource> find_technology(const std::string& name) {
  if (name == kNoTechnology) return {};
  const std::filesystem::path folder = technology_folder(name);
  return TechnologySource{
      std::make_shared<const explore::Technology>(explore::Technology::read(folder)),
      digest_of(folder)};
}

const explore::Technology* cells_of(const std::optional<TechnologySource>& technology) {
  return technology ? technology->cells.get() : nullptr;
}

json technology_json(const std::optional<TechnologySource>& technology) {
  if (!technology) return nullptr;
  const explore::Technology& cells = *technology->cells;
  const auto energy = cells.energy_error();
  return {{"name", cells.name()},
          {"sha256", technology->sha256},
          {"period_error", error_json(cells.period_error())},
          {"area_error", error_json(cells.area_error())},
          {"energy_error", energy ? error_json(*energy) : json()}};
}

std::string technology_text(const std::optional<TechnologySource>& technology) {
  if (!technology) return "";
  const explore::Technology& cells = *technology->cells;
  const auto energy = cells.energy_error();
  return fmt::format(
      "standard cells: {}; no wires, no gated clocks; memories beside them as macros, an upper "
      "estimate\n"
      "  error of what is fitted, on {} layers held out: period {}; area {}\n{}",
      cells.name(), cells.period_error().layers, error_text(cells.period_error()),
      error_text(cells.area_error()),
      energy ? fmt::format("  energy that switches in cells, on {}: {}\n", energy->layers,
                           error_text(*energy))
             : "");
}

}  // namespace cfc
