#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace cfc {

/// A DRAM channel as its data sheet gives it. Times in memory clocks unless the name says else.
struct DramParameters {
  std::string name;
  std::string source;  ///< data sheet

  double clock_period_ns{};
  double controller_latency_ns{};  ///< both ways together, beside the memory's own time
  int width_bits{};                ///< data bus of all devices together
  int devices{};                   ///< that share the bus; currents are those of one
  int burst_length{};              ///< transfers of `width_bits`, two a clock
  int banks{};
  int rows{};
  int columns{};  ///< of `width_bits` in a row

  int cl{};    ///< READ to its data
  int cwl{};   ///< WRITE to its data
  int rcd{};   ///< ACTIVATE to READ or WRITE
  int rp{};    ///< PRECHARGE to ACTIVATE
  int ras{};   ///< ACTIVATE to PRECHARGE
  int rc{};    ///< ACTIVATE to ACTIVATE, one bank
  int rrd{};   ///< ACTIVATE to ACTIVATE, other banks
  int faw{};   ///< window of four ACTIVATEs
  int ccd{};   ///< READ to READ, WRITE to WRITE
  int rtp{};   ///< READ to PRECHARGE
  int wr{};    ///< end of written data to PRECHARGE
  int wtr{};   ///< end of written data to READ
  int refi{};  ///< REFRESH to REFRESH
  int rfc{};   ///< REFRESH to the next command

  double vdd_v{};
  double idd0_ma{};   ///< activate and precharge
  double idd2n_ma{};  ///< standby, banks closed
  double idd3n_ma{};  ///< standby, a bank open
  double idd4r_ma{};  ///< reading
  double idd4w_ma{};  ///< writing
  double idd5_ma{};   ///< refreshing

  std::uint64_t row_bytes() const { return static_cast<std::uint64_t>(columns) * width_bits / 8; }
  std::uint64_t burst_bytes() const {
    return static_cast<std::uint64_t>(burst_length) * width_bits / 8;
  }
  std::uint64_t size() const { return row_bytes() * rows * banks; }
};

/// Reads a YAML file (docs/how-to/platform.md). Throws InputError, naming file and key, on a
/// missing or unknown key, and on values that no DRAM has.
DramParameters read_dram_parameters(const std::filesystem::path& file);

}  // namespace cfc
