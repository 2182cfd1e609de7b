// Usage: small_layer FOLDER
// Writes a layer of 12 x 8, as dense.onnx and as factorised.onnx with rank 4, and two images (IDX,
// the test split): small enough for every operation of every schedule to be drawn.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>

#include "golden/onnx_file.h"

namespace {

using cfc::golden::MatrixS8;

constexpr int kInputs = 12;
constexpr int kOutputs = 8;
constexpr int kRank = 4;
constexpr int kImages = 2;
constexpr int kWeightLimit = 9;

std::mt19937 generator(1);  // whose numbers the standard fixes, unlike those of a distribution

int draw(int lo, int hi) {
  return lo + static_cast<int>(generator() % static_cast<unsigned>(hi - lo + 1));
}

MatrixS8 weights(int rows, int columns) {
  return MatrixS8::NullaryExpr(
      rows, columns, [] { return static_cast<std::int8_t>(draw(-kWeightLimit, kWeightLimit)); });
}

void write_network(std::variant<cfc::golden::DenseWeights, cfc::golden::FactorisedWeights> factors,
                   const std::filesystem::path& file) {
  cfc::golden::Network network;
  network.layers.push_back(
      {"fc1", std::move(factors), cfc::golden::VectorS32::Constant(kOutputs, 1), {}});
  cfc::golden::write_network(network, file);
}

void write_idx(const std::filesystem::path& file, const std::string& header, int bytes, int limit) {
  std::ofstream out(file, std::ios::binary);
  out << header;
  for (int i = 0; i < bytes; ++i) out << static_cast<char>(draw(0, limit));
}

}  // namespace

int main(int argc, char* argv[]) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  write_network(cfc::golden::DenseWeights{weights(kInputs, kOutputs)}, folder / "dense.onnx");
  constexpr int kZShift = 3;
  constexpr int kZBits = 10;
  write_network(cfc::golden::FactorisedWeights{weights(kInputs, kRank), weights(kRank, kOutputs), 8,
                                               8, kZShift, kZBits},
                folder / "factorised.onnx");
  using namespace std::string_literals;
  write_idx(folder / "t10k-images-idx3-ubyte", "\0\0\x08\x03\0\0\0\x02\0\0\0\x03\0\0\0\x04"s,
            kImages * kInputs, 99);
  write_idx(folder / "t10k-labels-idx1-ubyte", "\0\0\x08\x01\0\0\0\x02"s, kImages, kOutputs - 1);
}
