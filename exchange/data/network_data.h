#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "exchange/data/input_format.h"
#include "exchange/data/number_table.h"
#include "golden/network.h"

namespace cfc::exchange {

/// What the integers at an end of a network stand for: real = (integer - zero_point) * scale.
/// The metadata `input_scale`, `input_zero_point` (`output_...`) record it.
struct Quantisation {
  double scale{1};
  int zero_point{0};
};

/// Those of the input; nothing where the network says only that it takes bytes. Throws InputError
/// where the metadata are no such numbers.
std::optional<Quantisation> input_quantisation(const golden::Network& network);
Quantisation output_quantisation(const golden::Network& network);

/// Input vectors for a network, a row each. Bytes of the type that its metadata say it takes
/// (`input_type`: u8, or s8, which are bytes with 128 added) are taken as they are. Other numbers,
/// or all where they say none, are brought to the network's scale, round half to even, and clipped;
/// without a scale they must be whole and fit. Throws InputError.
golden::MatrixU8 network_inputs(const NumberTable& table, const golden::Network& network);

/// The same for a network that is yet to be made: it takes `width` numbers, and its metadata will
/// hold `format`.
golden::MatrixU8 network_inputs(const NumberTable& table, golden::Index width,
                                const Metadata& format);

/// The same vectors as the source of an imported network takes them: bytes of the `input_type`, or
/// the numbers as they stand.
Numbers source_inputs(const NumberTable& table, const golden::Network& network);

/// Classes, one each of `count` vectors. Throws InputError where they are none of 0 to
/// `classes` - 1.
std::vector<golden::Label> class_labels(const NumberTable& table, golden::Index count,
                                        golden::Index classes);

/// How far a network's outputs are from those that somebody else computed.
struct Fidelity {
  std::uint64_t outputs{};
  std::uint64_t different{};  ///< not the same number
  double max_abs_error{};
  double mean_abs_error{};
  double signal_to_noise_db{};  ///< infinite where nothing differs
  std::uint64_t vectors{};
  std::uint64_t same_class{};  ///< vectors whose largest output is the same one
};

/// `outputs`: the network's integers, a row a vector. Throws InputError where `expected` has
/// another size.
Fidelity fidelity(const golden::MatrixS32& outputs, const NumberTable& expected,
                  const golden::Network& network);

}  // namespace cfc::exchange
