#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "explore/silicon/fit_error.h"
#include "explore/silicon/layer_hardware.h"

namespace cfc::explore {

/// Dynamic energy of a layer's standard cells.
struct CellEnergy {
  double clock_pj_per_cycle{};  ///< clock pins of all registers: no clock is gated
  double switching_pj{};        ///< all else, of one input vector
};

/// Energies of layers whose netlists were simulated on real images, and fits to them
/// (docs/reference/silicon.md). The clock's part is that of so many registers; what switches is
/// fitted for U-MC, V-MC and all other blocks together.
class CellEnergies {
 public:
  /// Reads a file that scripts/characterise --energy makes. Throws InputError naming file and line.
  static CellEnergies read(const std::filesystem::path& file);

  /// Of a layer with so many flip-flops.
  CellEnergy evaluate(const LayerHardware& layer, double registers) const;

  /// Of what switches, on layers held out, one at a time.
  FitError error() const { return error_; }

 private:
  enum Part : std::size_t { kUMc, kVMc, kRest, kParts };
  using Energies = std::array<double, kParts>;
  using Fits = std::array<std::vector<double>, kParts>;

  struct Point {
    LayerHardware layer;
    double cycles{};     ///< of an image
    double registers{};  ///< flip-flops
    double clock_pj{};   ///< of an image
    Energies switching_pj{};
  };

  static Point read_point(const nlohmann::json& read);
  static Part part_of(const std::string& block);
  static std::vector<double> terms(Part part, const LayerHardware& layer);
  static Fits fit(const std::vector<Point>& points);
  static double switching_pj(const Fits& fits, const LayerHardware& layer);
  void hold_out();

  std::vector<Point> points_;
  Fits fits_;
  double register_pj_{};  ///< of a flip-flop's clock pin, a cycle
  FitError error_;
};

}  // namespace cfc::explore
