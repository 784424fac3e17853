#include <gmock/gmock.h>

#include "tests/conformance/suite.h"

namespace loadline::store {
namespace {

using loadline::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::SizeIs;

domain::Hardware Gpu(const std::string& name, std::vector<domain::HardwarePrice> prices) {
  return {.name = name, .prices = std::move(prices), .aliases = {}};
}

TEST_P(RepositorySuite, TheCatalogIsReadAsOfTheStoresRevision) {
  const auto revision = Import({{}}).revision;
  const auto snapshot = catalog().Read({}).value();
  EXPECT_EQ(snapshot.revision, revision);
  ASSERT_THAT(snapshot.catalog->hardware, SizeIs(1));
  EXPECT_EQ(snapshot.catalog->hardware[0].name, "H100");
  EXPECT_EQ(snapshot.catalog->hardware[0].memory_gib, 80);
}

TEST_P(RepositorySuite, NewHardwareIsAddedInOrderUnderANewRevision) {
  const auto before = CurrentRevision();
  const auto added = catalog().UpsertHardware(Gpu("A100", {{"aws", "spot", 1.5}}), {});
  ASSERT_THAT(added, IsOk());
  EXPECT_EQ(added->revision, before + 1);
  EXPECT_EQ(CurrentRevision(), before + 1);
  EXPECT_EQ(added->hardware, Gpu("A100", {{"aws", "spot", 1.5}}));
  const auto hardware = catalog().Read({})->catalog->hardware;
  ASSERT_THAT(hardware, SizeIs(2));
  EXPECT_EQ(hardware[0].name, "A100");
}

TEST_P(RepositorySuite, APriceReplacesThatOfItsProviderAndOptionAndOthersStay) {
  const auto changed =
      catalog().UpsertHardware(Gpu("H100", {{"aws", "on_demand", 3}, {"gcp", "on_demand", 4}}), {}).value();
  EXPECT_EQ(changed.hardware.memory_gib, 80);
  EXPECT_THAT(changed.hardware.prices,
              ElementsAre(domain::HardwarePrice{"aws", "on_demand", 3}, domain::HardwarePrice{"gcp", "on_demand", 4}));
  const auto again = catalog().UpsertHardware(Gpu("H100", {{"aws", "on_demand", 5}}), {}).value();
  EXPECT_THAT(again.hardware.prices,
              ElementsAre(domain::HardwarePrice{"aws", "on_demand", 5}, domain::HardwarePrice{"gcp", "on_demand", 4}));
}

TEST_P(RepositorySuite, WhereNothingDiffersTheRevisionStays) {
  const auto before = CurrentRevision();
  const auto same = catalog().UpsertHardware(Gpu("H100", {{"aws", "on_demand", 2}}), {}).value();
  EXPECT_EQ(same.revision, before);
  EXPECT_EQ(same.hardware.memory_gib, 80);
  EXPECT_EQ(CurrentRevision(), before);
}

TEST_P(RepositorySuite, HardwareSurvivesARestartWithItsRevision) {
  const auto changed = catalog().UpsertHardware(Gpu("H100", {{"aws", "on_demand", 9}}), {}).value();
  Restart();
  const auto snapshot = catalog().Read({}).value();
  EXPECT_EQ(snapshot.revision, changed.revision);
  EXPECT_EQ(snapshot.catalog->hardware.at(0), changed.hardware);
}

TEST_P(RepositorySuite, ImportsAndHardwareShareOneRevision) {
  const auto first = Import({{}}).revision;
  const auto second = catalog().UpsertHardware(Gpu("L4", {}), {})->revision;
  const auto third = Import({{.rate = 2}}).revision;
  EXPECT_EQ(second, first + 1);
  EXPECT_EQ(third, first + 2);
}

TEST_P(RepositorySuite, ASnapshotThatWasReadIsNeverChanged) {
  const auto snapshot = catalog().Read({}).value();
  ASSERT_THAT(catalog().UpsertHardware(Gpu("L4", {}), {}), IsOk());
  EXPECT_THAT(snapshot.catalog->hardware, SizeIs(1));
}

}  // namespace
}  // namespace loadline::store
