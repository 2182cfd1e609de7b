// The logits that golden gives an image of one colour, as the smallest platform prints them.
// Usage: golden_logits NETWORK.onnx PIXEL

#include <cstdio>
#include <cstdlib>

#include "golden/inference.h"
#include "golden/onnx_file.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  using namespace cfc::golden;
  const Network network = read_network(argv[1]);
  const MatrixU8 image =
      MatrixU8::Constant(1, network.inputs(), static_cast<std::uint8_t>(std::atoi(argv[2])));
  const MatrixS32 logits = infer(network, image).logits();
  std::printf("logits:");
  for (Index i = 0; i < logits.cols(); ++i) std::printf(" %d", logits(0, i));
  std::printf("\n");
  return 0;
}
