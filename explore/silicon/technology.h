#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "explore/cost/memory_macro.h"
#include "explore/silicon/blocks.h"
#include "explore/silicon/cell_energy.h"
#include "explore/silicon/fit_error.h"
#include "explore/silicon/paths.h"
#include "explore/workload/workload.h"

namespace cfc::explore {

/// Where a figure of hardware is from.
enum class Origin : std::uint8_t {
  synthesised,  ///< of this very layer, by Yosys and OpenSTA
  fitted,       ///< by a fit to synthesised layers
};

const char* to_string(Origin origin);

/// Energy of an access of a macro.
struct AccessEnergy {
  double read_pj{};
  double write_pj{};
};

/// Clock, area and energy of one layer.
struct LayerSilicon {
  double period_ns{};        ///< longest path from register to register
  std::string longest_path;  ///< where it begins and ends: "from u memory to z", "to output"
  std::map<std::string, double> blocks_um2;    ///< standard cells by block: "dcl.u_mc"
  std::map<std::string, double> memories_um2;  ///< macros: "u", "input"
  std::map<std::string, AccessEnergy> macros;  ///< by the same names
  double registers{};                          ///< flip-flops
  std::optional<CellEnergy> energy;            ///< none where the technology has no energies
  Origin origin{Origin::fitted};

  double cells_um2() const;
  double macros_um2() const;
};

/// Clock and area of a machine: its slowest layer sets the clock of all.
struct Silicon {
  std::vector<LayerSilicon> layers;
  std::size_t slowest_layer{};  ///< place, from 0

  double period_ns() const { return layers[slowest_layer].period_ns; }
  double cells_um2() const;
  double macros_um2() const;
  double area_um2() const { return cells_um2() + macros_um2(); }
  Origin origin() const;  ///< fitted, if any layer is
};

/// What standard cells make of our RTL: synthesised layers, and fits to them
/// (docs/reference/silicon.md); and of memories the macros that MemoryMacros gives.
class Technology {
 public:
  /// Reads FOLDER/layers.jsonl, which scripts/characterise makes, FOLDER/memories.yaml, and
  /// FOLDER/energies.jsonl, if there is one. Throws InputError naming file and line.
  static Technology read(const std::filesystem::path& folder);

  const std::string& name() const { return name_; }
  FitError period_error() const { return period_error_; }
  FitError area_error() const { return area_error_; }
  /// None without energies.
  std::optional<FitError> energy_error() const {
    return energies_ ? std::optional(energies_->error()) : std::nullopt;
  }

  /// Takes microseconds.
  Silicon evaluate(const Configuration& configuration, const Workload& workload) const;
  LayerSilicon evaluate(const LayerHardware& layer) const;

 private:
  /// Where a path ends, and whether it starts at a macro's port.
  using PathKind = std::pair<PathEnd, bool>;
  /// What was synthesised of one layer, macros without access time.
  struct Point {
    LayerHardware layer;
    std::vector<Path> paths;    ///< of the layer, for the fits
    std::vector<Block> blocks;  ///< of the layer, for the fits
    std::map<PathKind, double> paths_ns;
    std::map<std::string, double> blocks_um2;
    std::map<std::string, double> registers;  ///< flip-flops by block

    double period_ns() const;
    double cells_um2() const;
    LayerSilicon silicon() const;
  };
  using BlockFits = std::array<std::vector<double>, kBlockKinds>;
  /// Coefficients of all fits.
  struct Fits {
    std::array<double, kPathTerms> delays_ns{};
    BlockFits areas_um2;
    BlockFits registers;
    double glue_um2{};

    void fit_delays(const std::vector<Point>& points);
    void fit_blocks(const std::vector<Point>& points);
    LayerSilicon evaluate(const std::vector<Path>& paths, const std::vector<Block>& blocks) const;
    /// The longest of all paths, macros without access time.
    double period_ns(const std::vector<Path>& paths) const;
  };

  explicit Technology(MemoryMacros memories) : memories_(std::move(memories)) {}
  void add_memories(LayerSilicon& silicon, const LayerHardware& layer,
                    const std::vector<Path>& paths) const;

  static Point read_point(const nlohmann::json& read);
  static BlockFits fit_figure(const std::vector<Point>& points,
                              std::map<std::string, double> Point::*figure);
  static std::map<PathKind, Path> longest_paths(const std::vector<Path>& paths,
                                                const std::array<double, kPathTerms>& delays);
  static Fits fit(const std::vector<Point>& points);
  void hold_out();

  std::string name_;
  MemoryMacros memories_;
  std::vector<Point> points_;
  std::optional<CellEnergies> energies_;
  Fits fits_;
  FitError period_error_;
  FitError area_error_;
};

}  // namespace cfc::explore
