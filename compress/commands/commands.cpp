#include "compress/commands/commands.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "compress/commands/data_notes.h"
#include "compress/commands/json_output.h"
#include "compress/commands/score.h"
#include "compress/network/conversion.h"
#include "compress/training/checkpoint.h"
#include "compress/training/progress.h"
#include "compress/training/trainer.h"
#include "golden/inference.h"
#include "golden/onnx_file.h"
#include "support/digest.h"
#include "support/error.h"
#include "support/interrupt.h"
#include "support/whole_file.h"

namespace cfc::compress {
namespace {

constexpr double kFineTuningPeakRate = 2e-3;

/// Throws InputError if what the options name could not be written after all the work.
template <typename Options>
void check_targets(const Options& options) {
  check_writable(options.output);
  check_json_target(options.json);
}

struct WeightCount {
  golden::Index all{0};
  golden::Index not_zero{0};
};

nlohmann::json description_of(const std::filesystem::path& network) {
  return {{"file", network.filename().string()}, {"sha256", sha256_of_file(network)}};
}

WeightCount count_weights(const golden::Network& network) {
  WeightCount count;
  const auto add = [&count](const golden::MatrixS8& matrix) {
    count.all += matrix.size();
    count.not_zero += (matrix.array() != 0).count();
  };
  for (const golden::Layer& layer : network.layers) {
    if (const auto* factors = std::get_if<golden::FactorisedWeights>(&layer.weights)) {
      add(factors->u);
      add(factors->v);
    } else {
      add(std::get<golden::DenseWeights>(layer.weights).w);
    }
  }
  return count;
}

using exchange::Metadata;

/// Records how good the network is, writes the file and tells about it, as the options of the
/// command say; `metadata` is the rest of what is known.
template <typename Options>
void finish(golden::Network& network, const Data& data, const Options& options,
            const Metadata& metadata) {
  network.metadata.insert(data.input_format.begin(), data.input_format.end());
  for (const auto& [key, value] : metadata) network.metadata[key] = value;
  const Score validation = score(network, data.validation_bytes, data.validation_targets);
  const Score test = score(network, data.test_bytes, {});
  record(validation, "validation", network);
  record(test, "test", network);
  throw_if_interrupted("no network was written");
  golden::write_network(network, options.output);
  const auto [all, not_zero] = count_weights(network);
  fmt::print(text_stream(options.json),
             "{}: validation {}, test {}, {} of {} weights are not zero\n", options.output.string(),
             text_of(validation), text_of(test), not_zero, all);
  write_json(
      options.json, "cfcsim.network/1",
      {{"network", description_of(options.output)},
       {"accuracy",
        {{"validation", json_of(validation.accuracy)}, {"test", json_of(test.accuracy)}}},
       {"mean_squared_error", {{"validation", json_of(validation.mean_squared_error)}}},
       {"images", {{"validation", data.validation_bytes.size()}, {"test", data.test_bytes.size()}}},
       {"weights", {{"all", all}, {"not_zero", not_zero}}},
       {"metadata", network.metadata}});
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

/// The digests of all data that a network was made from, which a step on `base` adds to.
std::string data_of(const golden::Network& base, const Data& data) {
  const std::string before = recorded(base, "data");
  return before.find(data.digest) == std::string::npos ? before + " && " + data.digest : before;
}

/// What every step on `base` records.
Metadata metadata_of_step(const golden::Network& base, const Data& data, const std::string& recipe,
                          const std::string& command, std::uint64_t seed) {
  return {{"recipe", fmt::format("{}; {}", recorded(base, "recipe"), recipe)},
          {"command", fmt::format("{} && {}", recorded(base, "command"), command)},
          {"data", data_of(base, data)},
          {"seed", std::to_string(seed)}};
}

NamedNetwork read_named(const std::filesystem::path& file) {
  return {file, golden::read_network(file)};
}

Model read_teacher(const std::filesystem::path& file, const golden::Network& student) {
  const golden::Network teacher = golden::read_network(file);
  if (teacher.inputs() != student.inputs() || teacher.outputs() != student.outputs())
    throw InputError(fmt::format(
        "teacher {} has {} inputs and {} classes, but the network {} and {}", file.string(),
        teacher.inputs(), teacher.outputs(), student.inputs(), student.outputs()));
  return to_model(teacher);
}

/// What to type to train again.
std::string command_of(const TrainOptions& options) {
  const TrainingPlan& plan = options.plan;
  const TrainingPlan usual;
  const Recipe& recipe = plan.real;
  std::string text = fmt::format("cfc-compress train --epochs {} --qat-epochs {}", recipe.epochs,
                                 plan.integer.epochs);
  if (!recipe.dropout.locations.empty())
    text += fmt::format(" --dropout {} --dropout-location {}", recipe.dropout.probability,
                        fmt::join(recipe.dropout.locations, " "));
  if (plan.teacher != Teacher::none)
    text += plan.teacher == Teacher::real ? " --teacher float" : " --teacher integer";
  if (!options.layers.empty()) text += fmt::format(" --layers {}", fmt::join(options.layers, "-"));
  if (plan.hidden != usual.hidden) text += fmt::format(" --hidden {}", fmt::join(plan.hidden, " "));
  if (recipe.peak_rate != usual.real.peak_rate)
    text += fmt::format(" --peak-rate {}", recipe.peak_rate);
  if (plan.integer.peak_rate != usual.integer.peak_rate)
    text += fmt::format(" --qat-peak-rate {}", plan.integer.peak_rate);
  if (recipe.base_rate != usual.real.base_rate)
    text += fmt::format(" --base-rate {}", recipe.base_rate);
  if (recipe.batch != usual.real.batch) text += fmt::format(" --batch {}", recipe.batch);
  if (recipe.cycle_steps != 0) text += fmt::format(" --cycle-batches {}", recipe.cycle_steps);
  if (recipe.until) text += " --until-converged";
  return text + fmt::format("{} --seed {} -o {}", options_of(options.data), plan.seed,
                            options.output.filename().string());
}

std::string command_of(const FactoriseOptions& options) {
  const Factorisation& wanted = options.factorisation;
  return fmt::format(
      "cfc-compress factorise {}{} --layer {} --rank {} --z-bits {} --epochs {} --seed {} -o {}",
      options.network.filename().string(), options_of(options.data), wanted.layer, wanted.rank,
      wanted.z_bits, options.epochs, options.seed, options.output.filename().string());
}

std::string command_of(const PruneOptions& options) {
  return fmt::format("cfc-compress prune {}{} --method {} --ratio {} --seed {} -o {}",
                     options.network.filename().string(), options_of(options.data),
                     name_of(options.method), options.ratio, options.seed,
                     options.output.filename().string());
}

std::string command_of(const RefineOptions& options) {
  const std::string distilled =
      options.teacher.empty() ? "" : " --teacher " + options.teacher.filename().string();
  return fmt::format("cfc-compress refine {}{}{}{} --seed {} -o {}",
                     options.network.filename().string(), options_of(options.data),
                     options_of(options.refinement), distilled, options.seed,
                     options.output.filename().string());
}

/// Ends the purpose of a checkpoint: a network of the same name may be another one.
std::string from(const std::filesystem::path& network) {
  return fmt::format(", {} being {}", network.filename().string(), sha256_of_file(network));
}

/// The checkpoint of a command that writes `output`.
Checkpoint checkpoint_beside(std::filesystem::path output, const std::string& purpose) {
  return {output += ".checkpoint", purpose};
}

/// What `training` returns. After Ctrl-C it says how the training goes on.
template <typename Training>
auto resumable(const Training& training) {
  try {
    return training();
  } catch (const Interrupted&) {
    fmt::print(stderr, "the same command goes on from the last whole epoch\n");
    throw;
  }
}

/// With the layers that the options name, or as many inputs and outputs as the data have.
TrainingPlan plan_for(const TrainOptions& options, const Data& data) {
  const std::vector<std::int64_t>& layers = options.layers;
  TrainingPlan plan = options.plan;
  plan.outputs = data.outputs;
  if (layers.empty()) return plan;
  if (layers.front() != data.pixels() || layers.back() != data.outputs)
    throw InputError(fmt::format(
        "--layers {}: begins with {} inputs and ends with {} outputs, but the data have {} and {}",
        fmt::join(layers, "-"), layers.front(), layers.back(), data.pixels(), data.outputs));
  plan.hidden.assign(layers.begin() + 1, layers.end() - 1);
  return plan;
}

}  // namespace

void train(const TrainOptions& options) {
  check_targets(options);
  const std::string command = command_of(options);
  const Data data = load_data(options.data, kClasses);
  const TrainingPlan plan = plan_for(options, data);
  note_what_is_odd(data);
  Checkpoint checkpoint = checkpoint_beside(options.output, command + on(data));
  golden::Network network =
      resumable([&] { return train_network(plan, data, checkpoint).network; });
  finish(network, data, options,
         {{"recipe", describe(plan)},
          {"command", command},
          {"data", data.digest},
          {"seed", std::to_string(plan.seed)}});
  checkpoint.remove();
}

void factorise(const FactoriseOptions& options) {
  check_targets(options);
  make_deterministic(options.seed);
  const NamedNetwork named = read_named(options.network);
  const golden::Network& base = named.network;
  const Factorisation& wanted = options.factorisation;
  Model model = to_model(base);
  factorise(model, wanted);
  const Data data = load_data(options.data, named);

  const std::string command = command_of(options);
  Checkpoint checkpoint =
      checkpoint_beside(options.output, command + from(options.network) + on(data));
  const Recipe recipe{options.epochs, kFineTuningPeakRate};
  model.calibrate(data.calibration_images());
  resumable(
      [&] { run_stage(model, Arithmetic::integer, recipe, data, checkpoint, "fine-tuning"); });

  golden::Network network = checked_network(model, data);
  network.metadata["rank"] = ranks(network);
  const std::string recipe_text = fmt::format(
      "layer {} factorised by SVD at rank {} with {}-bit z, quantisation-aware {} epochs (peak "
      "rate {})",
      wanted.layer, wanted.rank, wanted.z_bits, recipe.epochs, recipe.peak_rate);
  finish(network, data, options, metadata_of_step(base, data, recipe_text, command, options.seed));
  checkpoint.remove();
}

void prune(const PruneOptions& options) {
  check_targets(options);
  const NamedNetwork named = read_named(options.network);
  const golden::Network& base = named.network;
  golden::Network network = prune(base, options.method, options.ratio, options.seed);
  const Data data = load_data(options.data, named);
  const std::string recipe = fmt::format("{} of the weights pruned by the method {}", options.ratio,
                                         name_of(options.method));
  finish(network, data, options,
         metadata_of_step(base, data, recipe, command_of(options), options.seed));
}

void refine(const RefineOptions& options) {
  check_targets(options);
  make_deterministic(options.seed);
  const NamedNetwork named = read_named(options.network);
  const golden::Network& base = named.network;
  Refinement refinement = options.refinement;
  Model model = to_model(base);
  reshape(model, refinement);
  Data data = load_data(options.data, named);

  const std::string command = command_of(options);
  std::string purpose = command + from(options.network);
  Model teacher;
  if (!options.teacher.empty()) {
    teacher = read_teacher(options.teacher, base);
    purpose += from(options.teacher);
    refinement.recipe.distillation = Distillation{&teacher, Arithmetic::integer};
  }
  Checkpoint checkpoint = checkpoint_beside(options.output, purpose + on(data));
  resumable([&] {
    Progress progress("refinement");
    refine(model, refinement, data, progress, {checkpoint, "refinement"});
  });
  golden::Network network = checked_network(model, data);
  network.metadata["rank"] = ranks(network);
  finish(network, data, options,
         metadata_of_step(base, data, describe(refinement), command, options.seed));
  checkpoint.remove();
}

void evaluate(const EvaluateOptions& options) {
  const NamedNetwork named = read_named(options.network);
  const Examples examples = load_examples(options.data, golden::parse_split(options.split), named);
  const Score found = score(named.network, examples.bytes, examples.targets);
  fmt::print(text_stream(options.json), "{}: {}{} on {} images\n", options.network.string(),
             found.accuracy ? "accuracy " : "", text_of(found), examples.bytes.size());
  const bool is_split = options.data.is_folder();
  write_json(options.json, "cfcsim.evaluation/1",
             {{"network", description_of(options.network)},
              {"split", is_split ? nlohmann::json(options.split) : nlohmann::json()},
              {"images", examples.bytes.size()},
              {"accuracy", json_of(found.accuracy)},
              {"mean_squared_error", json_of(found.mean_squared_error)}});
}

}  // namespace cfc::compress
