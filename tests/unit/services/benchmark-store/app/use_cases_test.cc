#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/matchers.h"
#include "services/benchmark-store/app/find_closest.h"
#include "services/benchmark-store/app/list_benchmarks.h"
#include "services/benchmark-store/app/list_configurations.h"
#include "services/benchmark-store/app/list_models.h"
#include "services/benchmark-store/app/upsert_hardware.h"
#include "services/benchmark-store/app/watch_changes.h"
#include "tests/conformance/sample.h"
#include "tests/unit/services/benchmark-store/store_folder.h"

namespace loadline::store {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class UseCases : public ::testing::Test {
 protected:
  ImportOutcome Import(const std::vector<SampleOptions>& rows) const {
    json::StagedImport staged;
    for (const auto& row : rows) staged.accepted.Append(Accepted(row), 0);
    return store_.store->Import(staged, {}).value();
  }
  const Repositories& repositories() const { return store_.repositories; }

  StoreOnDisk store_;
};

TEST_F(UseCases, FiltersTakeAliasesOfHardware) {
  Import({{.hardware = "H100"}, {.hardware = "L4"}});
  const domain::BenchmarkFilter filter = {.hardware = "NVIDIA-H100-SXM"};
  EXPECT_THAT(ListBenchmarks(repositories(), filter, {}, {})->items, SizeIs(1));
  EXPECT_THAT(ListConfigurations(repositories(), filter, {}, {})->items, SizeIs(1));
  const auto closest = FindClosest(repositories(), filter, {512, 256}, std::nullopt, {});
  ASSERT_THAT(closest, IsOk());
  EXPECT_EQ(closest->benchmark.measurement.configuration.hardware, "H100");
}

TEST_F(UseCases, ModelsAreThoseOfTheCatalogueAndThoseMeasured) {
  Import({{.model = "org/tiny-7b"}, {.model = "org/tiny-7b", .rate = 2}, {.model = "known/model"}, {.model = "org/x"}});
  const auto list = ListModels(repositories(), {}, {}).value();
  EXPECT_EQ(list.revision, 2);
  EXPECT_THAT(list.models,
              ElementsAre(
                  domain::Model{
                      .name = "known/model", .parameters_billion = 12, .configuration_count = 1, .benchmark_count = 1},
                  domain::Model{.name = "org/tiny-7b",
                                .parameters_billion = 7,
                                .parameters_from_name = true,
                                .configuration_count = 1,
                                .benchmark_count = 2},
                  domain::Model{.name = "org/x", .configuration_count = 1, .benchmark_count = 1}));
}

TEST_F(UseCases, UpsertHardwareTakesAnAlias) {
  const auto upserted =
      UpsertHardware(repositories(), {.name = "h100-sxm", .memory_gib = 94, .prices = {}, .aliases = {}}, {});
  ASSERT_THAT(upserted, IsOk());
  EXPECT_EQ(upserted->hardware.name, "H100");
  EXPECT_EQ(upserted->hardware.memory_gib, 94);
  EXPECT_THAT(store_.catalog.Read({})->catalog->hardware, SizeIs(2));
}

TEST_F(UseCases, UpsertHardwareNamesEveryFieldThatIsWrong) {
  const domain::Hardware wrong = {.name = "", .memory_gib = -1, .prices = {{"aws", "spot", 0}}, .aliases = {}};
  const auto refused = UpsertHardware(repositories(), wrong, {});
  EXPECT_THAT(refused, HasViolation("hardware.name"));
  EXPECT_THAT(refused, HasViolation("hardware.memory_gib"));
  EXPECT_THAT(refused, HasViolation("hardware.prices[0].usd_per_gpu_hour"));
}

TEST_F(UseCases, AWatchSendsTheStateAtOnceThenEachChangeThenSignsOfLife) {
  Import({{.model = "a"}});
  std::vector<Changes> sent;
  const auto send = [&](const Changes& changes) {
    sent.push_back(changes);
    if (sent.size() == 1) Import({{.model = "b"}});
    return sent.size() < 4;
  };
  ASSERT_THAT(WatchChanges(store_.benchmarks, {}, std::chrono::milliseconds(1), {}, send), IsOk());
  ASSERT_THAT(sent, SizeIs(4));
  EXPECT_THAT(sent[0].models, ElementsAre("a"));
  EXPECT_TRUE(sent[0].catalog);
  EXPECT_THAT(sent[1].models, ElementsAre("b"));
  EXPECT_EQ(sent[1].revision, sent[0].revision + 1);
  for (const auto& sign : {sent[2], sent[3]}) {
    EXPECT_EQ(sign.revision, sent[1].revision);
    EXPECT_EQ(sign.snapshot_id, sent[1].snapshot_id);
    EXPECT_THAT(sign.models, IsEmpty());
    EXPECT_FALSE(sign.catalog);
    EXPECT_FALSE(sign.reset);
  }
}

TEST_F(UseCases, AWatchThatIsResetGoesOnFromThere) {
  Import({{.model = "a"}});
  std::vector<Changes> sent;
  const auto send = [&](const Changes& changes) {
    sent.push_back(changes);
    return sent.size() < 2;
  };
  const WatchPosition other = {.revision = 99, .snapshot_id = "of another store"};
  ASSERT_THAT(WatchChanges(store_.benchmarks, other, std::chrono::milliseconds(1), {}, send), IsOk());
  EXPECT_TRUE(sent[0].reset);
  EXPECT_FALSE(sent[1].reset);
}

TEST_F(UseCases, AWatchEndsWhenItsCallerHasGone) {
  int messages = 0;
  const CallScope scope = {.cancelled = [&] { return messages == 2; }};
  ASSERT_THAT(WatchChanges(store_.benchmarks, {}, std::chrono::milliseconds(1), scope,
                           [&](const Changes&) { return ++messages > 0; }),
              IsOk());
  EXPECT_EQ(messages, 2);
}

}  // namespace
}  // namespace loadline::store
