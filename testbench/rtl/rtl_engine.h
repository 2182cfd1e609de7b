#pragma once

#include <map>
#include <string>
#include <vector>

#include "configuration/configuration.h"
#include "golden/network.h"

namespace cfc {

/// A weight memory of an engine. Its parameters in the RTL are {letter}Bits and {letter}File.
struct WeightMemory {
  char letter;                      ///< W, U or V
  const golden::MatrixS8* weights;  ///< of the network
  bool by_rows;                     ///< an operation works on a row of it; else on a column
  int lanes;                        ///< elements in a word
  int bits;                         ///< of an element
};

/// What distinguishes the engine of one schedule from those of the others in the RTL
/// (rtl_ref/layer/layer.v).
struct RtlEngine {
  int schedule;                             ///< value of the parameter Schedule
  int sum_lanes;                            ///< sums that it completes in a cycle
  std::vector<WeightMemory> memories;       ///< refer to the network
  std::map<std::string, int> parameters{};  ///< those that not every engine has
};

/// The engine of `layer`, number `number` (from 1). Throws InputError where the schedule does not
/// fit the weights.
RtlEngine rtl_engine(const golden::Layer& layer, const LayerConfiguration& configuration,
                     std::size_t number);

}  // namespace cfc
