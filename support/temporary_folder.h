#pragma once

#include <filesystem>
#include <string>

namespace cfc {

/// A new folder of this user alone, gone with the object.
class TemporaryFolder {
 public:
  /// In $TMPDIR, else /tmp. Throws InputError if it cannot be made there.
  TemporaryFolder();
  /// In `place`, a folder that is there; hidden. Throws InputError if it cannot be made.
  explicit TemporaryFolder(const std::filesystem::path& place);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace cfc
