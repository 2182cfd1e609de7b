#include "support/command/named_file.h"

#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "support/error.h"
#include "support/project_folder.h"
#include "support/text.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

/// The files of one kind that come with the project.
struct Shelf {
  const char* what;
  const char* folder;
  const char* suffix;
};

constexpr Shelf kNetworks{"network", "golden/models", ".onnx"};
constexpr Shelf kWorkloads{"workload", "workloads", ".yaml"};
constexpr Shelf kEnergyTables{"energy table", "explore/energy", ".yaml"};
constexpr Shelf kTechnologies{"technology", "explore/technology", ""};  // folders

std::set<std::string> names_on(const Shelf& shelf) {
  std::set<std::string> names;
  std::error_code none_there;
  for (const auto& entry : fs::directory_iterator(project_folder(shelf.folder), none_there)) {
    if (entry.path().extension() == shelf.suffix) names.insert(entry.path().stem().string());
  }
  return names;
}

/// What stands on one of the shelves under the name, else the file of that name.
std::string find(const std::string& name, const std::vector<Shelf>& shelves) {
  std::string what;
  std::string known;
  for (const Shelf& shelf : shelves) {
    const std::set<std::string> names = names_on(shelf);
    if (names.count(name) > 0) {
      return (project_folder(shelf.folder) / (name + shelf.suffix)).string();
    }
    what += (what.empty() ? "" : " or ") + std::string(shelf.what);
    known += fmt::format("{}{}", known.empty() ? "" : ", ", fmt::join(names, ", "));
  }
  std::error_code ignored;
  if (fs::exists(name, ignored)) return name;
  throw InputError(fmt::format("{}: there is no such file, nor a {} of that name; the names are {}",
                               printable(name), what, known));
}

}  // namespace

std::string any_file(const std::string& name) { return find(name, {kNetworks, kWorkloads}); }

std::set<std::string> workload_names() { return names_on(kWorkloads); }

std::string network_file(const std::string& name) { return find(name, {kNetworks}); }
std::string workload_file(const std::string& name) { return find(name, {kWorkloads}); }
std::string energy_file(const std::string& name) { return find(name, {kEnergyTables}); }
std::string technology_folder(const std::string& name) { return find(name, {kTechnologies}); }

}  // namespace cfc
