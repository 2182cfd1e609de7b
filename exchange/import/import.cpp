#include "exchange/import/import.h"

#include <fmt/format.h>

#include "exchange/import/calibration.h"
#include "exchange/import/chain_reader.h"
#include "exchange/import/factorisation.h"
#include "exchange/import/lowering.h"
#include "exchange/import/source_model.h"
#include "golden/inference.h"
#include "support/error.h"

namespace cfc::exchange {
namespace {

void set_scales(const ImportOptions& options, Chain& chain) {
  if (!is_quantised(chain)) {
    if (!options.calibration) {
      throw InputError(
          "has no scale for some of its values: give inputs to choose them by, "
          "--calibrate X.npy");
    }
    calibrate(chain, options.calibration->vectors(chain.layers.front().weights.rows()),
              options.scales);
  }
  if (!options.ranks.empty()) {
    if (!options.calibration) throw InputError("--factorise needs inputs: give --calibrate X.npy");
    factorise(chain, options.ranks,
              options.calibration->vectors(chain.layers.front().weights.rows()));
  }
  if (!chain.is_integer()) quantise_weights(chain, options.scales);
}

Fidelity agreement(const Chain& source, const NumberTable& inputs, const golden::Network& network) {
  const Numbers real = real_outputs(source, inputs.vectors(network.inputs())).back();
  NumberTable expected{"the source", NumberKind::real, {real.rows(), real.cols()}, {}};
  expected.values.assign(real.data(), real.data() + real.size());
  const golden::MatrixS32 outputs =
      golden::infer(network, network_inputs(inputs, network)).logits();
  return fidelity(outputs, expected, network);
}

ImportResult import_from(const std::filesystem::path& file, const ImportOptions& options) {
  ImportResult result;
  const Chain source = read_chain(SourceModel(file), result.notes);
  Chain chain = source;
  set_scales(options, chain);
  result.network = lower(chain, result.fits);
  result.network.metadata["imported_from"] = file.filename().string();
  if (options.calibration && !chain.is_integer()) {
    result.agreement = agreement(source, *options.calibration, result.network);
  }
  return result;
}

}  // namespace

ImportResult import_model(const std::filesystem::path& file, const ImportOptions& options) {
  try {
    return import_from(file, options);
  } catch (const InputError& error) {
    const std::string what = error.what();
    if (what.rfind(file.string(), 0) == 0) throw;
    throw InputError(fmt::format("{}: {}", file.string(), what));
  }
}

}  // namespace cfc::exchange
