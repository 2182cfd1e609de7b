// Results that `cfcsim report` reads: one of the right shape keeps it when it is written and read.

#include <nlohmann/json.hpp>

#include "support/json_shape.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace cfc;
  // Everything that a shape can ask for, as the shapes of cfcsim/report/report_shapes.cpp do.
  static const nlohmann::json shape = {
      {"schema", "text"},
      {"images?", "number"},
      {"points",
       {{{"digest", "text"}, {"configuration", {{"*", "number"}}}, {"cycles?", "number"}}}},
      {"schedules", {{"*", {{"layers", {{{"name", "text"}, {"operations", "number"}}}}}}}}};
  const fuzz::FuzzedFile file(bytes, size);
  nlohmann::json result;
  if (!fuzz::is_accepted([&] { result = read_json(file.path(), "give a result"); })) return 0;
  const fuzz::FuzzedFile written(result.dump());
  const nlohmann::json again = read_json(written.path(), "give a result");
  fuzz::require(again == result, "a result is read as it was written");
  const bool fits = fuzz::is_accepted([&] { check_shape(result, shape, "a result"); });
  fuzz::require(fits == fuzz::is_accepted([&] { check_shape(again, shape, "a result"); }),
                "writing does not change the shape");
  return 0;
}
