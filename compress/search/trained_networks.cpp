#include "compress/search/trained_networks.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "golden/onnx_file.h"
#include "support/error.h"

namespace cfc::compress {

TrainedNetworks::TrainedNetworks(std::filesystem::path folder, std::filesystem::path data,
                                 Schooling schooling)
    : folder_(std::move(folder)), data_folder_(std::move(data)), schooling_(schooling) {}

const Data& TrainedNetworks::data() {
  if (!data_) data_ = load_data(data_folder_, kClasses);
  return *data_;
}

const golden::Dataset& TrainedNetworks::training_sample() {
  if (!training_sample_) {
    training_sample_ = load_split(data_folder_, golden::Split::train, kClasses);
    const golden::Index count = std::min(training_sample_->size(), validation().size());
    training_sample_->images.conservativeResize(count, Eigen::NoChange);
    training_sample_->labels.resize(static_cast<std::size_t>(count));
  }
  return *training_sample_;
}

golden::Network TrainedNetworks::with(const Dropout& dropout) {
  TrainingPlan plan;
  plan.set_dropout(dropout);
  if (dropout.locations.empty()) return trained(plan, "base");
  return trained(plan, fmt::format("base-dropout-{}-at-{}", dropout.probability,
                                   fmt::join(dropout.locations, "-")));
}

golden::Network TrainedNetworks::trained(TrainingPlan plan, const std::string& name) {
  const std::filesystem::path file = folder_ / (name + ".onnx");
  if (std::filesystem::exists(file)) return golden::read_network(file);
  plan.real.epochs = schooling_.epochs;
  plan.integer.epochs = plan.integer.epochs == 0 ? 0 : schooling_.qat_epochs;
  plan.seed = schooling_.seed;
  check(plan.real.dropout, plan.hidden.size() + 1);

  const std::string recipe = describe(plan);
  Checkpoint checkpoint(folder_ / (name + ".checkpoint"),
                        fmt::format("{}, seed {}", recipe, plan.seed) + on(data()));
  TrainedNetwork made = train_network(plan, data(), checkpoint);
  made.network.metadata["recipe"] = recipe;
  made.network.metadata["data"] = data_digest();
  made.network.metadata["seed"] = std::to_string(plan.seed);
  made.network.metadata["float_accuracy"] = fmt::format("{:.4f}", made.real_accuracy);
  made.network.metadata["validation_accuracy"] =
      fmt::format("{:.4f}", golden_accuracy(made.network, data().validation_bytes));
  made.network.metadata["test_accuracy"] =
      fmt::format("{:.4f}", golden_accuracy(made.network, data().test_bytes));
  golden::write_network(made.network, file);
  checkpoint.remove();
  return made.network;
}

}  // namespace cfc::compress
