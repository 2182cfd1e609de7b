#include <cstdlib>
#include <exception>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "compress/commands.h"
#include "compress/progress.h"
#include "golden/error.h"

namespace {

using namespace cfc::compress;

constexpr int kFailed = 1;
constexpr int kBadInput = 2;
constexpr int kInterrupted = 130;  // what a shell reports after SIGINT

void add_output(CLI::App& command, std::filesystem::path& output) {
  command.add_option("-o,--output", output, "ONNX file to write")->required();
}

void add_data(CLI::App& command, std::filesystem::path& data) {
  data = CFCSIM_SOURCE_DIR "/data/mnist";
  command.add_option("--data", data, "Folder of the four MNIST files")->envname("CFCSIM_DATA");
}

void add_train(CLI::App& app) {
  auto options = std::make_shared<TrainOptions>();
  CLI::App& command =
      *app.add_subcommand("train", "Train the 784-50-100-10 network to 8-bit integers");
  add_data(command, options->data);
  add_output(command, options->output);
  command.add_option("--epochs", options->epochs, "Epochs in float")->check(CLI::Range(0, 10000));
  command.add_option("--qat-epochs", options->qat_epochs, "Epochs in integers, after those")
      ->check(CLI::Range(0, 10000));
  command.add_option("--seed", options->seed, "Seed of weights and image order");
  command.callback([options] { train(*options); });
}

void add_factorise(CLI::App& app) {
  auto options = std::make_shared<FactoriseOptions>();
  Factorisation& wanted = options->factorisation;
  CLI::App& command = *app.add_subcommand("factorise", "Factorise a layer, W ~ U V, and fine-tune");
  command.add_option("network", options->network, "ONNX file to start from")->required();
  add_data(command, options->data);
  add_output(command, options->output);
  command.add_option("--layer", wanted.layer, "Layer to factorise, 1 is the first");
  command.add_option("--rank", wanted.rank, "Columns of U, rows of V")->required()->default_str("");
  command.add_option("--z-bits", wanted.z_bits, "Width of z = U^T x")->check(CLI::Range(2, 16));
  command.add_option("--epochs", options->epochs, "Epochs of fine-tuning")
      ->check(CLI::Range(0, 10000));
  command.add_option("--seed", options->seed, "Seed of the image order");
  command.callback([options] { factorise(*options); });
}

void add_evaluate(CLI::App& app) {
  auto options = std::make_shared<EvaluateOptions>();
  auto split = std::make_shared<std::string>("validation");
  CLI::App& command = *app.add_subcommand("evaluate", "Accuracy of a network, by the golden model");
  command.add_option("network", options->network, "ONNX file")->required();
  add_data(command, options->data);
  command.add_option("--split", *split, "train, validation or test");
  command.callback([options, split] {
    options->split = cfc::golden::parse_split(*split);
    evaluate(*options);
  });
}

int run(int argc, char** argv) {
  CLI::App app{"Train and compress the networks of cfcsim"};
  app.require_subcommand(1);
  app.option_defaults()->always_capture_default();
  add_train(app);
  add_factorise(app);
  add_evaluate(app);
  try {
    app.parse(argc, argv);  // runs the callback of the subcommand
    return EXIT_SUCCESS;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == EXIT_SUCCESS ? EXIT_SUCCESS : kBadInput;
  }
}

int complain(const std::exception& error, int status) {
  fmt::print(stderr, "cfc-compress: {}\n", error.what());
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const cfc::InputError& error) {
    return complain(error, kBadInput);
  } catch (const Interrupted& error) {
    return complain(error, kInterrupted);
  } catch (const std::exception& error) {
    return complain(error, kFailed);
  }
}
