#include "cfcsim/verify.h"

#include <chrono>

#include <fmt/format.h>

#include "cfcsim/run/fidelity.h"
#include "cfcsim/run/results.h"
#include "exchange/data/number_file.h"
#include "golden/inference.h"
#include "golden/onnx_file.h"
#include "support/command/command_line.h"
#include "support/command/named_file.h"
#include "support/error.h"
#include "testbench/stream_run.h"

namespace cfc {
namespace {

void check_same_shape(const golden::Network& network, const golden::Network& reference,
                      const std::filesystem::path& file) {
  const auto a = shapes_of(network);
  const auto b = shapes_of(reference);
  const auto same = [](const LayerShape& x, const LayerShape& y) {
    return x.m == y.m && x.n == y.n && x.r == y.r;
  };
  if (!std::equal(a.begin(), a.end(), b.begin(), b.end(), same)) {
    throw InputError(fmt::format("--reference {}: its layers have other shapes than the network's",
                                 file.string()));
  }
}

}  // namespace

void VerifyOptions::add_to(CLI::App& command) {
  run.add_to(command);
  command
      .add_option("--reference", reference,
                  "Network that the golden model computes; default: the same")
      ->type_name(kInput)
      ->transform(network_file);
  command
      .add_option(
          "--expected", expected,
          "Outputs that somebody else computed, X.npy, X.npz:KEY or X.csv, to be compared with")
      ->type_name(kKeyedInput);
  command
      .add_option("--source", source,
                  "Model that the network was imported from: what ONNX Runtime makes of it on "
                  "--inputs, to be compared with")
      ->type_name(kInput)
      ->needs("--inputs")
      ->excludes("--expected");
  command.add_option("--jobs", jobs, "Processes; the result does not depend on it")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
}

namespace {

/// The golden model's outputs, which the SystemC model's are held against, beside somebody else's.
std::optional<exchange::Fidelity> fidelity_of(const VerifyOptions& options,
                                              const RunSubject& subject) {
  if (options.source) {
    const exchange::NumberTable inputs = exchange::read_numbers(*options.run.inputs);
    return fidelity_to_source(*options.source,
                              exchange::part_of(inputs, subject.first_image, subject.images),
                              subject.network);
  }
  if (!options.expected) return {};
  const golden::MatrixS32 outputs =
      golden::infer(subject.network, subject.chosen_images()).logits();
  return exchange::fidelity(outputs, exchange::read_numbers(*options.expected), subject.network);
}

}  // namespace

int verify(const VerifyOptions& options) {
  const RunSubject subject = options.run.subject();
  const golden::Network reference =
      options.reference ? golden::read_network(*options.reference) : subject.network;
  if (options.reference) check_same_shape(subject.network, reference, *options.reference);
  const StreamTask task{subject.network, reference,           subject.configuration,
                        subject.dataset, subject.first_image, subject.images};

  const auto fidelity = fidelity_of(options, subject);
  const auto started = std::chrono::steady_clock::now();
  const StreamResult result = run_stream(task, options.jobs);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - started;

  const auto& json_file = options.run.json;
  nlohmann::json document = verify_json(task, result, wall.count(), subject.manifest);
  if (fidelity) document["fidelity"] = fidelity_json(*fidelity);
  if (json_file) write_json(document, *json_file);
  if (json_file != "-") {
    fmt::print("{}{}", verify_text(task, result, wall.count(), subject.manifest),
               fidelity ? fidelity_text(*fidelity) : "");
  }
  return exit_status(result);
}

}  // namespace cfc
