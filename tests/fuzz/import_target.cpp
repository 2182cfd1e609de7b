// Models of others. What is imported is a network: it survives being written and read again, its
// requantisations were tried on all sums, and it computes.

#include <vector>

#include "exchange/import/import.h"
#include "golden/inference.h"
#include "golden/onnx_file.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/model_mutator.h"

namespace {

using namespace cfc;

/// Of the sizes that the seeds have.
exchange::NumberTable inputs_of(Eigen::Index columns) {
  exchange::NumberTable table{"inputs", exchange::NumberKind::real, {2, columns}, {}};
  for (Eigen::Index i = 0; i < 2 * columns; ++i) {
    table.values.push_back(0.25 * static_cast<double>(i % 7) - 0.5);
  }
  return table;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const fuzz::FuzzedFile file(bytes, size);
  for (const Eigen::Index columns : {3, 16}) {
    exchange::ImportOptions options;
    options.calibration = inputs_of(columns);
    if (columns == 16) options.factors.ranks = {{1, 2}};
    exchange::ImportResult result;
    if (!fuzz::is_accepted([&] { result = exchange::import_model(file.path(), options); }))
      continue;
    const fuzz::FuzzedFile copy("");
    golden::write_network(result.network, copy.path());
    fuzz::require(fuzz::is_same(result.network, golden::read_network(copy.path())),
                  "an imported network is read as it was written");
    for (const exchange::LayerFit& fit : result.fits) {
      fuzz::require(fit.sums_different <= fit.sums_tried, "no more sums differ than were tried");
    }
    const auto images = exchange::network_inputs(*options.calibration, result.network);
    fuzz::require(golden::infer(result.network, images).classes.size() == 2, "it computes");
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t size,
                                               std::size_t room, unsigned seed) {
  return fuzz::mutate_model(bytes, size, room, seed);
}
