#include "cli/output/progress_bar.h"

#include <gmock/gmock.h>

#include <sstream>

namespace loadline::cli {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

TEST(ProgressBar, DrawsNothingWhereThereIsNoTerminal) {
  std::ostringstream out;
  {
    ProgressBar bar("report.json", 10, false, out);
    bar.Update(5);
  }
  EXPECT_EQ(out.str(), "");
}

TEST(ProgressBar, ShowsTheShareAndWipesItselfOut) {
  std::ostringstream out;
  {
    ProgressBar bar("report.json", 2'000, true, out);
    bar.Update(1'000);
    EXPECT_THAT(out.str(), HasSubstr("[###############...............]  50 %  1,000 of 2,000 rows  report.json"));
  }
  EXPECT_THAT(out.str(), EndsWith("\r\x1b[K"));
}

TEST(ProgressBar, DrawsOnlyWhenThePercentageChanges) {
  std::ostringstream out;
  ProgressBar bar("report.json", 100'000, true, out);
  const auto before = out.str();
  bar.Update(1);
  EXPECT_EQ(out.str(), before);
}

TEST(ProgressBar, AnEmptyReportHasNoBar) {
  std::ostringstream out;
  ProgressBar bar("report.json", 0, true, out);
  bar.Update(0);
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace loadline::cli
