#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "compress/commands/commands.h"
#include "compress/commands/data_options.h"
#include "compress/commands/exhibit_command.h"
#include "compress/commands/search_command.h"
#include "compress/training/progress.h"
#include "support/command/command_line.h"
#include "support/command/named_file.h"
#include "support/error.h"
#include "support/exit_status.h"

namespace {

using namespace cfc::compress;

void add_output(CLI::App& command, std::filesystem::path& output) {
  command.add_option("-o,--output", output, "ONNX file to write")
      ->type_name(cfc::kOutput)
      ->required();
}

/// There are no classes to be right about, or to soften.
void exclude_targets(CLI::App& command, const char* option) {
  command.get_option("--targets")->excludes(command.get_option(option));
}

void add_json(CLI::App& command, std::string& json) {
  command.add_option("--json", json, "File for the results as JSON; -: standard output")
      ->type_name(cfc::kOutput);
}

/// Options that shape a `TrainingPlan`, as they are typed.
struct PlanOptions {
  Dropout dropout{{}, 0.5};
  std::string teacher{"none"};
  double base_rate{TrainingPlan{}.real.base_rate};
  std::int64_t cycle_batches{0};
  std::int64_t batch{TrainingPlan{}.real.batch};
  std::string layers;
  bool until_converged{false};
};

void add_rates(CLI::App& command, TrainingPlan& plan, PlanOptions& typed) {
  command.add_option("--peak-rate", plan.real.peak_rate, "Largest learning rate in float")
      ->check(CLI::PositiveNumber);
  command.add_option("--qat-peak-rate", plan.integer.peak_rate, "Largest rate in integers")
      ->check(CLI::PositiveNumber);
  command.add_option("--base-rate", typed.base_rate, "Smallest learning rate")
      ->check(CLI::PositiveNumber);
  command
      .add_option("--cycle-batches", typed.cycle_batches,
                  "Batches from smallest rate to smallest rate; 0: all of them")
      ->check(CLI::NonNegativeNumber);
  command.add_flag("--until-converged", typed.until_converged,
                   "Stop early once 10 training accuracies in a row lie within 0.01 %");
}

void complete(TrainingPlan& plan, const PlanOptions& typed) {
  plan.teacher = parse_teacher(typed.teacher);
  for (Recipe* recipe : {&plan.real, &plan.integer}) {
    recipe->base_rate = typed.base_rate;
    recipe->cycle_steps = typed.cycle_batches;
    recipe->batch = typed.batch;
    recipe->dropout = typed.dropout;
    if (typed.until_converged) recipe->until = Convergence{};
  }
}

void add_train(CLI::App& app) {
  auto options = std::make_shared<TrainOptions>();
  auto typed = std::make_shared<PlanOptions>();
  TrainingPlan& plan = options->plan;
  CLI::App& command =
      *app.add_subcommand("train", "Train a network (MNIST: 784-50-100-10) to 8-bit integers");
  add_split_source(command, options->data);
  add_output(command, options->output);
  add_json(command, options->json);
  command.add_option("--epochs", plan.real.epochs, "Epochs in float")->check(CLI::Range(0, 10000));
  command
      .add_option("--qat-epochs", plan.integer.epochs,
                  "Epochs in integers, after those; 0: quantised after training (PTQ)")
      ->check(CLI::Range(0, 10000));
  command.add_option("--seed", plan.seed, "Seed of weights, image order and dropout");
  CLI::Option* hidden = command.add_option("--hidden", plan.hidden, "Nodes of the hidden layers")
                            ->check(CLI::Range(1, 10000));
  command
      .add_option("--layers", typed->layers,
                  "Nodes of all layers, inputs first, as 16-64-32-5; must fit the data")
      ->default_str("")
      ->excludes(hidden);
  command.add_option("--batch", typed->batch, "Images a batch")->check(CLI::Range(1, 1000000));
  CLI::Option* location = command.add_option("--dropout-location", typed->dropout.locations,
                                             "Hidden layers after which dropout works, from 1");
  command.add_option("--dropout", typed->dropout.probability, "Probability of dropout there")
      ->needs(location);
  command.add_option("--teacher", typed->teacher,
                     "Distil from a 100-200-100-50 teacher: none, float or integer");
  add_rates(command, plan, *typed);
  for (const char* option : {"--teacher", "--until-converged"}) exclude_targets(command, option);
  command.callback([options, typed] {
    complete(options->plan, *typed);
    if (!typed->layers.empty()) options->layers = parse_layers(typed->layers);
    train(*options);
  });
}

void add_factorise(CLI::App& app) {
  auto options = std::make_shared<FactoriseOptions>();
  Factorisation& wanted = options->factorisation;
  CLI::App& command = *app.add_subcommand("factorise", "Factorise a layer, W ~ U V, and fine-tune");
  command
      .add_option("network", options->network,
                  "ONNX file to start from, or the name of one in golden/models")
      ->type_name(cfc::kInput)
      ->transform(cfc::network_file)
      ->required();
  add_split_source(command, options->data);
  add_output(command, options->output);
  add_json(command, options->json);
  command.add_option("--layer", wanted.layer, "Layer to factorise, 1 is the first");
  command.add_option("--rank", wanted.rank, "Columns of U, rows of V")->required()->default_str("");
  command.add_option("--z-bits", wanted.z_bits, "Width of z = U^T x")->check(CLI::Range(2, 16));
  command.add_option("--epochs", options->epochs, "Epochs of fine-tuning")
      ->check(CLI::Range(0, 10000));
  command.add_option("--seed", options->seed, "Seed of the image order");
  command.callback([options] { factorise(*options); });
}

void add_prune(CLI::App& app) {
  auto options = std::make_shared<PruneOptions>();
  auto method = std::make_shared<std::string>(name_of(options->method));
  CLI::App& command = *app.add_subcommand(
      "prune", "Set weights of a dense network to 0, by one of the paper's methods; train nothing");
  command
      .add_option("network", options->network,
                  "ONNX file to start from, or the name of one in golden/models")
      ->type_name(cfc::kInput)
      ->transform(cfc::network_file)
      ->required();
  add_split_source(command, options->data);
  add_output(command, options->output);
  add_json(command, options->json);
  command.add_option("--method", *method,
                     "random-by-layer, random-global, unstructured-l1, structured-l1 or "
                     "structured-l2");
  command.add_option("--ratio", options->ratio, "Share to prune, from 0 to below 1")
      ->required()
      ->default_str("");
  command.add_option("--seed", options->seed, "Seed of the random methods");
  command.callback([options, method] {
    options->method = parse_pruning(*method);
    prune(*options);
  });
}

void add_search(CLI::App& app) {
  auto options = std::make_shared<SearchOptions>();
  auto learning = std::make_shared<std::string>("descent");
  Grid& grid = options->grid;
  CLI::App& command = *app.add_subcommand(
      "search", "Algorithm 1 of the paper: search dropout, pruning and rank for the best factors");
  command.add_option("folder", options->folder, "Folder of the search; made, or gone on with")
      ->type_name(cfc::kOutputFolder)
      ->required();
  add_folder(command, options->data);
  command.add_option("--dropout-locations", grid.locations, "L_Drop: 1, 2");
  command.add_option("--dropout", grid.probabilities, "P_Drop");
  command.add_option("--pruning-ratios", grid.ratios, "R_prune");
  command.add_option("--compressions", grid.compressions, "R_comp");
  command.add_option("--layers", grid.layers, "L_LRA: layers to factorise, one at a time");
  command.add_option("--learning", *learning, "How LRA-learn learns: descent or gradient");
  command.add_option("--beta", options->beta, "Weight of accuracy in the E score")
      ->check(CLI::PositiveNumber);
  Schooling& schooling = options->schooling;
  command.add_option("--epochs", schooling.epochs, "Epochs in float of each base network")
      ->check(CLI::Range(0, 10000));
  command.add_option("--qat-epochs", schooling.qat_epochs, "Epochs in integers, after those")
      ->check(CLI::Range(0, 10000));
  command.add_option("--seed", schooling.seed, "Seed of weights, image order and dropout");
  command.add_option("--jobs", options->jobs, "Threads")->check(CLI::Range(1, 256));
  add_json(command, options->json);
  command.callback([options, learning] {
    options->learning = parse_learning(*learning);
    search(*options);
  });
}

void add_exhibit(CLI::App& app, const char* name, const char* what, const CLI::Range& numbers,
                 void (*show)(const ExhibitOptions&)) {
  auto options = std::make_shared<ExhibitOptions>();
  CLI::App& command = *app.add_subcommand(name, what);
  command.add_option("number", options->number, "As the paper numbers it")
      ->required()
      ->check(numbers);
  command.add_option("search", options->search, "Folder of a finished search")
      ->type_name(cfc::kInputFolder)
      ->required();
  add_folder(command, options->data);
  command.add_option("-o,--output", options->output, "Folder for the text, CSV and SVG files")
      ->type_name(cfc::kOutputFolder);
  command.callback([options, show] { show(*options); });
}

/// Options that shape a `Refinement`, as they are typed.
struct RefinementOptions {
  std::vector<std::string> factors;
  std::vector<std::string> zeros;
  int z_bits{Factorisation{}.z_bits};
};

void complete(Refinement& refinement, const RefinementOptions& typed) {
  for (const std::string& text : typed.factors) {
    refinement.factorisations.push_back(parse_factorisation(text));
    refinement.factorisations.back().z_bits = typed.z_bits;
  }
  refinement.zeros = parse_zero_shares(typed.zeros);
}

void add_shape(CLI::App& command, Refinement& refinement, RefinementOptions& typed) {
  command.add_option("--factorise", typed.factors, "Layers to factorise, each LAYER:RANK");
  command.add_option("--z-bits", typed.z_bits, "Width of z = U^T x in them")
      ->check(CLI::Range(2, 16));
  command.add_option("--weight-bits", refinement.weight_bits, "Width of all weights; 2 is ternary")
      ->check(CLI::Range(2, 8));
  command.add_option("--zeros", typed.zeros,
                     "Weights to prune, each MATRIX:SHARE, as fc1.u:0.8 or fc2.w:0.5");
}

void add_refine(CLI::App& app) {
  auto options = std::make_shared<RefineOptions>();
  auto typed = std::make_shared<RefinementOptions>();
  Refinement& refinement = options->refinement;
  Recipe& recipe = refinement.recipe;
  CLI::App& command = *app.add_subcommand(
      "refine", "Factorise, narrow and prune a network, and train it on in integers");
  command
      .add_option("network", options->network,
                  "ONNX file to start from, or the name of one in golden/models")
      ->type_name(cfc::kInput)
      ->transform(cfc::network_file)
      ->required();
  add_split_source(command, options->data);
  add_output(command, options->output);
  add_json(command, options->json);
  add_shape(command, refinement, *typed);
  command.add_option("--shift", refinement.augmentation.shift, "Shift training images, pixels")
      ->check(CLI::Range(0, 8));
  command.add_option("--rotate", refinement.augmentation.rotation, "Turn training images, degrees")
      ->check(CLI::Range(0.0, 90.0));
  command.add_option("--teacher", options->teacher, "ONNX file of a network to distil from")
      ->type_name(cfc::kInput);
  exclude_targets(command, "--teacher");
  command.add_option("--epochs", recipe.epochs, "Epochs in integers")->check(CLI::Range(0, 10000));
  command.add_option("--peak-rate", recipe.peak_rate, "Largest learning rate")
      ->check(CLI::PositiveNumber);
  command.add_option("--weight-decay", recipe.weight_decay, "Weight decay")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--seed", options->seed, "Seed of image order and motions");
  command.callback([options, typed] {
    complete(options->refinement, *typed);
    refine(*options);
  });
}

void add_evaluate(CLI::App& app) {
  auto options = std::make_shared<EvaluateOptions>();
  CLI::App& command = *app.add_subcommand("evaluate", "Accuracy of a network, by the golden model");
  command.add_option("network", options->network, "ONNX file, or the name of one in golden/models")
      ->type_name(cfc::kInput)
      ->transform(cfc::network_file)
      ->required();
  CLI::Option* inputs = add_source(command, options->data);
  command.add_option("--split", options->split, "train, validation or test")->excludes(inputs);
  add_json(command, options->json);
  command.callback([options] { evaluate(*options); });
}

int run(int argc, char** argv) {
  CLI::App app{"Train and compress the networks of cfcsim", "cfc-compress"};
  app.require_subcommand(1);
  app.failure_message(cfc::usage_error);
  app.option_defaults()->always_capture_default();
  add_train(app);
  add_factorise(app);
  add_prune(app);
  add_search(app);
  add_exhibit(app, "table", "A table of the paper, ours beside the paper's", CLI::Range(1, 3),
              table);
  add_exhibit(app, "figure", "A figure of the paper from our networks", CLI::Range(7, 13), figure);
  add_refine(app);
  add_evaluate(app);
  cfc::apply_rules(app);
  try {
    app.parse(argc, argv);  // runs the callback of the subcommand
    return cfc::kExitOk;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == cfc::kExitOk ? cfc::kExitOk : cfc::kExitBadInput;
  }
}

}  // namespace

int main(int argc, char** argv) {
  return cfc::exit_status_of("cfc-compress", [=] { return run(argc, argv); });
}
