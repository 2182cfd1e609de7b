#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <tlm>

#include "configuration/configuration.h"
#include "platform/accelerator/link_gate.h"
#include "sc_model/dcl/z_quantiser.h"

namespace cfc {

/// Only a sequential layer has a whole z that may go through memory.
bool can_spill_z(const LayerConfiguration& layer);

/// Sends the z of a sequential layer to memory and back between its two passes. The layer's second
/// pass is not stopped for it: its results are held back for as long as the round trip took, which
/// comes to the same end. What comes back is compared with what went.
class ZSpill : public PassCondition, public tlm::tlm_analysis_if<ZEvent> {
 public:
  /// A whole z has been made.
  std::function<void()> on_made;

  /// z of `rank` elements, each stored in as few bytes as hold `z_bits`, of 1, 2 and 4.
  ZSpill(int rank, int z_bits, const sc_core::sc_time& clock_period);

  /// Bytes of a spilled z, a multiple of 64.
  std::uint64_t bytes() const;

  /// After a reset.
  void clear();
  /// From the next image on, z is spilled or not.
  void enable(bool spill);

  /// The z to be sent, once.
  std::optional<std::vector<std::uint8_t>> take();
  /// z has come back, the last of it at `when`. False if it is not what went.
  bool returned(const std::vector<std::uint8_t>& bytes, const sc_core::sc_time& when);

  std::optional<sc_core::sc_time> pass_time(std::uint64_t image,
                                            const sc_core::sc_time& offered) const override;

 private:
  void write(const ZEvent& event) override;

  const int element_bytes_;
  const sc_core::sc_time clock_period_;
  std::vector<std::int32_t> z_;
  std::vector<std::uint8_t> sent_;
  bool enabled_{false};
  bool to_send_{false};
  std::uint64_t made_{0};      ///< images since reset
  std::uint64_t returned_{0};  ///< images since reset whose z is back
  sc_core::sc_time made_at_;
  sc_core::sc_time round_trip_;
};

}  // namespace cfc
