#pragma once

#include <map>
#include <string>

#include "exchange/data/number_table.h"
#include "golden/network.h"

namespace cfc::exchange {

/// As in golden::Network.
using Metadata = std::map<std::string, std::string>;

/// What the metadata of a network that is trained on the first `count` vectors of `table` say of
/// its inputs, for `network_inputs` to go by:
/// - nothing where the numbers are u8, which the network takes as they are;
/// - `input_type` s8 where they are s8;
/// - else `input_scale` and `input_zero_point` with which they, and 0, fill the 256 bytes. Whole
///   numbers that lie at most 255 apart get a scale of 1 / k, k whole: each has a byte of its own.
///   Nothing where that leaves them as they are.
/// Throws InputError where a number is infinite or none, or where they are too large or too small
/// for single precision.
Metadata input_format(const NumberTable& table, Eigen::Index count);

/// What the metadata of a network say of its inputs: those of a network that is made from it say
/// the same.
Metadata input_format_of(const golden::Network& network);

}  // namespace cfc::exchange
