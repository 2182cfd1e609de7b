#include "sc_model/layer/engine_probes.h"

namespace cfc {
namespace {

using Meaning = std::function<bool()>;

std::string lane_name(const std::string& signal, int lane) {
  return signal + '[' + std::to_string(lane) + ']';
}

/// Which tiles of a dot-product engine stand where in this cycle.
template <typename Node>
class TilePositions {
 public:
  TilePositions(const DimensionCompressionLayer<Node>& engine,
                const LayerConfiguration& configuration)
      : engine_(engine),
        is_stepped_(configuration.issue == Issue::stepped),
        read_latency_(configuration.read_latency) {}

  bool issues() const { return busy() && flow().age == 0; }

  /// A tile stands at the memory ports: in stepped issue as long as it is the youngest.
  bool at_ports() const { return busy() && (is_stepped_ || flow().age == 0); }

  /// A tile stands at the multipliers.
  bool at_multipliers() const {
    if (!busy()) return false;
    if (is_stepped_) return flow().age > read_latency_;
    return flow().age <= read_latency_ && flow().issued > tiles_behind();
  }

  int youngest() const { return flow().issued - 1; }
  const Tile<Node>& tile_at_ports() const { return engine_.calculator().issued(0); }
  const Tile<Node>& tile_at_multipliers() const {
    return engine_.calculator().issued(static_cast<std::size_t>(is_stepped_ ? 0 : tiles_behind()));
  }

 private:
  TileFlow flow() const { return engine_.state_control().tile_flow(); }
  bool busy() const { return engine_.state_control().state() != DclState::idle; }
  /// Tiles between the multipliers and the youngest one.
  int tiles_behind() const { return read_latency_ - flow().age; }

  const DimensionCompressionLayer<Node>& engine_;
  bool is_stepped_;
  int read_latency_;
};

/// `i_node`, `i_wegt` and `w_mult` of a lane.
template <typename Node>
void add_lane(std::vector<Probe>& probes, const std::string& name,
              const TilePositions<Node>& positions, int lane) {
  const Meaning at_ports = [positions, lane] {
    return positions.at_ports() && lane < positions.tile_at_ports().count;
  };
  const Meaning at_multipliers = [positions, lane] {
    return positions.at_multipliers() && lane < positions.tile_at_multipliers().count;
  };
  probes.push_back(
      {lane_name(name + ".i_node", lane),
       [positions, lane] { return std::int32_t{positions.tile_at_ports().nodes[lane]}; },
       at_ports});
  probes.push_back({lane_name(name + ".i_wegt", lane),
                    [positions, lane] { return positions.tile_at_ports().weights[lane]; },
                    at_ports});
  probes.push_back({lane_name(name + ".w_mult", lane),
                    [positions, lane] {
                      const Tile<Node>& tile = positions.tile_at_multipliers();
                      return tile.nodes[lane] * tile.weights[lane];
                    },
                    at_multipliers});
}

}  // namespace

template <typename Node>
std::vector<Probe> engine_probes(const std::string& name,
                                 const DimensionCompressionLayer<Node>& engine,
                                 const LayerConfiguration& configuration, int lanes, int tiles) {
  const TilePositions<Node> positions(engine, configuration);
  const Meaning at_ports = [positions] { return positions.at_ports(); };
  const Meaning retires = [&engine] { return engine.state_control().tile_flow().retiring; };
  std::vector<Probe> probes{
      {name + ".issue", [positions] { return positions.issues(); }, {}},
      {name + ".retire", [retires] { return retires(); }, {}},
      {name + ".k", [positions, tiles] { return positions.youngest() / tiles; }, at_ports},
      {name + ".tile", [positions, tiles] { return positions.youngest() % tiles; }, at_ports},
      {name + ".result", [&engine] { return engine.calculator().running_sum(); }, retires}};
  for (int lane = 0; lane < lanes; ++lane) add_lane(probes, name, positions, lane);
  return probes;
}

template std::vector<Probe> engine_probes(const std::string&,
                                          const DimensionCompressionLayer<std::uint8_t>&,
                                          const LayerConfiguration&, int, int);
template std::vector<Probe> engine_probes(const std::string&,
                                          const DimensionCompressionLayer<std::int32_t>&,
                                          const LayerConfiguration&, int, int);

std::vector<Probe> engine_probes(const DimensionIncreaseLayer& dil, int lanes) {
  const VMatrixCalculator& v_mc = dil.calculator();
  const Meaning runs = [&dil] { return dil.state_control().state() == DilState::run; };
  std::vector<Probe> probes{
      {"dil.k", [&v_mc] { return v_mc.issued().operation; }, runs},
      {"dil.tile", [&v_mc, lanes] { return v_mc.issued().row.first / lanes; }, runs},
      {"dil.retire", [&v_mc] { return v_mc.retired().count > 0; }, {}},
      {"dil.i_node", [&v_mc] { return v_mc.issued().operand; }, runs}};
  for (int lane = 0; lane < lanes; ++lane) {
    const Meaning in_tile = [&v_mc, runs, lane] {
      return runs() && lane < v_mc.issued().row.count;
    };
    probes.push_back({lane_name("dil.i_wegt", lane),
                      [&v_mc, lane] { return v_mc.issued().row.weights[lane]; }, in_tile});
    probes.push_back({lane_name("dil.w_mult", lane),
                      [&v_mc, lane] {
                        const auto products = v_mc.issued();
                        return products.operand * products.row.weights[lane];
                      },
                      in_tile});
  }
  return probes;
}

}  // namespace cfc
