// What a run says to whoever called it. Links SystemC, so it is no Catch2 test (docs/adr/0005).

#include "cfcsim/run/results.h"

#include <gtest/gtest.h>

namespace cfc {
namespace {

StreamResult flawless() {
  StreamResult result;
  result.timing_model_agrees = true;
  return result;
}

TEST(ExitStatus, IsZeroWhereEverythingAgrees) { EXPECT_EQ(exit_status(flawless()), 0); }

TEST(ExitStatus, IsOneWhereOnlyTheTimingModelDisagrees) {
  StreamResult result = flawless();
  result.timing_model_agrees = false;
  EXPECT_EQ(exit_status(result), 1);
}

TEST(ExitStatus, AMismatchOutweighsAnInterrupt) {
  StreamResult result = flawless();
  result.interrupted = true;
  EXPECT_EQ(exit_status(result), 130);
  result.verdict.mismatches.z = 1;
  EXPECT_EQ(exit_status(result), 1);
}

}  // namespace
}  // namespace cfc
