#include "cfcsim/verify.h"

#include <chrono>

#include <fmt/format.h>

#include "cfcsim/run/results.h"
#include "golden/onnx_file.h"
#include "support/error.h"
#include "support/worker_processes.h"
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
  command.add_option("--reference", reference,
                     "Network that the golden model computes; default: the same");
  command.add_option("--jobs", jobs, "Processes; the result does not depend on it")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
}

int verify(const VerifyOptions& options) {
  const golden::Network network = golden::read_network(options.run.network);
  const golden::Network reference =
      options.reference ? golden::read_network(*options.reference) : network;
  if (options.reference) check_same_shape(network, reference, *options.reference);
  const Configuration configuration = options.run.configuration_for(network);
  const golden::Dataset dataset = options.run.dataset_for(network);
  const Manifest manifest = options.run.manifest_for(network);
  const StreamTask task{network,
                        reference,
                        configuration,
                        dataset,
                        options.run.first_image,
                        options.run.images_of(dataset)};

  catch_interrupts();
  const auto started = std::chrono::steady_clock::now();
  const StreamResult result = run_stream(task, options.jobs);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - started;

  const auto& json_file = options.run.json;
  if (json_file) write_json(verify_json(task, result, wall.count(), manifest), *json_file);
  if (json_file != "-") fmt::print("{}", verify_text(task, result, wall.count(), manifest));
  return exit_status(result);
}

}  // namespace cfc
