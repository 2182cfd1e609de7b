#include "exchange/data/number_file.h"

#include <fmt/format.h>

#include "exchange/data/csv_file.h"
#include "exchange/data/npy_file.h"
#include "exchange/data/npz_file.h"
#include "support/error.h"
#include "support/keyed_file.h"
#include "support/whole_file.h"

namespace cfc::exchange {
NumberTable read_numbers(const std::string& name) {
  const auto [file, key] = parse_keyed_file(name);
  const std::string suffix = file.extension().string();
  if (suffix != ".npy" && suffix != ".npz" && suffix != ".csv") {
    throw InputError(fmt::format("{}: give a file of numbers: X.npy, X.npz:KEY or X.csv", name));
  }
  const std::string bytes = read_whole_file(file, "give a .npy, .npz or .csv file");
  if (suffix == ".npz") return parse_npz(bytes, key, file.string());
  return suffix == ".npy" ? parse_npy(bytes, file.string()) : parse_csv(bytes, file.string());
}

}  // namespace cfc::exchange
