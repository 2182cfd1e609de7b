// Memories as they are built: by hand for the paper's first layer, and against what engines read.

#include "explore/cost/memory_shape.h"

#include <catch2/catch.hpp>

#include "explore/timing/engine_factory.h"
#include "explore/timing/timing_model.h"
#include "tests/helpers/random_networks.h"

namespace cfc::testing {
namespace {

using namespace explore;

const LayerWidths kWidths{0, 8, 8, 16, 8};

LayerConfiguration first_layer(Schedule schedule, int lanes_u, int lanes_v) {
  LayerConfiguration layer;
  layer.schedule = schedule;
  layer.shape = {784, 50, 30};
  layer.lanes_u = lanes_u;
  layer.lanes_v = lanes_v;
  return layer;
}

void check(const MemoryShape& memory, std::uint64_t words, std::uint64_t word_bits) {
  CHECK(memory.words == words);
  CHECK(memory.word_bits == word_bits);
}

}  // namespace

TEST_CASE("memories of the paper's first layer at full width") {
  LayerConfiguration layer = first_layer(Schedule::streaming, 784, 50);
  layer.psum_storage = PsumStorage::memory;
  check(memory_shape(layer, kWidths, kInput), 1, 6272);
  check(memory_shape(layer, kWidths, kU), 30, 6272);
  check(memory_shape(layer, kWidths, kV), 30, 400);
  check(memory_shape(layer, kWidths, kPsum), 1, 1600);
  check(memory_shape(layer, kWidths, kOutput), 1, 400);
  check(memory_shape(layer, kWidths, kW), 0, 0);
  layer.input_buffers = 2;
  check(memory_shape(layer, kWidths, kInput), 2, 6272);
}

TEST_CASE("memories of the paper's first layer on few lanes: the last tile is short") {
  const LayerConfiguration streaming = first_layer(Schedule::streaming, 64, 16);
  check(memory_shape(streaming, kWidths, kU), 390, 512);
  CHECK(memory_shape(streaming, kWidths, kU).capacity_bits == 188160);
  check(memory_shape(streaming, kWidths, kV), 120, 128);
  check(memory_shape(streaming, kWidths, kOutput), 4, 128);
  // Sequential reads V by columns, and makes one output at a time.
  const LayerConfiguration sequential = first_layer(Schedule::sequential, 64, 16);
  check(memory_shape(sequential, kWidths, kV), 100, 128);
  check(memory_shape(sequential, kWidths, kZ), 2, 256);
  check(memory_shape(sequential, kWidths, kOutput), 50, 8);
}

TEST_CASE("a memory of weights has as many words as a run reads, and no wider ones") {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 200; ++seed) {
    Generator generator(seed);
    const golden::Network network = random_network(generator);
    const Configuration configuration = random_configuration(generator, network);
    const auto widths = widths_of(network);
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const auto engine = make_engine(configuration.layers[i], widths[i]);
      const MemoryArray accesses = engine->accesses();
      const Peaks peaks = engine->peaks(0);
      INFO("seed " << seed << ", layer " << i + 1);
      for (const MemoryId weights : kWeightMemories) {
        const MemoryShape memory = memory_shape(configuration.layers[i], widths[i], weights);
        CHECK(memory.words == accesses[weights].reads.words);
        CHECK(memory.capacity_bits == accesses[weights].reads.bits);
        CHECK(memory.word_bits == peaks.memory[weights]);
        CHECK(memory.words * memory.word_bits >= memory.capacity_bits);
      }
    }
  }
}

}  // namespace cfc::testing
