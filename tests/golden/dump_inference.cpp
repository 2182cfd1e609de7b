// Writes what golden computes, for another runtime to be held against:
//   dump_inference NETWORK DATA OUT    the validation images of DATA
//   dump_inference --random SEED OUT   a random network on random images
//   dump_inference --pixels NETWORK OUT    a network on random images
// OUT gets network.onnx (every intermediate an output), flipped.onnx (the same with one bit of one
// weight flipped), images.u8 and, for every output, NAME.s32.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include "golden/dataset.h"
#include "golden/inference.h"
#include "golden/onnx_file.h"
#include "tests/helpers/random_networks.h"

namespace {

namespace fs = std::filesystem;
using namespace cfc::golden;

template <typename Matrix>
void dump(const Matrix& matrix, const fs::path& file) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(matrix.data()),
            static_cast<std::streamsize>(matrix.size() * sizeof(typename Matrix::Scalar)));
}

/// The same graph with more of its tensors as outputs.
void write_with_outputs(const Network& network, const std::vector<std::string>& outputs,
                        const fs::path& file) {
  write_network(network, file);
  onnx::ModelProto model;
  {
    std::ifstream in(file, std::ios::binary);
    model.ParseFromIstream(&in);
  }
  for (const std::string& name : outputs) {
    auto& info = *model.mutable_graph()->add_output();
    info.set_name(name);
    const bool is_activation = name.rfind(".activation") != std::string::npos;
    info.mutable_type()->mutable_tensor_type()->set_elem_type(
        is_activation ? onnx::TensorProto::UINT8 : onnx::TensorProto::INT32);
  }
  std::ofstream out(file, std::ios::binary);
  model.SerializeToOstream(&out);
}

/// A copy whose last layer has one wrong bit, in a weight that the images use.
Network with_flipped_bit(Network network, const InferenceResult& result, const MatrixU8& images) {
  Layer& layer = network.layers.back();
  const MatrixS32 inputs = network.layers.size() > 1
                               ? result.layers[network.layers.size() - 2].output
                               : MatrixS32(images.cast<std::int32_t>());
  Index busiest = 0;
  inputs.cast<double>().colwise().sum().maxCoeff(&busiest);
  auto* factors = std::get_if<FactorisedWeights>(&layer.weights);
  MatrixS8& weights = factors ? factors->u : std::get<DenseWeights>(layer.weights).w;
  weights(busiest, 0) = static_cast<std::int8_t>(weights(busiest, 0) ^ 1);
  return network;
}

void dump_all(const Network& network, const MatrixU8& images, const fs::path& folder) {
  const InferenceResult result = infer(network, images);
  std::vector<std::string> outputs;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    if (result.layers[i].z) {
      outputs.push_back(layer.name + ".z");
      dump(*result.layers[i].z, folder / (outputs.back() + ".s32"));
    }
    if (layer.requantisation && i + 1 < network.layers.size()) {
      outputs.push_back(layer.name + ".activation");
      dump(result.layers[i].output, folder / (outputs.back() + ".s32"));
    }
  }
  dump(result.logits(), folder / "logits.s32");
  dump(images, folder / "images.u8");
  write_with_outputs(network, outputs, folder / "network.onnx");
  write_with_outputs(with_flipped_bit(network, result, images), outputs, folder / "flipped.onnx");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr
        << "usage: dump_inference NETWORK DATA OUT | --random SEED OUT | --pixels NETWORK OUT\n";
    return 2;
  }
  try {
    const fs::path folder = argv[3];
    fs::create_directories(folder);
    if (std::string(argv[1]) == "--random") {
      cfc::testing::Generator generator(std::strtoull(argv[2], nullptr, 10));
      const Network network = cfc::testing::random_network(generator);
      dump_all(network, cfc::testing::random_images(generator, 50, network.inputs()), folder);
    } else if (std::string(argv[1]) == "--pixels") {
      cfc::testing::Generator generator(1);
      const Network network = read_network(argv[2]);
      dump_all(network, cfc::testing::random_images(generator, 20, network.inputs()), folder);
    } else {
      dump_all(read_network(argv[1]), load_dataset(argv[2], Split::validation).images, folder);
    }
  } catch (const std::exception& error) {
    std::cerr << "dump_inference: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
