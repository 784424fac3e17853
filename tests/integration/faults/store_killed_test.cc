#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <random>

#include "libs/testing/wait.h"
#include "tests/integration/faults/compared_plans.h"
#include "tests/integration/store_client.h"

namespace loadline::testing {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr int kKills = 20;
constexpr int kThreads = 2;
constexpr milliseconds kFreshAgain(1000);
constexpr milliseconds kNoticed(5000);

/// A planner whose store is killed, and beside it one that nothing happens to,
/// whose store has the same data.
class StoreKilledTest : public ::testing::Test {
 protected:
  StoreKilledTest() : store(std::make_unique<StoreProcess>(data)), reference_store(reference_data) {
    for (const auto* model : kModels) ImportIntoBoth(CurveOf(model));
    planner = std::make_unique<PlannerProcess>(store->address());
    reference = std::make_unique<PlannerProcess>(reference_store.address());
  }
  void SetUp() override {
    ASSERT_TRUE(planner->AwaitHealth(Health::kServing));
    ASSERT_TRUE(reference->AwaitHealth(Health::kServing));
    Learn();
  }

  void ImportIntoBoth(const std::vector<domain::Benchmark>& rows) {
    revision = store->Import(rows);
    ASSERT_EQ(reference_store.Import(rows), revision);
  }
  void Learn() {
    ASSERT_TRUE(WaitFor([&] { return reference->Plan(PlanRequest()).response.freshness().revision() == revision; }));
    plans.Learn(*reference);
  }

  void Kill() {
    store->process().Signal(SIGKILL);
    ASSERT_TRUE(store->process().Wait());
  }
  /// In the middle of an import, which may be stored or not; repeating it
  /// leaves the same revision either way.
  void KillDuringImport(const std::vector<domain::Benchmark>& rows) {
    const StoreClient client(store->address());
    OpenImport import(client, rows);
    import.Commit();
    Kill();
    static_cast<void>(import.Finish());
  }
  void Restart() {
    const int port = store->port();
    store.reset();
    store = std::make_unique<StoreProcess>(data, port);
  }

  CallLoad::Outcome Ask(grpc::ClientContext& context) {
    const bool was_away = away;
    auto outcome = plans.Ask(planner->stub(), context);
    if (was_away && away && outcome.status.ok() && !outcome.stale) ++falsely_fresh;
    return outcome;
  }

  static constexpr const char* kModels[] = {"acme/a", "acme/b", "acme/c"};
  StoreData data;
  StoreData reference_data;
  std::unique_ptr<StoreProcess> store;
  StoreProcess reference_store;
  std::unique_ptr<PlannerProcess> planner;
  std::unique_ptr<PlannerProcess> reference;
  ComparedPlans plans{{PlanRequest(), PlanRequest({"acme/a"}), PlanRequest({"acme/b", "acme/c"})}};
  std::int64_t revision = 0;
  std::atomic<bool> away = false;
  std::atomic<int> falsely_fresh = 0;
};

TEST_F(StoreKilledTest, PlansGoOnFromEvidenceNeverWrongAndAreFreshASecondAfterwards) {
  const auto seed = std::random_device{}();
  std::cout << "seed " << seed << '\n';
  std::mt19937 random(seed);
  const auto fresh = [&](const CallLoad::Outcome& outcome) { return outcome.status.ok() && !outcome.stale; };
  const auto stale = [&](const CallLoad::Outcome& outcome) { return outcome.status.ok() && outcome.stale; };
  const auto newest = [&](const CallLoad::Outcome& outcome) { return fresh(outcome) && outcome.revision == revision; };
  const CallLoad load(kThreads, std::chrono::seconds(5), [&](std::size_t, auto& context) { return Ask(context); });
  milliseconds slowest{0};
  for (int kill = 1; kill <= kKills; ++kill) {
    SCOPED_TRACE("kill " + std::to_string(kill));
    ASSERT_TRUE(load.AwaitAll(newest, std::chrono::seconds(10)));
    const auto rows = CurveOf(kModels[random() % std::size(kModels)], 1 + 0.01 * kill);
    random() % 2 == 0 ? Kill() : KillDuringImport(rows);
    ASSERT_TRUE(load.AwaitAll(stale, kNoticed));
    away = true;
    ASSERT_TRUE(load.AwaitCalls(static_cast<std::int64_t>(random() % 100)));
    away = false;
    Restart();
    const auto back = Clock::now();
    EXPECT_TRUE(load.AwaitAll(fresh, kFreshAgain)) << "not fresh a second after the store is back";
    slowest = std::max(slowest, std::chrono::ceil<milliseconds>(Clock::now() - back));
    ImportIntoBoth(rows);
    Learn();
  }
  ASSERT_TRUE(load.AwaitAll(newest, std::chrono::seconds(10)));
  EXPECT_THAT(load.failures(), ::testing::IsEmpty());
  EXPECT_EQ(falsely_fresh, 0);
  EXPECT_EQ(plans.Differences(), "");
  std::cout << kKills << " kills, " << plans.count() << " answers compared, fresh again after at most "
            << slowest.count() << " ms\n";
}

}  // namespace
}  // namespace loadline::testing
