#include "support/whole_file.h"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "support/error.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

bool is_special(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored) && !fs::is_regular_file(file, ignored);
}

}  // namespace

WholeFile::WholeFile(fs::path file)
    : file_(std::move(file)),
      is_special_(is_special(file_)),
      written_(is_special_ ? file_
                           : fs::path(file_.string() + fmt::format(".{}.partial", getpid()))) {
  errno = 0;
  out_.open(written_, std::ios::binary);
  if (!out_) fail(errno);
}

WholeFile::~WholeFile() {
  std::error_code ignored;
  if (!finished_ && !is_special_) fs::remove(written_, ignored);
}

void WholeFile::write(const std::string& bytes) {
  errno = 0;
  out_ << bytes;
  if (!out_) fail(errno);
}

void WholeFile::finish() {
  errno = 0;
  out_.close();
  if (!out_) fail(errno);
  std::error_code failure;
  if (!is_special_) fs::rename(written_, file_, failure);
  if (failure) fail(failure.value());
  finished_ = true;
}

void WholeFile::fail(int error) const {
  throw InputError(fmt::format("{}: cannot be written{}; give a file in a folder that can",
                               file_.string(),
                               error == 0 ? "" : fmt::format(" ({})", std::strerror(error))));
}

std::string read_whole_file(const fs::path& file, const std::string& remedy, std::size_t most_mib) {
  constexpr std::size_t kMib = 1 << 20;
  std::ifstream in(file, std::ios::binary);
  std::string bytes;
  while (in && bytes.size() <= most_mib * kMib) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kMib);
    in.read(&bytes[before], kMib);
    bytes.resize(before + static_cast<std::size_t>(in.gcount()));
  }
  if (bytes.size() > most_mib * kMib) {
    throw InputError(fmt::format("{}: is larger than {} MiB; {}", file.string(), most_mib, remedy));
  }
  // A folder can be opened, but not read.
  if (!in.eof()) throw InputError(fmt::format("{}: cannot be opened; {}", file.string(), remedy));
  return bytes;
}

void check_writable(const fs::path& file) {
  std::error_code ignored;
  const bool is_pipe_or_device = is_special(file) && !fs::is_directory(file, ignored);
  if (is_pipe_or_device) return;  // its reader would see it opened, and closed
  const WholeFile attempt(file);
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw InputError(fmt::format("{}: cannot be made ({}); give another folder", folder.string(),
                                 error.message()));
}

void write_whole_file(const fs::path& file, const std::string& bytes) {
  WholeFile whole(file);
  whole.write(bytes);
  whole.finish();
}

}  // namespace cfc
