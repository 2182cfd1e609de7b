#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace cfc {

/// A file that appears whole or not at all, written piece by piece: beside its place first, and
/// moved there by `finish`; without that, nothing stays. What is no regular file (a device, a pipe)
/// is written where it is. Throws InputError where it cannot be written.
class WholeFile {
 public:
  explicit WholeFile(std::filesystem::path file);
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  void write(const std::string& bytes);
  void finish();

 private:
  [[noreturn]] void fail(int error) const;

  const std::filesystem::path file_;
  const bool is_special_;
  const std::filesystem::path written_;  ///< where the bytes go
  std::ofstream out_;
  bool finished_{false};
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

/// Makes a folder, and those it is in, where it is not there yet. Throws InputError if it cannot.
void make_folder(const std::filesystem::path& folder);

}  // namespace cfc
