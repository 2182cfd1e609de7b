#pragma once

#include <array>
#include <vector>

#include "compress/search/grid.h"

namespace cfc::compress {

/// Table 1 of the paper: accuracies of the normal model, PTQ, QAT and QAT with distillation from a
/// teacher in float and in integers.
inline constexpr std::array<double, 5> kPaperTable1 = {0.9380, 0.9384, 0.9395, 0.9393, 0.9367};

/// Pruning ratios of Table 2.
inline constexpr std::array<double, 7> kPaperTable2Ratios = {0.05, 0.15, 0.25, 0.35,
                                                             0.45, 0.55, 0.65};

/// A line of Table 2: accuracy with LRA-learn divided by accuracy with LRA, at each ratio.
struct PaperTable2Row {
  int location;
  double probability;
  int layer;
  std::array<double, 7> quotients;
};
const std::vector<PaperTable2Row>& paper_table_2();

/// A line of Table 3.
struct PaperTable3Row {
  Unit unit;
  double compression;
  double accuracy;
  golden::Index weights_removed;
};
const std::vector<PaperTable3Row>& paper_table_3();

}  // namespace cfc::compress
