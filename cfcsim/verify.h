#pragma once

#include <filesystem>
#include <optional>

#include "cfcsim/run/run_options.h"

namespace cfc {

/// `cfcsim verify`: a stream of images through the SystemC model, every bit against golden.
struct VerifyOptions {
  RunOptions run;
  std::optional<std::filesystem::path> reference;
  std::optional<std::string> expected;
  std::optional<std::filesystem::path> source;  ///< model that the network was imported from
  int jobs{1};

  void add_to(CLI::App& command);
};

/// Returns the exit status (`exit_status` of its result). Throws InputError.
int verify(const VerifyOptions& options);

}  // namespace cfc
