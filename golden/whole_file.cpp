#include "golden/whole_file.h"

#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "golden/error.h"

namespace cfc::golden {
namespace {

namespace fs = std::filesystem;

bool write(const fs::path& file, const std::string& bytes) {
  std::ofstream out(file, std::ios::binary);
  out << bytes;
  out.close();
  return static_cast<bool>(out);
}

}  // namespace

void write_whole_file(const fs::path& file, const std::string& bytes) {
  std::error_code failure;
  const bool is_special = fs::exists(file, failure) && !fs::is_regular_file(file, failure);
  const fs::path target =
      is_special ? file : fs::path(file.string() + fmt::format(".{}.partial", getpid()));
  bool written = write(target, bytes);
  if (written && !is_special) {
    fs::rename(target, file, failure);
    written = !failure;
  }
  if (written) return;
  if (!is_special) fs::remove(target, failure);
  throw InputError(
      fmt::format("{}: cannot be written; give a file in a folder that can", file.string()));
}

}  // namespace cfc::golden
