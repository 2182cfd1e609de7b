// dump_imports SEED COUNT OUT: imports COUNT random sources and writes, for another runtime to be
// held against, of each in OUT/NUMBER: source.onnx, inputs.f32, ours.f32 (outputs of the imported
// network, as real numbers), source.f32 (what the importer takes the source to compute) and
// about.json.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>

#include <nlohmann/json.hpp>

#include "exchange/import/calibration.h"
#include "exchange/import/chain_reader.h"
#include "exchange/import/import.h"
#include "golden/inference.h"
#include "tests/exchange/source_graphs.h"

namespace {

namespace fs = std::filesystem;
using namespace cfc;
using exchange::Numbers;
using testing::SourceKind;

constexpr golden::Index kVectors = 200;

void dump(const Numbers& numbers, const fs::path& file) {
  const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> floats =
      numbers.cast<float>();
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(floats.data()),
            static_cast<std::streamsize>(floats.size() * static_cast<Eigen::Index>(sizeof(float))));
}

exchange::NumberTable random_inputs(testing::Generator& generator, std::int64_t columns) {
  exchange::NumberTable table{"random", exchange::NumberKind::real, {kVectors, columns}, {}};
  std::normal_distribution<float> normal;
  for (std::int64_t i = 0; i < kVectors * columns; ++i) table.values.push_back(normal(generator));
  return table;
}

Numbers real_numbers(const golden::MatrixS32& outputs, const golden::Network& network) {
  const exchange::Quantisation unit = exchange::output_quantisation(network);
  return (outputs.cast<double>().array() - unit.zero_point) * unit.scale;
}

void dump_one(testing::Generator& generator, SourceKind kind, const fs::path& folder) {
  fs::create_directories(folder);
  const testing::RandomSource source = testing::random_source(generator, kind);
  const fs::path file = folder / "source.onnx";
  {
    std::ofstream out(file, std::ios::binary);
    source.model.SerializeToOstream(&out);
  }
  exchange::ImportOptions options;
  options.calibration = random_inputs(generator, source.inputs);
  const exchange::ImportResult result = exchange::import_model(file, options);
  const golden::MatrixU8 inputs = exchange::network_inputs(*options.calibration, result.network);
  dump(real_numbers(golden::infer(result.network, inputs).logits(), result.network),
       folder / "ours.f32");
  std::vector<exchange::ImportNote> notes;
  const Numbers vectors = options.calibration->vectors(source.inputs);
  dump(vectors, folder / "inputs.f32");
  dump(exchange::real_outputs(exchange::read_chain(exchange::SourceModel(file), notes), vectors)
           .back(),
       folder / "source.f32");
  std::uint64_t tried = 0, different = 0;
  for (const exchange::LayerFit& fit : result.fits) {
    tried += fit.sums_tried;
    different += fit.sums_different;
  }
  std::ofstream(folder / "about.json")
      << nlohmann::json{{"real", kind == SourceKind::real},
                        {"floats", kind == SourceKind::qdq},
                        {"inputs", source.inputs},
                        {"vectors", kVectors},
                        {"step", exchange::output_quantisation(result.network).scale},
                        {"sums_tried", tried},
                        {"sums_different", different}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  testing::Generator generator(std::strtoull(argv[1], nullptr, 10));
  const fs::path folder = argv[3];
  for (int i = 0; i < std::atoi(argv[2]); ++i) {
    dump_one(generator, static_cast<SourceKind>(i % 4), folder / std::to_string(i));
  }
}
