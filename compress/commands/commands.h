#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "compress/methods/factorise.h"
#include "compress/methods/pruning.h"
#include "compress/methods/refinement.h"
#include "compress/network/data_source.h"
#include "compress/training/training_plan.h"

namespace cfc::compress {

struct TrainOptions {
  DataSource data;
  std::filesystem::path output;
  std::string json;  ///< file for the result; "-": standard output; empty: none
  TrainingPlan plan;
  std::vector<std::int64_t> layers;  ///< nodes, inputs first; empty: those of the plan and the data
};

struct FactoriseOptions {
  std::filesystem::path network;
  DataSource data;
  std::filesystem::path output;
  std::string json;  ///< file for the result; "-": standard output; empty: none
  Factorisation factorisation;
  int epochs{10};
  std::uint64_t seed{1};
};

struct PruneOptions {
  std::filesystem::path network;
  DataSource data;
  std::filesystem::path output;
  std::string json;  ///< as in TrainOptions
  Pruning method{Pruning::unstructured_l1};
  double ratio{};
  std::uint64_t seed{1};
};

struct RefineOptions {
  std::filesystem::path network;
  DataSource data;
  std::filesystem::path output;
  std::string json;               ///< file for the result; "-": standard output; empty: none
  std::filesystem::path teacher;  ///< a network to distil from; empty: none
  Refinement refinement;
  std::uint64_t seed{1};
};

struct EvaluateOptions {
  std::filesystem::path network;
  DataSource data;
  std::string split{"validation"};  ///< train, validation or test, of a folder
  std::string json;                 ///< as in TrainOptions
};

/// Trains by the plan (as many inputs and classes as the data have) and writes the s8 network.
/// After each epoch the state is kept in OUTPUT.checkpoint, from which the same options go on.
/// Throws InputError where `layers` begins or ends otherwise than the data.
void train(const TrainOptions& options);

/// Factorises one layer of a network, fine-tunes the integer network, and writes it. Goes on like
/// `train` after an interruption.
void factorise(const FactoriseOptions& options);

/// Prunes a dense network by one of the paper's methods, trains nothing, and writes it.
void prune(const PruneOptions& options);

/// Refines a network, all of its layers together, and writes it. Goes on like `train`.
void refine(const RefineOptions& options);

/// Tells the accuracy of a network, as the golden model computes it.
void evaluate(const EvaluateOptions& options);

}  // namespace cfc::compress
