#include "exchange/import/import.h"

#include <cmath>

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

/// The calibration data as the real numbers that the source computes with.
NumberTable real_inputs(const Chain& chain, NumberTable table) {
  for (const double value : table.values) {
    if (!std::isfinite(value)) {
      throw InputError(fmt::format("{}: holds an infinite number, or none (NaN)", table.origin));
    }
  }
  const NumberKind bytes = chain.input_type == "s8" ? NumberKind::s8 : NumberKind::u8;
  if (chain.input_type.empty() || table.kind != bytes) return table;
  for (double& value : table.values) {
    value = (value - chain.input->zero_point) * chain.input->scales.front();
  }
  return table;
}

Numbers inputs_of(const Chain& chain, const NumberTable& table) {
  return real_inputs(chain, table).vectors(chain.layers.front().weights.rows());
}

void set_scales(const ImportOptions& options, Chain& chain, std::vector<ImportNote>& notes) {
  if (!is_quantised(chain)) {
    if (!options.calibration) {
      throw InputError(
          "has no scale for some of its values: give inputs to choose them by, "
          "--calibrate X.npy");
    }
    calibrate(chain, inputs_of(chain, *options.calibration), options.scales);
  }
  if (!options.factors.is_none()) {
    if (!options.calibration) throw InputError("factors need inputs: give --calibrate X.npy");
    if (chain.is_integer()) {
      throw InputError("RequantShift's integers are kept as they are, and cannot be factored");
    }
    factorise(chain, options.factors, inputs_of(chain, *options.calibration), notes);
  }
  if (!chain.is_integer()) quantise_weights(chain, options.scales);
}

Fidelity agreement(const Chain& source, const NumberTable& inputs, const golden::Network& network) {
  const Numbers real = real_outputs(source, inputs_of(source, inputs)).back();
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
  set_scales(options, chain, result.notes);
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
