#include "services/benchmark-store/app/canonical_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/matchers.h"
#include "tests/conformance/sample.h"
#include "tests/unit/services/benchmark-store/store_folder.h"

namespace loadline::store {
namespace {

using ::testing::SizeIs;

TEST(JudgeRow, NamesHardwareByTheCatalogue) {
  const StoreOnDisk store;
  const auto catalog = store.catalog.Read({})->catalog;
  EXPECT_EQ(JudgeRow(Sample({.hardware = "h100-sxm"}), {}, *catalog).measurement.configuration.hardware, "H100");
  EXPECT_EQ(JudgeRow(Sample({.hardware = "Unheard Of"}), {}, *catalog).measurement.configuration.hardware,
            "Unheard Of");
}

TEST(JudgeRow, AcceptsAGoodRow) {
  const auto verdict = JudgeRow(Sample({}), {}, Catalog());
  EXPECT_TRUE(verdict.accepted());
  EXPECT_EQ(verdict.measurement, Sample({}));
}

TEST(JudgeRow, RefusesARowThatCouldNotBeReadWhole) {
  const auto verdict = JudgeRow(Sample({}), {"ttft_mean: not a number: \"fast\"", "cut off"}, Catalog());
  ASSERT_THAT(verdict.reasons, SizeIs(2));
  EXPECT_EQ(verdict.reasons[0], (domain::QuarantineReason{"UNREADABLE_VALUE", "ttft_mean", "not a number: \"fast\""}));
  EXPECT_EQ(verdict.reasons[1], (domain::QuarantineReason{"UNREADABLE_VALUE", "", "cut off"}));
}

TEST(JudgeRow, SaysNothingOfMissingFieldsWhereARowCouldNotBeRead) {
  const auto verdict = JudgeRow({}, {"not a JSON object"}, Catalog());
  ASSERT_THAT(verdict.reasons, SizeIs(1));
  EXPECT_EQ(verdict.reasons[0].reason, "UNREADABLE_VALUE");
}

TEST(JudgeRow, GivesEveryReason) {
  const auto verdict = JudgeRow(BadSample({}), {"model: strange"}, Catalog());
  EXPECT_EQ(verdict.reasons.size(), domain::Judge(BadSample({})).reasons.size() + 1);
}

TEST(WithCanonicalHardware, TranslatesAnAliasOnly) {
  const StoreOnDisk store;
  const domain::BenchmarkFilter filter = {.model = "m", .hardware = "H100-sxm", .hardware_count = 2};
  const auto canonical = WithCanonicalHardware(filter, store.catalog, {}).value();
  EXPECT_EQ(canonical, (domain::BenchmarkFilter{.model = "m", .hardware = "H100", .hardware_count = 2}));
}

}  // namespace
}  // namespace loadline::store
