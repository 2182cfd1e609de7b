#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cfc {

/// A Verilog design to be simulated: its generated files by name. The module `lockstep_top` has the
/// ports i_clk, i_rst_n, i_data (a beat of bytes), and, arrays of 32 bits, i_controls and
/// o_observed.
struct RtlDesign {
  std::map<std::string, std::string> files;
};

/// A Verilated design. Behind plain C++: no header of Verilator is seen outside its library.
class RtlSimulation {
 public:
  virtual ~RtlSimulation() = default;

  /// Drives the inputs and lets the combinational logic settle.
  virtual void set_inputs(bool reset_n, const std::vector<std::uint32_t>& controls,
                          const std::vector<std::uint8_t>& data) = 0;
  /// What can be looked at, slot by slot.
  virtual void observe(std::vector<std::int32_t>& observed) = 0;
  /// One rising and one falling clock edge.
  virtual void clock() = 0;
};

/// Builds the design with Verilator, or finds it in the cache ($CFCSIM_CACHE, else
/// $XDG_CACHE_HOME/cfcsim, else ~/.cache/cfcsim) under the digest of everything that it is made of,
/// and loads it. A build that is interrupted leaves nothing in the cache. Throws InputError where
/// Verilator or a compiler is missing or refuses the design.
std::unique_ptr<RtlSimulation> load_rtl(const RtlDesign& design);

/// The RTL sources, in order: those of the folder $CFCSIM_RTL, else of rtl_ref. Throws InputError
/// where there are none.
std::vector<std::filesystem::path> rtl_sources();

}  // namespace cfc
