#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>

#include <nlohmann/json.hpp>

#include "cfcsim/run/layer_metrics.h"
#include "cfcsim/run/technology_option.h"
#include "configuration/configuration.h"
#include "golden/network.h"
#include "support/exit_status.h"
#include "testbench/stream_run.h"

namespace cfc {

/// A data file by name, without folder, and digest.
struct DataFile {
  std::string file;
  std::string sha256;
};

/// A network, and the data that it ran on.
struct NetworkSource {
  DataFile file;
  std::map<std::string, std::string> metadata;
  std::string split;
  golden::Index first_image{};
  std::optional<DataFile> inputs;  ///< instead of a split of the data set
};

/// A workload in the place of a network.
struct WorkloadSource {
  DataFile file;
  std::string name;
  std::string source;
  std::optional<std::uint64_t> seed;  ///< of its random weights; none: it has no weights
};

/// What a result must carry so that it can be made again.
struct Manifest {
  std::string config_source;  ///< where the configuration is from: file and overrides, in words
  std::variant<NetworkSource, WorkloadSource> subject;
  std::optional<TechnologySource> technology{};  ///< none: nothing depends on one

  /// The file of the network, or the name of the workload.
  std::string name() const;
};

/// The keys that every result begins with (docs/reference/results.md): `version`, `network`,
/// `config_source`, `split`, `first_image`, and `technology` where there is one.
nlohmann::json manifest_json(const Manifest& manifest);

/// With `config` and `clock_origin`, where the whole result is of one configuration.
nlohmann::json manifest_json(const Manifest& manifest, const Configuration& configuration);

/// `verify` for programs (docs/reference/results.md).
nlohmann::json verify_json(const StreamTask& task, const StreamResult& result, double wall_seconds,
                           const Manifest& manifest);

/// `verify` for people.
std::string verify_text(const StreamTask& task, const StreamResult& result, double wall_seconds,
                        const Manifest& manifest);

/// `kExitCheckFailed` after a mismatch with the golden or the timing model.
ExitStatus exit_status(const StreamResult& result);

/// The `config` of a result, every key of every layer, and its `clock_origin`.
nlohmann::json machine_json(const Configuration& configuration);

/// An entry of `layers` of a result: what the layer is, and its metrics of these places.
nlohmann::json layer_json(const std::string& name, const LayerRun& layer, unsigned places);

}  // namespace cfc
