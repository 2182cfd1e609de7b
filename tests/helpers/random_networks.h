#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "configuration/configuration.h"
#include "golden/network.h"

namespace cfc::testing {

using Generator = std::mt19937_64;

/// The seed of a randomised test: CFCSIM_TEST_SEED, or a fixed one. Printed, so that a failure can
/// be repeated.
std::uint64_t test_seed();

int uniform(Generator& generator, int lo, int hi);

/// Any 8-bit values, or (once in eight) nothing but the extremes.
golden::MatrixS8 random_weights(Generator& generator, golden::Index rows, golden::Index cols);

/// Half of them plain shifts; the others of all kinds, most with outputs inside of 0 to 255.
golden::Requantisation random_requantisation(Generator& generator, golden::Index outputs);

/// 1 to 4 layers of 1 to 40 elements each, dense or of any rank, with weights and z of any width,
/// extreme weights and every kind of requantisation among them.
golden::Network random_network(Generator& generator);

/// A configuration of the network's shapes with everything drawn at random.
Configuration random_configuration(Generator& generator, const golden::Network& network);

/// Images of all kinds: random, all 0, all 255.
golden::MatrixU8 random_images(Generator& generator, golden::Index count, golden::Index pixels);

/// Names a configuration in a failure message.
std::string describe(const Configuration& configuration);

}  // namespace cfc::testing
