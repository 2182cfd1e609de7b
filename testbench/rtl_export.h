#pragma once

#include <map>
#include <string>

#include "golden/network.h"
#include "sc_model/configuration.h"

namespace cfc {

/// Generated files by name.
using GeneratedFiles = std::map<std::string, std::string>;

/// The contents of the memories of a network in a configuration, for $readmemh: a line a word, lane
/// 0 in the least significant bits, two's complement, lanes beyond the last element zero
/// (docs/reference/rtl.md). Named as `rtl_layers` refers to them.
GeneratedFiles rtl_memories(const golden::Network& network, const Configuration& configuration);

/// Verilog that instantiates the layers `layer_1`, `layer_2`, ... of a network in a configuration.
/// Layer k takes `link_{k-1}_{valid,ready,data}` with the suffix `receiver_suffix` and drives
/// `link_{k}_{valid,ready,data}`; all wires but those of link 0 are declared. Throws InputError
/// where the RTL cannot hold the configuration.
std::string rtl_layers(const golden::Network& network, const Configuration& configuration,
                       const std::string& receiver_suffix);

/// Bits of an element on link `link` (0: the image link).
int rtl_element_bits(const golden::Network& network, std::size_t link);

/// Elements in a beat of link `link`.
int rtl_beat_width(const Configuration& configuration, std::size_t link);

/// The module `accelerator`: the whole network between its image link and its logits link.
std::string rtl_accelerator(const golden::Network& network, const Configuration& configuration);

}  // namespace cfc
