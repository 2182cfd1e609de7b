#include "compress/commands.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "compress/conversion.h"
#include "compress/progress.h"
#include "compress/trainer.h"
#include "golden/error.h"
#include "golden/inference.h"
#include "golden/onnx_file.h"

namespace cfc::compress {
namespace {

constexpr int kClasses = 10;
constexpr int kCalibrationImages = 5000;
constexpr double kFloatPeakRate = 6e-3;
constexpr double kQatPeakRate = 1e-3;
constexpr double kFineTuningPeakRate = 2e-3;

/// Validation and test images are only ever looked at to report an accuracy.
struct Data {
  Samples training;
  Samples validation;
  golden::Dataset validation_bytes;
  golden::Dataset test_bytes;

  std::int64_t pixels() const { return training.images.size(1); }
  at::Tensor calibration_images() const { return training.images.slice(0, 0, kCalibrationImages); }
};

golden::Dataset load(const std::filesystem::path& directory, golden::Split split, int classes) {
  golden::Dataset data = golden::load_dataset(directory, split);
  if (data.labels.empty())
    throw InputError(fmt::format("{}: a split of the data holds no images", directory.string()));
  const int largest = *std::max_element(data.labels.begin(), data.labels.end());
  if (largest >= classes)
    throw InputError(fmt::format("{}: there is a label {}, but the network has {} classes",
                                 directory.string(), largest, classes));
  return data;
}

Data load(const std::filesystem::path& directory, int classes) {
  Data data;
  data.training = to_samples(load(directory, golden::Split::train, classes));
  data.validation_bytes = load(directory, golden::Split::validation, classes);
  data.validation = to_samples(data.validation_bytes);
  data.test_bytes = load(directory, golden::Split::test, classes);
  return data;
}

void check_folder_of(const std::filesystem::path& output) {
  const std::filesystem::path folder = output.has_parent_path() ? output.parent_path() : ".";
  if (!std::filesystem::is_directory(folder))
    throw InputError(fmt::format("{}: there is no folder {}", output.string(), folder.string()));
}

void fit(Model& model, Arithmetic arithmetic, const Recipe& recipe, const Data& data,
         const char* stage) {
  Progress progress(stage);
  fit(model, arithmetic, recipe, data.training, data.validation, progress);
}

/// The integer network of a trained model. Its logits are held against those of the forward pass
/// that was trained, on every validation image.
golden::Network checked_network(const Model& model, const Data& data) {
  golden::Network network = to_network(model);
  const golden::MatrixS32 expected = integer_logits(model, data.validation.images);
  const golden::InferenceResult got = golden::infer(network, data.validation_bytes.images);
  if (const auto wrong = (expected.array() != got.logits().array()).count(); wrong != 0)
    throw std::runtime_error(
        fmt::format("{} of {} logits of the integer network differ from the trained ones", wrong,
                    expected.size()));
  return network;
}

double golden_accuracy(const golden::Network& network, const golden::Dataset& data) {
  return golden::accuracy(golden::infer(network, data.images).classes, data.labels);
}

/// Records the accuracies and writes the file; `metadata` is the rest of what is known.
void finish(golden::Network& network, const Data& data, const std::filesystem::path& output,
            const std::map<std::string, std::string>& metadata) {
  const double validation = golden_accuracy(network, data.validation_bytes);
  const double test = golden_accuracy(network, data.test_bytes);
  network.metadata.insert(metadata.begin(), metadata.end());
  network.metadata["validation_accuracy"] = fmt::format("{:.4f}", validation);
  network.metadata["test_accuracy"] = fmt::format("{:.4f}", test);
  throw_if_interrupted();
  golden::write_network(network, output);
  fmt::print("{}: validation {:.4f}, test {:.4f}\n", output.string(), validation, test);
}

std::string ranks(const golden::Network& network) {
  std::string text;
  for (const golden::Layer& layer : network.layers)
    if (const auto rank = layer.rank())
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", layer.name, *rank);
  return text;
}

std::string recorded(const golden::Network& network, const std::string& key) {
  const auto found = network.metadata.find(key);
  return found == network.metadata.end() ? "unknown" : found->second;
}

}  // namespace

void train(const TrainOptions& options) {
  check_folder_of(options.output);
  catch_interrupts();
  make_deterministic(options.seed);
  const Data data = load(options.data, kClasses);

  Model model = make_model({data.pixels(), 50, 100, kClasses});
  const Recipe real{options.epochs, kFloatPeakRate};
  const Recipe quantised{options.qat_epochs, kQatPeakRate};
  fit(model, Arithmetic::real, real, data, "float");
  model.calibrate(data.calibration_images());
  fit(model, Arithmetic::integer, quantised, data, "integer");

  golden::Network network = checked_network(model, data);
  finish(
      network, data, options.output,
      {{"recipe", fmt::format("float {} epochs (peak rate {}), quantisation-aware {} epochs (peak "
                              "rate {}); Adam, batch {}, weight decay {}, one triangular cycle "
                              "from rate {} each",
                              real.epochs, real.peak_rate, quantised.epochs, quantised.peak_rate,
                              real.batch, real.weight_decay, real.base_rate)},
       {"command", fmt::format("cfc-compress train --epochs {} --qat-epochs {} --seed {} -o {}",
                               options.epochs, options.qat_epochs, options.seed,
                               options.output.filename().string())},
       {"seed", std::to_string(options.seed)}});
}

void factorise(const FactoriseOptions& options) {
  check_folder_of(options.output);
  catch_interrupts();
  make_deterministic(options.seed);
  const golden::Network base = golden::read_network(options.network);
  const Factorisation& wanted = options.factorisation;
  Model model = to_model(base);
  factorise(model, wanted);
  const Data data = load(options.data, static_cast<int>(base.outputs()));
  if (data.pixels() != base.inputs())
    throw InputError(fmt::format("{} takes {} inputs, but the images in {} have {} pixels",
                                 options.network.string(), base.inputs(), options.data.string(),
                                 data.pixels()));

  const Recipe recipe{options.epochs, kFineTuningPeakRate};
  model.calibrate(data.calibration_images());
  fit(model, Arithmetic::integer, recipe, data, "fine-tuning");

  golden::Network network = checked_network(model, data);
  finish(
      network, data, options.output,
      {{"recipe", fmt::format("{}; layer {} factorised by SVD at rank {} with {}-bit z, "
                              "quantisation-aware {} epochs (peak rate {})",
                              recorded(base, "recipe"), wanted.layer, wanted.rank, wanted.z_bits,
                              recipe.epochs, recipe.peak_rate)},
       {"command",
        fmt::format("{} && cfc-compress factorise {} --layer {} --rank {} --z-bits {} --epochs {} "
                    "--seed {} -o {}",
                    recorded(base, "command"), options.network.filename().string(), wanted.layer,
                    wanted.rank, wanted.z_bits, options.epochs, options.seed,
                    options.output.filename().string())},
       {"seed", std::to_string(options.seed)},
       {"rank", ranks(network)}});
}

void evaluate(const EvaluateOptions& options) {
  const golden::Network network = golden::read_network(options.network);
  const golden::Dataset data = golden::load_dataset(options.data, options.split);
  const double accuracy = golden_accuracy(network, data);
  fmt::print("{}: accuracy {:.4f} on {} images\n", options.network.string(), accuracy, data.size());
}

}  // namespace cfc::compress
