#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "explore/sweep/figures.h"
#include "explore/sweep/grid.h"

namespace cfc::explore {

/// To be raised when the same design comes to other figures than before: it makes every stored
/// result one of another model. A test of sweeps pins figures to it.
constexpr int kModelVersion = 1;

/// What the timing model must know of a network, or of a workload, read once for a whole sweep.
struct NetworkFacts {
  std::string file;                ///< name, without folder
  std::string sha256;              ///< of the file
  std::optional<double> accuracy;  ///< on the validation images, as the file says
  Workload workload;
};

/// Throws InputError if the file is no network.
NetworkFacts read_network_facts(const std::filesystem::path& file);

/// The same of a workload.
NetworkFacts read_workload_facts(const std::filesystem::path& file);

/// A point of a sweep in full: what decides its figures, and a digest of that.
struct Design {
  /// SHA-256 in hexadecimal of network, images, prices, standard cells, configuration, whether its
  /// clock is theirs, and the version of the model.
  std::string digest;
  std::string configuration_json;              ///< resolved; of one that cannot be: what was asked
  std::optional<Configuration> configuration;  ///< empty: cannot be built
  std::string failure;                         ///< why not
};

/// Makes designs of the points of a grid on one network. All arguments must outlive it.
class DesignSpace {
 public:
  DesignSpace(const NetworkFacts& network, const Grid& grid, const Settings& base,
              const SweepSetting& setting);

  Design design_at(std::uint64_t point);

 private:
  const Workload& workload_;
  const Technology* technology_;  ///< null: none
  GridCursor cursor_;
  std::string manifest_;  ///< what the digests of all points have in common
};

/// Where the weights live, as results name it: on_chip, or dram/BATCH.
std::string to_string(const WeightPlace& weights);

/// A resolved configuration as one line of JSON, keys as in the files.
std::string to_json(const Configuration& configuration);

}  // namespace cfc::explore
