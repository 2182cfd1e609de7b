#include "support/temporary_folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "support/error.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

/// Not fs::temp_directory_path, which says only that there is none.
fs::path place_of_temporaries() {
  const char* named = std::getenv("TMPDIR");
  return named && *named != '\0' ? named : "/tmp";
}

fs::path made(const std::string& pattern, const std::string& remedy) {
  std::string name = pattern;
  if (!mkdtemp(name.data())) {
    throw InputError(fmt::format("{}: no folder can be made there ({}); {}",
                                 fs::path(pattern).parent_path().string(), std::strerror(errno),
                                 remedy));
  }
  return name;
}

}  // namespace

TemporaryFolder::TemporaryFolder()
    : path_(made(place_of_temporaries() / "cfcsim.XXXXXX", "set TMPDIR to one where it can")) {}

TemporaryFolder::TemporaryFolder(const fs::path& place)
    : path_(made(place / ".cfcsim.XXXXXX", "give another folder")) {}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace cfc
