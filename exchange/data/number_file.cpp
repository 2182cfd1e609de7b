#include "exchange/data/number_file.h"

#include <fmt/format.h>

#include "exchange/data/csv_file.h"
#include "exchange/data/npy_file.h"
#include "exchange/data/npz_file.h"
#include "support/error.h"
#include "support/whole_file.h"

namespace cfc::exchange {
namespace {

constexpr const char* kKeyMark = ".npz:";

std::size_t key_mark(const std::string& name) { return name.rfind(kKeyMark); }

std::string key_of(const std::string& name) {
  const std::size_t mark = key_mark(name);
  return mark == std::string::npos ? "" : name.substr(mark + 5);
}

}  // namespace

std::filesystem::path file_of_numbers(const std::string& name) {
  const std::size_t mark = key_mark(name);
  return mark == std::string::npos ? name : name.substr(0, mark + 4);
}

NumberTable read_numbers(const std::string& name) {
  const std::filesystem::path file = file_of_numbers(name);
  const std::string suffix = file.extension().string();
  if (suffix != ".npy" && suffix != ".npz" && suffix != ".csv") {
    throw InputError(fmt::format("{}: give a file of numbers: X.npy, X.npz:KEY or X.csv", name));
  }
  const std::string bytes = read_whole_file(file, "give a .npy, .npz or .csv file");
  if (suffix == ".npz") return parse_npz(bytes, key_of(name), file.string());
  return suffix == ".npy" ? parse_npy(bytes, file.string()) : parse_csv(bytes, file.string());
}

}  // namespace cfc::exchange
