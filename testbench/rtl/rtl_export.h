#pragma once

#include <map>
#include <string>

#include "configuration/configuration.h"
#include "golden/network.h"

namespace cfc {

/// Generated files by name.
using GeneratedFiles = std::map<std::string, std::string>;

/// The contents of the memories of a network in a configuration, for $readmemh: a line a word, lane
/// 0 in the least significant bits, two's complement, lanes beyond the last element zero
/// (docs/reference/rtl.md). Named as `rtl_layers` refers to them.
GeneratedFiles rtl_memories(const golden::Network& network, const Configuration& configuration);

/// Verilog that declares `link_{number}_{valid,ready,data}` and instantiates `layer_{number}`
/// (from 1), which drives them and takes `link_{number-1}_{valid,ready,data}{receiver_suffix}`.
/// Throws InputError where the RTL cannot hold the configuration.
std::string rtl_layer(const golden::Network& network, const Configuration& configuration,
                      std::size_t number, const std::string& receiver_suffix);

/// Bits of an element on link `link` (0: the image link).
int rtl_element_bits(const golden::Network& network, std::size_t link);

/// Elements in a beat of link `link`.
int rtl_beat_width(const Configuration& configuration, std::size_t link);

/// The module `accelerator`: the whole network between its image link and its logits link.
std::string rtl_accelerator(const golden::Network& network, const Configuration& configuration);

/// A self-checking bench in plain Verilog, with its stimulus and the logits that it expects:
/// `images` (images x m) back to back, `logits` (images x n) beside them.
GeneratedFiles rtl_bench(const golden::Network& network, const Configuration& configuration,
                         const golden::MatrixU8& images, const golden::MatrixS32& logits);

}  // namespace cfc
