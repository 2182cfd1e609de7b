#include "compress/training/training_plan.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "compress/network/conversion.h"
#include "compress/training/progress.h"
#include "exchange/data/network_data.h"
#include "golden/inference.h"
#include "support/error.h"
#include "support/numbers.h"

namespace cfc::compress {
namespace {

const std::vector<std::int64_t> kTeacherHidden = {100, 200, 100, 50};

Model new_model(const std::vector<std::int64_t>& hidden, std::int64_t outputs, const Data& data) {
  std::vector<std::int64_t> widths = {data.pixels()};
  widths.insert(widths.end(), hidden.begin(), hidden.end());
  widths.push_back(outputs);
  return make_model(widths);
}

Model train_teacher(const TrainingPlan& plan, const Data& data, Checkpoint& checkpoint) {
  make_deterministic(plan.seed);
  Recipe recipe = plan.real;
  recipe.dropout = {};
  Model teacher = new_model(kTeacherHidden, plan.outputs, data);
  run_stage(teacher, Arithmetic::real, recipe, data, checkpoint, "teacher, float");
  if (plan.teacher == Teacher::real) return teacher;
  recipe = plan.integer;
  recipe.dropout = {};
  teacher.calibrate(data.calibration_images());
  run_stage(teacher, Arithmetic::integer, recipe, data, checkpoint, "teacher, integer");
  return teacher;
}

std::string rates(const Recipe& recipe) {
  const std::string cycle =
      recipe.cycle_steps > 0 ? fmt::format(", cycles of {} batches", recipe.cycle_steps) : "";
  return fmt::format("{} epochs{} (peak rate {}{})", recipe.epochs,
                     recipe.until ? " at most, until converged" : "", recipe.peak_rate, cycle);
}

std::string dropout_text(const Dropout& dropout) {
  return dropout.locations.empty() ? ""
                                   : fmt::format("; dropout {} after layer {}", dropout.probability,
                                                 fmt::join(dropout.locations, " and "));
}

}  // namespace

Teacher parse_teacher(std::string_view name) {
  if (name == "none") return Teacher::none;
  if (name == "float") return Teacher::real;
  if (name == "integer") return Teacher::integer;
  throw InputError(fmt::format("teacher \"{}\": choose none, float or integer", name));
}

std::vector<std::int64_t> parse_layers(const std::string& text) {
  constexpr std::int64_t kMost = 65536;                         // as in a workload
  constexpr std::int64_t kMostWeights = std::int64_t{1} << 28;  // of one layer
  std::vector<std::int64_t> layers;
  try {
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find('-', begin), text.size());
      layers.push_back(parse_integer<std::int64_t>(text.substr(begin, end - begin), 1, kMost));
      begin = end + 1;
    }
    if (layers.size() < 2) throw ValueError("there are no outputs");
    for (std::size_t i = 1; i < layers.size(); ++i) {
      if (layers[i - 1] * layers[i] <= kMostWeights) continue;
      throw ValueError(fmt::format("layer {} has more than {} weights", i, kMostWeights));
    }
  } catch (const ValueError& error) {
    throw InputError(
        fmt::format("--layers {}: {}; give the nodes of each layer, inputs first, as 16-64-32-5",
                    text, error.what()));
  }
  return layers;
}

void TrainingPlan::set_dropout(const Dropout& dropout) {
  real.dropout = dropout;
  integer.dropout = dropout;
}

std::string describe(const TrainingPlan& plan) {
  const Recipe& recipe = plan.real;
  const std::string triangles =
      recipe.cycle_steps > 0 ? "triangular cycles" : "one triangular cycle";
  std::string text = fmt::format(
      "float {}, quantisation-aware {}; Adam, batch {}, weight decay {}, {} from rate {} each",
      rates(recipe), rates(plan.integer), recipe.batch, recipe.weight_decay, triangles,
      recipe.base_rate);
  text += dropout_text(recipe.dropout);
  if (plan.teacher != Teacher::none)
    text += fmt::format("; distilled from a {}-{} teacher in {}", fmt::join(kTeacherHidden, "-"),
                        plan.outputs, plan.teacher == Teacher::real ? "float" : "integers");
  return text;
}

void run_stage(Model& model, Arithmetic arithmetic, const Recipe& recipe, const Data& data,
               Checkpoint& checkpoint, const std::string& name) {
  Progress progress(name);
  fit(model, arithmetic, recipe, data.training, data.validation, progress, {checkpoint, name});
}

TrainedNetwork train_network(const TrainingPlan& plan, const Data& data, Checkpoint& checkpoint) {
  Model teacher;
  if (plan.teacher != Teacher::none) teacher = train_teacher(plan, data, checkpoint);
  make_deterministic(plan.seed);  // again, so that the teacher changes nothing but the loss
  Model model = new_model(plan.hidden, plan.outputs, data);
  run_stage(model, Arithmetic::real, plan.real, data, checkpoint, "float");
  const double real_accuracy =
      data.validation.have_targets() ? 0 : accuracy(model, Arithmetic::real, data.validation);

  Recipe recipe = plan.integer;
  if (plan.teacher != Teacher::none)
    recipe.distillation = Distillation{
        &teacher, plan.teacher == Teacher::real ? Arithmetic::real : Arithmetic::integer};
  model.calibrate(data.calibration_images());
  run_stage(model, Arithmetic::integer, recipe, data, checkpoint, "integer");
  return {checked_network(model, data), real_accuracy};
}

golden::Network checked_network(const Model& model, const Data& data) {
  golden::Network network = to_network(model);
  const golden::MatrixS32 expected = integer_logits(model, data.validation.images);
  const golden::InferenceResult got = golden::infer(network, data.validation_bytes.images);
  if (const auto wrong = (expected.array() != got.logits().array()).count(); wrong != 0)
    throw std::runtime_error(
        fmt::format("{} of {} logits of the integer network differ from the trained ones", wrong,
                    expected.size()));
  if (data.validation.have_targets())
    network.metadata["output_scale"] = fmt::format("{}", output_scale(model, data.target_unit));
  return network;
}

double golden_accuracy(const golden::Network& network, const golden::Dataset& data) {
  return golden::accuracy(golden::infer(network, data.images).classes, data.labels);
}

double golden_error(const golden::Network& network, const golden::MatrixU8& images,
                    const exchange::Numbers& targets) {
  const double scale = exchange::output_quantisation(network).scale;
  const exchange::Numbers outputs = golden::infer(network, images).logits().cast<double>() * scale;
  return (outputs - targets).array().square().mean();
}

}  // namespace cfc::compress
