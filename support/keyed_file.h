#pragma once

#include <filesystem>
#include <string>

namespace cfc {

/// A file, and what of it is meant: `X.npz:KEY` is the array KEY of an archive, any other name a
/// file as a whole.
struct KeyedFile {
  std::filesystem::path file;
  std::string key;  ///< empty: none is named
};

inline KeyedFile parse_keyed_file(const std::string& name) {
  constexpr const char* kMark = ".npz:";
  constexpr std::size_t kSuffix = 4;  // of the mark, what belongs to the file
  const std::size_t mark = name.rfind(kMark);
  if (mark == std::string::npos) return {name, ""};
  return {name.substr(0, mark + kSuffix), name.substr(mark + kSuffix + 1)};
}

}  // namespace cfc
