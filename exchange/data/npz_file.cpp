#include "exchange/data/npz_file.h"

#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zip.h>

#include "exchange/data/npy_file.h"
#include "support/error.h"
#include "support/text.h"

namespace cfc::exchange {
namespace {

constexpr zip_uint64_t kMostBytes = zip_uint64_t{1} << 30;  // a small archive can claim as much
constexpr const char* kSuffix = ".npy";

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

[[noreturn]] void fail(const std::string& origin, const std::string& why) {
  throw InputError(fmt::format("{}: {}", origin, why));
}

/// Of the bytes, which must outlive it.
Archive open(const std::string& bytes, const std::string& origin) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  Archive archive(source != nullptr
                      ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error)
                      : nullptr);
  if (archive) return archive;
  zip_source_free(source);
  fail(origin, fmt::format("is a damaged .npz file, or none ({})", zip_error_strerror(&error)));
}

std::vector<std::string> keys_of(zip_t* archive) {
  std::vector<std::string> keys;
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
    const char* found = zip_get_name(archive, static_cast<zip_uint64_t>(i), 0);
    std::string name = found != nullptr ? found : "";
    const std::size_t dot = name.rfind(kSuffix);
    if (dot != std::string::npos && dot + 4 == name.size()) name.resize(dot);
    keys.push_back(printable(name));
  }
  return keys;
}

std::string read_entry(zip_t* archive, zip_uint64_t index, const std::string& origin) {
  zip_stat_t about;
  if (zip_stat_index(archive, index, 0, &about) != 0 || about.size > kMostBytes) {
    fail(origin, "holds more than 1 GiB, or is damaged");
  }
  const std::unique_ptr<zip_file_t, Discard> file(zip_fopen_index(archive, index, 0));
  std::string bytes(about.size, '\0');
  const bool is_whole = file && zip_fread(file.get(), bytes.data(), about.size) ==
                                    static_cast<zip_int64_t>(about.size);
  char more = 0;  // libzip checks the sum of an entry when its end is read
  if (!is_whole || zip_fread(file.get(), &more, 1) != 0) fail(origin, "is damaged");
  return bytes;
}

}  // namespace

NumberTable parse_npz(const std::string& bytes, const std::string& key, const std::string& origin) {
  const Archive archive = open(bytes, origin);
  const std::vector<std::string> keys = keys_of(archive.get());
  if (key.empty() && keys.size() != 1) {
    fail(origin, fmt::format("holds {} arrays; name one of them behind a colon: {}", keys.size(),
                             fmt::join(keys, ", ")));
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!key.empty() && keys[i] != key) continue;
    const std::string name = fmt::format("{}:{}", origin, keys[i]);
    return parse_npy(read_entry(archive.get(), i, name), name);
  }
  fail(origin, fmt::format("holds no array '{}'; it has {}", key, fmt::join(keys, ", ")));
}

}  // namespace cfc::exchange
