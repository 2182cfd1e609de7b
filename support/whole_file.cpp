#include "support/whole_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <random>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/error.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

bool is_special(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored) && !fs::is_regular_file(file, ignored);
}

/// /dev/stdout and its like lead to whatever is open there, which may be a regular file; to replace
/// that would write to another file than the one that is open.
bool is_open_file(const fs::path& file) {
  const std::string name = fs::absolute(file).lexically_normal().string();
  return name.rfind("/dev/", 0) == 0 || name.rfind("/proc/", 0) == 0;
}

/// What a chain of symbolic links ends at, whether or not it is there.
fs::path behind_links(fs::path file) {
  constexpr int kMostLinks = 40;  // as Linux follows
  std::error_code none;
  for (int i = 0; i < kMostLinks && fs::is_symlink(file, none); ++i) {
    file = file.parent_path() / fs::read_symlink(file, none);
  }
  return file;
}

/// A name for a file in the making that nobody can foresee, and short wherever it stands.
std::string name_in_the_making() {
  std::random_device random;
  return fmt::format(".cfcsim.{:08x}{:08x}.partial", random(), random());
}

}  // namespace

WholeFile::WholeFile(fs::path file) : file_(std::move(file)), target_(behind_links(file_)) {
  errno = 0;
  if (is_open_file(file_) || is_special(target_)) {
    out_ = std::fopen(file_.c_str(), "wb");
  } else {
    open_beside();
  }
  if (!out_) fail(errno);
}

void WholeFile::open_beside() {
  if (target_.filename().empty()) fail(EISDIR);
  partial_ = target_.parent_path() / name_in_the_making();
  const int descriptor = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) fail(errno);
  struct stat replaced {};
  if (::stat(target_.c_str(), &replaced) == 0) fchmod(descriptor, replaced.st_mode & 07777U);
  out_ = fdopen(descriptor, "wb");
}

WholeFile::~WholeFile() {
  if (!out_) return;
  std::fclose(out_);
  discard();
}

void WholeFile::discard() const {
  std::error_code ignored;
  if (!partial_.empty()) fs::remove(partial_, ignored);
}

void WholeFile::write(const std::string& bytes) {
  errno = 0;
  if (std::fwrite(bytes.data(), 1, bytes.size(), out_) != bytes.size()) fail(errno);
}

void WholeFile::finish() {
  errno = 0;
  std::error_code failure;
  if (std::fclose(std::exchange(out_, nullptr)) != 0) {
    failure.assign(errno, std::generic_category());
  } else if (!partial_.empty()) {
    fs::rename(partial_, target_, failure);
  }
  if (!failure) return;
  discard();
  fail(failure.value());
}

void WholeFile::fail(int error) const {
  const bool is_full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  throw InputError(fmt::format(
      "{}: cannot be written{}; {}", file_.string(),
      error == 0 ? "" : fmt::format(" ({})", std::strerror(error)),
      is_full ? "make room there, or give another place" : "give a file in a folder that can"));
}

std::string read_whole_file(const fs::path& file, const std::string& remedy, std::size_t most_mib) {
  constexpr std::size_t kMib = 1 << 20;
  std::ifstream in(file, std::ios::binary);
  std::string bytes;
  // Most files are small; a pipe does not say how long it is.
  for (std::size_t chunk = kMib / 64; in && bytes.size() <= most_mib * kMib;
       chunk = std::min(2 * chunk, kMib)) {
    const std::size_t before = bytes.size();
    bytes.resize(before + chunk);
    in.read(&bytes[before], static_cast<std::streamsize>(chunk));
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
  if (is_pipe_or_device || is_open_file(file))
    return;  // its reader would see it opened, and closed
  const WholeFile attempt(file);
}

bool is_same_file(const fs::path& a, const fs::path& b) {
  std::error_code none;
  if (fs::equivalent(a, b, none)) return true;  // by device and inode
  return fs::weakly_canonical(behind_links(a), none) == fs::weakly_canonical(behind_links(b), none);
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
