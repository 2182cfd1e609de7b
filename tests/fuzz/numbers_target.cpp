// Files of numbers. The first byte chooses .npy, .npz or .csv. What is accepted has as many numbers
// as its shape says, and is vectors of that width.

#include "exchange/data/csv_file.h"
#include "exchange/data/npy_file.h"
#include "exchange/data/npz_file.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace cfc;
  if (size == 0) return 0;
  const std::string file(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  exchange::NumberTable table;
  const auto read = [&] {
    if (bytes[0] % 3 == 0) table = exchange::parse_npy(file, "x.npy");
    if (bytes[0] % 3 == 1) table = exchange::parse_npz(file, "", "x.npz");
    if (bytes[0] % 3 == 2) table = exchange::parse_csv(file, "x.csv");
  };
  if (!fuzz::is_accepted(read)) return 0;
  Eigen::Index count = 1;
  for (const Eigen::Index extent : table.shape) count *= extent;
  fuzz::require(count == static_cast<Eigen::Index>(table.values.size()),
                "there are as many numbers as the shape says");
  const Eigen::Index rows = table.shape.size() < 2 ? 1 : table.shape.front();
  fuzz::require(table.vectors(count / rows).rows() == rows, "they are vectors of that width");
  return 0;
}
