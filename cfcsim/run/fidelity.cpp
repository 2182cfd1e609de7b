#include "cfcsim/run/fidelity.h"

#include <cmath>

#include <fmt/format.h>

#include "exchange/runtime/onnx_runtime.h"
#include "golden/inference.h"
#include "support/error.h"

namespace cfc {

nlohmann::json fidelity_json(const exchange::Fidelity& fidelity) {
  const bool is_finite = std::isfinite(fidelity.signal_to_noise_db);
  return {{"outputs", fidelity.outputs},
          {"different", fidelity.different},
          {"max_abs_error", fidelity.max_abs_error},
          {"mean_abs_error", fidelity.mean_abs_error},
          {"signal_to_noise_db", is_finite ? nlohmann::json(fidelity.signal_to_noise_db) : nullptr},
          {"vectors", fidelity.vectors},
          {"same_class", fidelity.same_class}};
}

std::string fidelity_text(const exchange::Fidelity& fidelity) {
  std::string text =
      fmt::format("{} of {} outputs are other than expected", fidelity.different, fidelity.outputs);
  if (fidelity.different > 0) {
    text +=
        fmt::format(": error at most {:.6g}, {:.6g} on average, {:.1f} dB below the signal",
                    fidelity.max_abs_error, fidelity.mean_abs_error, fidelity.signal_to_noise_db);
  }
  return text + fmt::format("; largest output the same for {} of {} vectors\n", fidelity.same_class,
                            fidelity.vectors);
}

exchange::Fidelity fidelity_to(const exchange::NumberTable& expected,
                               const exchange::NumberTable& inputs,
                               const golden::Network& network) {
  const golden::MatrixU8 bytes = exchange::network_inputs(inputs, network);
  return exchange::fidelity(golden::infer(network, bytes).logits(), expected, network);
}

exchange::Fidelity fidelity_to_source(const std::filesystem::path& source,
                                      const exchange::NumberTable& inputs,
                                      const golden::Network& network) {
  const auto runtime = exchange::OnnxRuntime::find();
  if (!runtime) {
    throw InputError("ONNX Runtime is not there to run the source: scripts/install-onnxruntime");
  }
  const exchange::NumberTable theirs =
      runtime->run(source, exchange::source_inputs(inputs, network));
  return fidelity_to(theirs, inputs, network);
}

}  // namespace cfc
