#pragma once

namespace cfc {

/// When the results of an engine reach the output memory.
enum class ResultOrder {
  one_by_one,   ///< each announced when it is made
  all_at_once,  ///< all with the engine's last cycle
};

}  // namespace cfc
