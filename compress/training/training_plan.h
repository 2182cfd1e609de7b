#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compress/network/data.h"
#include "compress/training/trainer.h"

namespace cfc::compress {

inline constexpr int kClasses = 10;  ///< of data in the format of MNIST

/// From whom a network learns besides the labels.
enum class Teacher { none, real, integer };

/// "none", "float", "integer"; throws InputError for any other name.
Teacher parse_teacher(std::string_view name);

/// Reads "784-50-100-10", the nodes of a network's layers, inputs first; throws InputError for
/// anything else.
std::vector<std::int64_t> parse_layers(const std::string& text);

/// How a dense network comes to be: in float, then quantisation-aware. With no epochs for the
/// latter it is quantised after training (PTQ). A teacher has hidden layers of 100, 200, 100 and 50
/// nodes, is trained the same way, and the quantisation-aware epochs imitate it.
struct TrainingPlan {
  std::vector<std::int64_t> hidden{50, 100};
  std::int64_t outputs{kClasses};
  Recipe real{20, 6e-3};
  Recipe integer{10, 1e-3};
  Teacher teacher{Teacher::none};
  std::uint64_t seed{1};

  /// Gives both recipes the same dropout.
  void set_dropout(const Dropout& dropout);
};

/// The plan in one line, for people.
std::string describe(const TrainingPlan& plan);

struct TrainedNetwork {
  golden::Network network;
  double real_accuracy;  ///< on the validation images, before anything was quantised; 0 of targets
};

/// Trains by the plan and tells on standard error how it goes. The state is kept in `checkpoint`,
/// from which an interrupted training goes on to the same bits. The logits of the network are held
/// against those that were trained, on every validation image. Throws InputError where the dropout
/// does not fit the network.
TrainedNetwork train_network(const TrainingPlan& plan, const Data& data, Checkpoint& checkpoint);

/// One stage of a training. Tells on standard error how it goes, and keeps its state under `name`
/// in `checkpoint`.
void run_stage(Model& model, Arithmetic arithmetic, const Recipe& recipe, const Data& data,
               Checkpoint& checkpoint, const std::string& name);

/// The integer network of a model, its logits on every validation image held against those of the
/// model; its metadata say what they stand for where there are targets. Throws std::runtime_error
/// if one of them differs.
golden::Network checked_network(const Model& model, const Data& data);

/// Accuracy by the golden model, 0 to 1.
double golden_accuracy(const golden::Network& network, const golden::Dataset& data);

/// Mean of the squares by which the golden model misses targets, in their unit: images x outputs.
double golden_error(const golden::Network& network, const golden::MatrixU8& images,
                    const exchange::Numbers& targets);

}  // namespace cfc::compress
