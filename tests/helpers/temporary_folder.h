#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "support/error.h"
#include "support/temporary_folder.h"

namespace cfc::testing {

using cfc::TemporaryFolder;

void write_file(const std::filesystem::path& file, const std::string& bytes);
std::string read_file(const std::filesystem::path& file);

/// The message of the InputError that `action` throws; std::logic_error if it throws none.
template <typename Action>
std::string input_error(const Action& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  throw std::logic_error("no InputError was thrown");
}

}  // namespace cfc::testing
