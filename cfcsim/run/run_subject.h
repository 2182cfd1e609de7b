#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cfcsim/run/results.h"
#include "configuration/configuration_file.h"
#include "explore/cost/energy_table.h"
#include "explore/workload/workload.h"
#include "golden/dataset.h"
#include "golden/network.h"

namespace cfc {

/// What a run is about, read and checked: `RunOptions::subject`.
struct RunSubject {
  golden::Network network;
  Settings settings;            ///< file and overrides, before they meet a network
  Configuration configuration;  ///< of the network
  golden::Dataset dataset;      ///< all of the split
  golden::Index first_image{};
  golden::Index images{};
  Manifest manifest;

  /// The images asked for, images x pixels.
  golden::MatrixU8 chosen_images() const;
};

/// The machine that the settings make for a workload, every factorised layer in one schedule.
/// `technology` is that of a synthesised clock; null: none.
Configuration configuration_in(Schedule schedule, Settings settings,
                               const explore::Workload& workload,
                               const explore::Technology* technology);

/// The uncompressed network of the same shapes as another one.
struct DenseTwin {
  golden::Network network;
  std::string file;  ///< name, without folder
  std::string sha256;
};

/// The committed dense network.
std::filesystem::path default_dense_network();

/// Reads `file`; nothing if it has other shapes than `network`.
std::optional<DenseTwin> find_dense_twin(const std::filesystem::path& file,
                                         const golden::Network& network);

/// The same for --dense-network, which throws InputError instead. `like` is the file of `network`.
DenseTwin dense_twin(const std::filesystem::path& file, const golden::Network& network,
                     const std::filesystem::path& like);

/// What accesses and arithmetic cost.
struct Prices {
  explore::EnergyTable table;
  std::filesystem::path file;
};

/// Reads an energy table: a file, or the name of one that comes with the project.
Prices read_prices(const std::string& name);

/// "banks of 8388608 bits, the largest memory of the table", or what it has in their place.
std::string bank_text(const explore::EnergyTable& table);

/// The name that asks for no prices.
inline constexpr const char* kNoPrices = "none";

/// The same; nothing where the name is `kNoPrices`.
std::optional<Prices> find_prices(const std::string& name);

}  // namespace cfc
