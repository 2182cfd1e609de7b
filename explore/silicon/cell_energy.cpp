#include "explore/silicon/cell_energy.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "explore/silicon/characterised_layers.h"
#include "explore/silicon/linear_fit.h"

namespace cfc::explore {
namespace {

constexpr double kPjPerNj = 1000;

double times(int a, int b) { return static_cast<double>(a) * b; }

/// Of a dot-product engine for one input vector: products by their bits, more where no register
/// keeps the glitches of a multiplier from the tree, and what every tile takes.
std::vector<double> dot_product_terms(const DotProduct& dcl, int depth) {
  const double products = times(dcl.operations, depth);
  const double glitches = dcl.multiply_stages == 0 ? products * dcl.levels() : 0;
  return {products * times(dcl.node_bits, dcl.wegt_bits),
          products * (dcl.node_bits + dcl.wegt_bits), glitches * (dcl.node_bits + dcl.wegt_bits),
          times(dcl.operations, dcl.tiles)};
}

}  // namespace

CellEnergies::Part CellEnergies::part_of(const std::string& block) {
  const std::string last = block.substr(block.rfind('.') + 1);
  if (last == "u_mc") return kUMc;
  return last == "v_mc" ? kVMc : kRest;
}

std::vector<double> CellEnergies::terms(Part part, const LayerHardware& layer) {
  switch (part) {
    case kUMc: {
      const std::vector<DotProduct> engines = dot_products_of(layer);
      std::vector<double> terms = dot_product_terms(engines[0], layer.m);
      if (engines.size() == 1) return terms;
      const std::vector<double> second = dot_product_terms(engines[1], layer.r);
      std::transform(terms.begin(), terms.end(), second.begin(), terms.begin(), std::plus<>());
      return terms;
    }
    case kVMc: {
      if (!layer.has_dil()) return {0, 0};
      const double products = times(layer.r, layer.n);
      return {products * times(layer.z_bits, layer.v_bits),
              layer.multiply_latency == 0 ? products * kSumBits : 0};
    }
    default: {
      const std::vector<DotProduct> engines = dot_products_of(layer);
      double tiles = 0;
      for (const DotProduct& dcl : engines) tiles += times(dcl.operations, dcl.tiles);
      return {tiles, static_cast<double>(layer.m), times(layer.n, layer.output_bits)};
    }
  }
}

CellEnergies::Point CellEnergies::read_point(const nlohmann::json& read) {
  Point point;
  point.layer = hardware_from(read.at("layer"));
  point.cycles = read.at("cycles").get<double>();
  point.registers = read.at("registers").get<double>();
  for (const auto& [name, block] : read.at("blocks").items()) {
    point.clock_pj += kPjPerNj * block.at("clock_nj").get<double>();
    point.switching_pj[part_of(name)] += kPjPerNj * block.at("cells_nj").get<double>();
  }
  if (!(point.cycles > 0 && point.registers > 0 && point.clock_pj > 0))
    throw std::invalid_argument("a layer without cycles, registers or energy of the clock");
  return point;
}

CellEnergies CellEnergies::read(const std::filesystem::path& file) {
  CellEnergies energies;
  read_points(file,
              [&](const nlohmann::json& read) { energies.points_.push_back(read_point(read)); });
  double pins = 0;
  for (const Point& point : energies.points_)
    pins += point.clock_pj / (point.registers * point.cycles);
  energies.register_pj_ = pins / static_cast<double>(energies.points_.size());
  energies.fits_ = fit(energies.points_);
  energies.hold_out();
  return energies;
}

CellEnergies::Fits CellEnergies::fit(const std::vector<Point>& points) {
  Fits fits;
  for (const Part part : {kUMc, kVMc, kRest}) {
    std::vector<Observation> seen;
    for (const Point& point : points) {
      const double all = std::accumulate(point.switching_pj.begin(), point.switching_pj.end(), 0.0);
      if (point.switching_pj[part] > 0)
        seen.push_back({terms(part, point.layer), point.switching_pj[part], all});
    }
    fits[part] = fit_scaled(seen, std::vector<double>(terms(part, points.front().layer).size()));
  }
  return fits;
}

double CellEnergies::switching_pj(const Fits& fits, const LayerHardware& layer) {
  double all = 0;
  for (const Part part : {kUMc, kVMc, kRest})
    all += std::max(0.0, explore::evaluate(terms(part, layer), fits[part]));
  return all;
}

CellEnergy CellEnergies::evaluate(const LayerHardware& layer, double registers) const {
  return {register_pj_ * registers, switching_pj(fits_, layer)};
}

void CellEnergies::hold_out() {
  std::vector<double> errors;
  for (std::size_t i = 0; i < points_.size() && points_.size() > 1; ++i) {
    std::vector<Point> kept = points_;
    kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i));
    const Point& point = points_[i];
    const double measured =
        std::accumulate(point.switching_pj.begin(), point.switching_pj.end(), 0.0);
    errors.push_back(switching_pj(fit(kept), point.layer) / measured - 1);
  }
  error_ = error_of(errors);
}

}  // namespace cfc::explore
