#include "services/benchmark-store/repository/json/index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/conformance/sample.h"

namespace loadline::store::json {
namespace {

double Uniform(std::mt19937& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

int Whole(std::mt19937& random, int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); }

/// Sets of so many curves that filters are broad in all combinations.
struct SetCase {
  const char* name;
  domain::TrafficShape (*shape)(std::mt19937&);
};

constexpr SetCase kSets[] = {
    {"few shapes",
     [](auto& r) {
       return domain::TrafficShape{std::pow(2.0, Whole(r, 6, 10)), std::pow(2.0, Whole(r, 6, 10))};
     }},
    {"grid",
     [](auto& r) {
       return domain::TrafficShape{1.0 * Whole(r, 1, 60), 1.0 * Whole(r, 1, 60)};
     }},
    {"all different",
     [](auto& r) {
       return domain::TrafficShape{std::pow(10, Uniform(r, 0, 6)), std::pow(10, Uniform(r, 0, 6))};
     }},
    {"line",
     [](auto& r) {
       return domain::TrafficShape{64, std::pow(10, Uniform(r, 0, 6))};
     }},
};

SampleOptions RandomRow(std::mt19937& random, const domain::TrafficShape& shape) {
  return {.model = "model-" + std::to_string(Whole(random, 0, 2)),
          .precision = Whole(random, 0, 9) < 7 ? "bf16" : "fp8",
          .hardware = Whole(random, 0, 9) < 8 ? "H100" : "L4",
          .hardware_count = 1 << Whole(random, 0, 1),
          .framework = Whole(random, 0, 5) == 0 ? "sglang" : "vllm",
          .framework_version = std::to_string(Whole(random, 0, 2)),
          .input_tokens = shape.input_tokens,
          .output_tokens = shape.output_tokens,
          .rate = Uniform(random, 1, 9)};
}

domain::BenchmarkFilter RandomFilter(std::mt19937& random) {
  domain::BenchmarkFilter filter;
  if (Whole(random, 0, 2) == 0) filter.model = "model-" + std::to_string(Whole(random, 0, 3));
  if (Whole(random, 0, 2) == 0) filter.precision = Whole(random, 0, 1) == 0 ? "bf16" : "fp8";
  if (Whole(random, 0, 2) == 0) filter.hardware = Whole(random, 0, 1) == 0 ? "H100" : "L4";
  if (Whole(random, 0, 2) == 0) filter.hardware_count = 1 << Whole(random, 0, 1);
  if (Whole(random, 0, 2) == 0) filter.framework = Whole(random, 0, 1) == 0 ? "vllm" : "sglang";
  if (Whole(random, 0, 2) == 0) filter.framework_version = std::to_string(Whole(random, 0, 3));
  return filter;
}

/// The curves by looking at each one, in their order.
std::optional<Index::Match> Oracle(const RowView& rows, const Index& index, const domain::BenchmarkFilter& filter,
                                   const domain::TrafficShape& asked) {
  std::optional<Index::Match> best;
  for (std::size_t rank = 0; rank < index.configuration_count(); ++rank) {
    if (!filter.Matches(index.ConfigurationAt(rows, rank))) continue;
    for (const auto& curve : index.CurvesOf(rank)) {
      const double distance = domain::Distance(asked, curve.shape);
      if (!best || distance < best->distance) best = {&curve, distance};
    }
  }
  return best;
}

RowTable RandomRows(std::mt19937& random, const SetCase& set, int count) {
  RowTable table;
  for (int row = 0; row < count; ++row) table.Append(Accepted(RandomRow(random, set.shape(random))), 1);
  return table;
}

class NearestCurve : public ::testing::TestWithParam<SetCase> {};

TEST_P(NearestCurve, IsTheOneThatLookingAtAllFindsForAnyFilter) {
  constexpr int kRows = 20'000;
  constexpr int kQueries = 150;
  constexpr unsigned kSeed = 7;
  std::mt19937 random(kSeed);
  const auto table = RandomRows(random, GetParam(), kRows);
  const auto rows = table.Share();
  const Index index(rows, Index());
  for (int query = 0; query < kQueries; ++query) {
    const auto filter = RandomFilter(random);
    auto asked = GetParam().shape(random);
    if (Whole(random, 0, 1) == 0) asked.input_tokens *= Uniform(random, 0.5, 2);
    const auto expected = Oracle(rows, index, filter, asked);
    const auto found = index.FindNearest(filter, asked);
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", query " + std::to_string(query) + " for " + asked.ToString());
    ASSERT_EQ(found.has_value(), expected.has_value());
    if (!found) continue;
    ASSERT_EQ(found->distance, expected->distance);
    ASSERT_EQ(found->curve, expected->curve) << found->curve->shape.ToString() << expected->curve->shape.ToString();
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, NearestCurve, ::testing::ValuesIn(kSets), [](const auto& each) {
  std::string name = each.param.name;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
});

TEST(Index, GrownInStepsEqualsOneMadeAtOnce) {
  constexpr unsigned kSeed = 11;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  std::mt19937 random(kSeed);
  RowTable table;
  Index grown;
  for (const int step : {1, 0, 5, 100, 1, 300}) {
    for (int row = 0; row < step; ++row) table.Append(Accepted(RandomRow(random, kSets[1].shape(random))), 1);
    grown = Index(table.Share(), grown);
  }
  const auto rows = table.Share();
  const Index whole(rows, Index());
  ASSERT_EQ(grown.configuration_count(), whole.configuration_count());
  for (std::size_t rank = 0; rank < whole.configuration_count(); ++rank) {
    EXPECT_EQ(grown.ConfigurationAt(rows, rank), whole.ConfigurationAt(rows, rank));
    const auto expected = whole.RowsOf(rank);
    const auto actual = grown.RowsOf(rank);
    EXPECT_TRUE(std::equal(actual.begin(), actual.end(), expected.begin(), expected.end()));
    EXPECT_EQ(grown.CurvesOf(rank).size(), whole.CurvesOf(rank).size());
  }
  for (std::size_t row = 0; row < rows.size(); ++row) EXPECT_EQ(grown.Find(rows, rows[row].id), row);
}

TEST(Index, OldViewsAreNotTouchedByNewRows) {
  RowTable table;
  table.Append(Accepted({.model = "m"}), 1);
  const auto before = table.Share();
  const Index index(before, Index());
  for (int row = 0; row < 3000; ++row) table.Append(Accepted({.model = "a", .variant = row}), 2);
  EXPECT_EQ(before.size(), 1U);
  EXPECT_EQ(index.FindNearest({}, {512, 256})->curve->configuration, 0U);
  EXPECT_EQ(before.Unpack(0).measurement.configuration.model, "m");
}

TEST(Index, RowsTakenBackMakeRoomForOthers) {
  RowTable table;
  table.Append(Accepted({.model = "kept"}), 1);
  for (int row = 0; row < 2000; ++row) table.Append(Accepted({.model = "gone", .variant = row}), 2);
  table.Truncate(1);
  table.Append(Accepted({.model = "next"}), 2);
  const auto rows = table.Share();
  const Index index(rows, Index());
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(index.configuration_count(), 2U);
  EXPECT_FALSE(index.FindNearest({.model = "gone"}, {1, 1}));
}

}  // namespace
}  // namespace loadline::store::json
