#include <gmock/gmock.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "libs/testing/wait.h"
#include "tests/integration/faults/call_load.h"
#include "tests/integration/store_client.h"
#include "tests/integration/store_on.h"

namespace loadline::testing {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kHour = 3600;
constexpr milliseconds kDeadline(2000);
constexpr milliseconds kTolerance(100);
// Longer than the silence after which a watch is taken for broken.
constexpr milliseconds kAfterEach(4000);

/// A wall clock that programs share which are started with `environment()`.
class SettableClock {
 public:
  SettableClock() { Set(0); }

  Environment environment() const {
    return {{"LD_PRELOAD", LOADLINE_SHIFTED_CLOCK}, {"SHIFTED_CLOCK_FILE", path().string()}};
  }
  /// So many seconds ahead of the kernel's.
  void Set(std::int64_t ahead) const {
    std::fstream file(path(), file_is_there() ? std::ios::in | std::ios::out | std::ios::binary : std::ios::out);
    file.write(reinterpret_cast<const char*>(&ahead), sizeof(ahead));
  }

 private:
  std::filesystem::path path() const { return folder_ / "ahead"; }
  bool file_is_there() const { return std::filesystem::exists(path()); }

  TempDir folder_;
};

Environment Joined(Environment first, const Environment& second) {
  first.insert(second.begin(), second.end());
  return first;
}

class ClockSetTest : public ::testing::TestWithParam<const char*> {
 protected:
  ClockSetTest() : backend(GetParam()), store(Joined(backend.environment(), clock.environment())) {
    store.Import(CurveOf("acme/a"));
    planner = std::make_unique<PlannerProcess>(store.address(), clock.environment());
  }
  void SetUp() override { ASSERT_TRUE(planner->AwaitHealth(Health::kServing)); }

  CallLoad::Outcome Plan(grpc::ClientContext& context) const {
    planner::v1::PlanCapacityResponse answer;
    const auto status = planner->stub().PlanCapacity(&context, PlanRequest({"acme/a"}), &answer);
    if (status.ok() && answer.freshness().stale()) ++stale;
    return {.status = status, .revision = answer.freshness().revision()};
  }

  /// Of the programs' log, as they see it.
  std::string TimeOfLastLine() const {
    const auto lines = planner->process().Events("model_loaded");
    return lines.empty() ? "" : lines.back()["time"].get<std::string>();
  }

  SettableClock clock;
  StoreOn backend;
  StoreProcess store;
  std::unique_ptr<PlannerProcess> planner;
  mutable std::atomic<int> stale = 0;
};

TEST_P(ClockSetTest, AnHourForwardsOrBackLosesNoWatchAndNoCallAndMakesNothingStale) {
  const CallLoad load(1, kDeadline, [&](std::size_t, auto& context) { return Plan(context); });
  ASSERT_TRUE(load.AwaitAllGood(std::chrono::seconds(10)));
  stale = 0;
  int number = 0;
  for (const std::int64_t ahead : {kHour, std::int64_t{0}, -kHour, std::int64_t{0}}) {
    SCOPED_TRACE(std::to_string(ahead) + " s ahead");
    clock.Set(ahead);
    const auto set = Clock::now();
    const auto model = "acme/new" + std::to_string(++number);
    const auto revision = store.Import(CurveOf(model, 1 + 0.1 * number));
    EXPECT_TRUE(load.AwaitAll([&](const auto& outcome) { return outcome.revision == revision; }, milliseconds(1000)))
        << "the watch is lost";
    EXPECT_TRUE(planner->Plan(PlanRequest({model}), kDeadline).status.ok());
    ASSERT_TRUE(WaitFor([&] { return Clock::now() >= set + kAfterEach; }, 2 * kAfterEach));
  }
  EXPECT_EQ(stale, 0);
  EXPECT_THAT(load.failures(), ::testing::IsEmpty());
  EXPECT_LE(load.WorstOverrun(), kTolerance);
  EXPECT_THAT(planner->process().Events("store_lost"), ::testing::IsEmpty());
}

TEST_P(ClockSetTest, DuringACallMovesItsDeadlineNeitherWay) {
  for (const std::int64_t ahead : {kHour, -kHour}) {
    SCOPED_TRACE(std::to_string(ahead) + " s ahead");
    clock.Set(0);
    const auto model = ahead > 0 ? "acme/before" : "acme/after";
    const auto revision = store.Import(CurveOf(model));
    ASSERT_TRUE(
        WaitFor([&] { return planner->Plan(PlanRequest({"acme/a"})).response.freshness().revision() == revision; }));
    store.Freeze();
    PlannerProcess::Answer answer;
    std::thread caller([&] { answer = planner->Plan(PlanRequest({model}), std::chrono::seconds(20)); });
    // Calls of one connection arrive in order.
    EXPECT_EQ(planner->health(), Health::kServing);
    clock.Set(ahead);
    EXPECT_TRUE(planner->Plan(PlanRequest({"acme/a"}), kDeadline).status.ok());
    store.Thaw();
    caller.join();
    EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
  }
}

TEST_P(ClockSetTest, IsWhatTheLogSays) {
  ASSERT_TRUE(planner->Plan(PlanRequest({"acme/a"})).status.ok());
  const auto before = TimeOfLastLine();
  clock.Set(365 * 24 * kHour);
  const auto revision = store.Import(CurveOf("acme/b"));
  ASSERT_TRUE(WaitFor([&] { return planner->Plan(PlanRequest()).response.freshness().revision() == revision; }));
  EXPECT_NE(TimeOfLastLine().substr(0, 4), before.substr(0, 4)) << "or these tests test nothing";
}

INSTANTIATE_TEST_SUITE_P(Backends, ClockSetTest, ::testing::Values("json", "postgresql"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace loadline::testing
