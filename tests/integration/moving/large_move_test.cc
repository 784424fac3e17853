#include <gmock/gmock.h>
#include <sys/resource.h>

#include "tests/integration/moving/mover.h"

namespace loadline::testing {
namespace {

constexpr int kRows = 100'000;
// Both ways, the comparison included, whatever came before in this program.
constexpr std::int64_t kMaxResidentKib = 160 * 1024;

std::int64_t LargestChildKib() {
  rusage usage = {};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  return usage.ru_maxrss;
}

TEST(LargeMoveTest, TakesLittleMemory) {
  const Mover mover;
  mover.MakeSummaries(kRows);
  const auto adopted = mover.Migrate(mover.database.url());
  ASSERT_EQ(adopted.status, 0) << adopted.error;
  EXPECT_EQ(adopted.Json()["accepted_count"], kRows);
  const TestDatabase other(SharedPostgres());
  const auto moved =
      mover.Loadline({"migrate-data", "--from", mover.database.url(), "--to", other.url(), "--output", "json"});
  ASSERT_EQ(moved.status, 0) << moved.error;
  EXPECT_EQ(moved.Json()["accepted_count"], kRows);
  const auto exported = mover.Loadline({"export", "--from", other.url(), "--to", "json:out"});
  ASSERT_EQ(exported.status, 0) << exported.error;
  EXPECT_LE(LargestChildKib(), kMaxResidentKib);
  RecordProperty("largest_kib", std::to_string(LargestChildKib()));
}

}  // namespace
}  // namespace loadline::testing
