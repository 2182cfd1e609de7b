#pragma once

#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "explore/silicon/technology.h"

namespace cfc {

/// Standard cells as a result names them.
struct TechnologySource {
  std::shared_ptr<const explore::Technology> cells;
  std::string sha256;  ///< of the file of its layers
};

/// The technology that commands take where none is named, and the name that asks for none.
inline constexpr const char* kDefaultTechnology = "osu018";
inline constexpr const char* kNoTechnology = "none";

/// Adds `--technology`, which names one that comes with the project, a folder, or `kNoTechnology`.
void add_technology_option(CLI::App& command, std::string& name);

/// Reads what the option names; nothing for `kNoTechnology`. Throws InputError.
std::optional<TechnologySource> find_technology(const std::string& name);

/// Null where there is none.
const explore::Technology* cells_of(const std::optional<TechnologySource>& technology);

/// `technology` of a result (docs/reference/results.md); null where there is none.
nlohmann::json technology_json(const std::optional<TechnologySource>& technology);

/// The same for people, in lines; empty where there is none.
std::string technology_text(const std::optional<TechnologySource>& technology);

}  // namespace cfc
