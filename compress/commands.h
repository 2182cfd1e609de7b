#pragma once

#include <cstdint>
#include <filesystem>

#include "compress/factorise.h"
#include "golden/dataset.h"

namespace cfc::compress {

struct TrainOptions {
  std::filesystem::path data;
  std::filesystem::path output;
  int epochs{20};
  int qat_epochs{10};
  std::uint64_t seed{1};
};

struct FactoriseOptions {
  std::filesystem::path network;
  std::filesystem::path data;
  std::filesystem::path output;
  Factorisation factorisation;
  int epochs{10};
  std::uint64_t seed{1};
};

struct EvaluateOptions {
  std::filesystem::path network;
  std::filesystem::path data;
  golden::Split split{golden::Split::validation};
};

/// Trains 784-50-100-10 (as many inputs as the images have pixels) in float, then
/// quantisation-aware, and writes the s8 network.
void train(const TrainOptions& options);

/// Factorises one layer of a network, fine-tunes the integer network, and writes it.
void factorise(const FactoriseOptions& options);

/// Prints the accuracy of a network, as the golden model computes it.
void evaluate(const EvaluateOptions& options);

}  // namespace cfc::compress
