#pragma once

#include <filesystem>

#include "golden/network.h"

namespace cfc::golden {

/// Reads a network from an ONNX file made of the operators that docs/reference/networks.md lists.
/// Throws InputError, naming the file and the node, on anything else; the result is validated.
Network read_network(const std::filesystem::path& file);

/// Writes a network that any ONNX runtime computes to the same bits. The file appears whole or not
/// at all. Throws InputError if the network is not valid or the file cannot be written.
void write_network(const Network& network, const std::filesystem::path& file);

}  // namespace cfc::golden
