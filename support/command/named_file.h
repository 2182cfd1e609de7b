#pragma once

#include <set>
#include <string>

namespace cfc {

/// The file that an option names, which takes the short name of one that comes with the project,
/// too. Throw InputError, with the names there are, where it is neither.
std::string network_file(const std::string& name);
std::string workload_file(const std::string& name);
std::string energy_file(const std::string& name);
std::string technology_folder(const std::string& name);

/// A network or a workload by its name, or any file.
std::string any_file(const std::string& name);

/// The names of the workloads that come with the project, sorted.
std::set<std::string> workload_names();

}  // namespace cfc
