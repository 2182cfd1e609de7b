#pragma once

#include <cstdio>
#include <filesystem>
#include <string>

namespace cfc {

/// A file that appears whole or not at all, written piece by piece: beside its place first, and
/// moved there by `finish`; without that, nothing stays. A file that is replaced keeps its mode,
/// and of a symbolic link the target is written. What is no regular file (a device, a pipe, or what
/// a process has open, as /dev/stdout) is written where it is. Throws InputError where it cannot be
/// written.
class WholeFile {
 public:
  explicit WholeFile(std::filesystem::path file);
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  void write(const std::string& bytes);
  void finish();

 private:
  void open_beside();
  void discard() const;
  [[noreturn]] void fail(int error) const;

  const std::filesystem::path file_;    ///< as the user named it
  const std::filesystem::path target_;  ///< behind all links
  std::filesystem::path partial_;       ///< where the bytes go before `finish`; empty: in place
  std::FILE* out_{};
};

/// The bytes of a file or a pipe. Throws InputError, which ends with `remedy` ("give a grid"),
/// where it cannot be read or has more than `most_mib` MiB.
std::string read_whole_file(const std::filesystem::path& file, const std::string& remedy,
                            std::size_t most_mib = 1024);

/// Writes a file whose bytes are all there. Throws InputError where it cannot be written.
void write_whole_file(const std::filesystem::path& file, const std::string& bytes);

/// Throws InputError where the file could not be written: to be asked before long work that ends
/// with it. What is there stays as it is.
void check_writable(const std::filesystem::path& file);

/// Whether two names lead to one file, be it through links or not there yet.
bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b);

/// Makes a folder, and those it is in, where it is not there yet. Throws InputError if it cannot.
void make_folder(const std::filesystem::path& folder);

}  // namespace cfc
