#include <gmock/gmock.h>

#include <chrono>
#include <cmath>
#include <random>
#include <tuple>

#include "tests/conformance/suite.h"

namespace loadline::store {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::IsOk;
using ::testing::HasSubstr;

/// The contract in its plainest words: all matches, in the order of the rules.
const domain::Benchmark* Oracle(const std::vector<domain::Benchmark>& rows, const domain::BenchmarkFilter& filter,
                                const domain::TrafficShape& asked, std::optional<double> rate) {
  const auto rank = [&](const domain::Benchmark& row) {
    const double achieved = *row.measurement.load.achieved_rps;
    const double off = rate ? std::abs(achieved - *rate) : 0;
    return std::tuple(domain::Distance(asked, row.shape), row.measurement.configuration, row.shape, off, achieved,
                      row.id);
  };
  const domain::Benchmark* best = nullptr;
  for (const auto& row : rows) {
    if (!filter.Matches(row.measurement.configuration)) continue;
    if (best == nullptr || rank(row) < rank(*best)) best = &row;
  }
  return best;
}

TEST_P(RepositorySuite, FindClosestReturnsTheNearestByDistance) {
  Import({{.input_tokens = 100}, {.input_tokens = 400}, {.input_tokens = 2000}});
  const auto revision = CurrentRevision();
  const auto found = benchmarks().FindClosest({}, {500, 256}, std::nullopt, {});
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->benchmark.shape, (domain::TrafficShape{400, 256}));
  EXPECT_DOUBLE_EQ(found->distance, 0.2);
  EXPECT_EQ(found->revision, revision);
}

// A machine whose clock was reset still measures.
TEST_P(RepositorySuite, FindClosestFindsWhatWasMeasuredInAnyYear) {
  for (const int year : {2000, 2010, 2064, 2065, 2199}) {
    auto verdict = Accepted({.input_tokens = 10.0 * year});
    const auto day = std::chrono::sys_days(std::chrono::year(year) / std::chrono::May / 1);
    verdict.measurement.measured_at = std::chrono::time_point_cast<std::chrono::milliseconds>(day);
    const auto session = Begin();
    ASSERT_THAT(session->Accept(verdict), IsOk());
    ASSERT_THAT(session->Commit(), IsOk());
    const auto found = benchmarks().FindClosest({}, verdict.shape, std::nullopt, {});
    ASSERT_THAT(found, IsOk()) << year;
    EXPECT_EQ(found->distance, 0) << year;
  }
}

TEST_P(RepositorySuite, FindClosestReturnsTheNearestHoweverFar) {
  Import({{.input_tokens = 1, .output_tokens = 1}});
  const auto found = benchmarks().FindClosest({}, {1e7, 1e-3}, std::nullopt, {});
  ASSERT_THAT(found, IsOk());
  EXPECT_GT(found->distance, 900);
}

TEST_P(RepositorySuite, TiesGoToTheSmallestConfiguration) {
  Import({{.model = "b"}, {.model = "a", .hardware = "L4"}, {.model = "a", .hardware = "H100"}});
  const auto found = benchmarks().FindClosest({}, {512, 256}, std::nullopt, {}).value();
  EXPECT_EQ(found.benchmark.id, IdOf({.model = "a", .hardware = "H100"}));
}

TEST_P(RepositorySuite, TiesOfAConfigurationGoToTheSmallestShape) {
  Import({{.input_tokens = 150}, {.input_tokens = 50}});
  const auto found = benchmarks().FindClosest({}, {100, 256}, std::nullopt, {}).value();
  EXPECT_EQ(found.benchmark.shape, (domain::TrafficShape{50, 256}));
}

TEST_P(RepositorySuite, TiesOfAShapeGoToTheNearestRate) {
  Import({{.rate = 1}, {.rate = 4}, {.rate = 10}});
  EXPECT_EQ(benchmarks().FindClosest({}, {512, 256}, 8.0, {})->benchmark.id, IdOf({.rate = 10}));
  EXPECT_EQ(benchmarks().FindClosest({}, {512, 256}, 7.0, {})->benchmark.id, IdOf({.rate = 4})) << "the lower one";
  EXPECT_EQ(benchmarks().FindClosest({}, {512, 256}, 0.1, {})->benchmark.id, IdOf({.rate = 1}));
  EXPECT_EQ(benchmarks().FindClosest({}, {512, 256}, 99.0, {})->benchmark.id, IdOf({.rate = 10}));
}

TEST_P(RepositorySuite, TiesOfAShapeGoToTheLowestRateWhereNoneIsAsked) {
  Import({{.rate = 4}, {.rate = 1}, {.rate = 10}});
  EXPECT_EQ(benchmarks().FindClosest({}, {512, 256}, std::nullopt, {})->benchmark.id, IdOf({.rate = 1}));
}

TEST_P(RepositorySuite, TiesOfARateGoToTheSmallestId) {
  const std::vector<SampleOptions> rows = {{.variant = 1}, {.variant = 2}, {.variant = 3}, {.variant = 4}};
  Import(rows);
  auto smallest = IdOf(rows[0]);
  for (const auto& row : rows) smallest = std::min(smallest, IdOf(row));
  for (const std::optional<double> rate : {std::optional<double>(), std::optional(0.5), std::optional(3.0)}) {
    EXPECT_EQ(benchmarks().FindClosest({}, {512, 256}, rate, {})->benchmark.id, smallest);
  }
}

TEST_P(RepositorySuite, FindClosestIgnoresTheShapeOfTheFilter) {
  Import({{.input_tokens = 100}, {.input_tokens = 900}});
  const auto found = benchmarks().FindClosest({.shape = {{900, 256}}}, {100, 256}, std::nullopt, {}).value();
  EXPECT_EQ(found.benchmark.shape, (domain::TrafficShape{100, 256}));
}

TEST_P(RepositorySuite, FindClosestFailsIfNothingMatchesAndSuggestsNames) {
  Import({{.model = "meta/llama-3-8b", .hardware = "H100"}});
  const auto no_model = benchmarks().FindClosest({.model = "meta/llama-3-9b"}, {1, 1}, std::nullopt, {});
  EXPECT_THAT(no_model, Fails(ErrorCode::kNotFound, "NO_BENCHMARK_MATCHES"));
  EXPECT_THAT(no_model.error().message, HasSubstr("meta/llama-3-8b"));
  const auto no_hardware = benchmarks().FindClosest({.hardware = "H10"}, {1, 1}, std::nullopt, {});
  EXPECT_THAT(no_hardware, Fails(ErrorCode::kNotFound, "NO_BENCHMARK_MATCHES"));
  EXPECT_THAT(no_hardware.error().message, HasSubstr("H100"));
  const auto no_pair = benchmarks().FindClosest({.hardware = "H100", .hardware_count = 3}, {1, 1}, std::nullopt, {});
  EXPECT_THAT(no_pair, Fails(ErrorCode::kNotFound, "NO_BENCHMARK_MATCHES"));
}

TEST_P(RepositorySuite, FindClosestFailsWithoutBenchmarks) {
  EXPECT_THAT(benchmarks().FindClosest({}, {1, 1}, std::nullopt, {}),
              Fails(ErrorCode::kNotFound, "NO_BENCHMARK_MATCHES"));
}

/// How the shapes of a set lie.
using ShapeMaker = std::function<domain::TrafficShape(std::mt19937&)>;

double Uniform(std::mt19937& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

double Whole(std::mt19937& random, int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); }

const std::vector<std::pair<std::string, ShapeMaker>>& ShapeMakers() {
  static const std::vector<std::pair<std::string, ShapeMaker>> makers = {
      {"all equal",
       [](auto&) {
         return domain::TrafficShape{512, 256};
       }},
      {"a grid with many ties",
       [](auto& r) {
         return domain::TrafficShape{Whole(r, 1, 9), Whole(r, 1, 9)};
       }},
      {"on a vertical line",
       [](auto& r) {
         return domain::TrafficShape{100, Whole(r, 1, 4000)};
       }},
      {"on a diagonal",
       [](auto& r) {
         const double tokens = Whole(r, 1, 5000);
         return domain::TrafficShape{tokens, tokens};
       }},
      {"clusters",
       [](auto& r) {
         const double centre = std::pow(10, Whole(r, 1, 6));
         return domain::TrafficShape{centre * Uniform(r, 1, 1.001), centre * Uniform(r, 1, 1.001)};
       }},
      {"all magnitudes",
       [](auto& r) {
         return domain::TrafficShape{std::pow(10, Uniform(r, 0, 6.9)), std::pow(10, Uniform(r, 0, 6.9))};
       }},
  };
  return makers;
}

SampleOptions RandomRow(std::mt19937& random, const domain::TrafficShape& shape) {
  return {.model = "model-" + std::to_string(static_cast<int>(Whole(random, 0, 3))),
          .precision = Whole(random, 0, 1) == 0 ? "bf16" : "fp8",
          .hardware = Whole(random, 0, 9) == 0 ? "L4" : "H100",
          .hardware_count = static_cast<int>(std::pow(2, Whole(random, 0, 2))),
          .framework_version = std::to_string(static_cast<int>(Whole(random, 0, 4))),
          .input_tokens = shape.input_tokens,
          .output_tokens = shape.output_tokens,
          .rate = Whole(random, 1, 4),
          .variant = static_cast<int>(Whole(random, 0, 1))};
}

domain::BenchmarkFilter RandomFilter(std::mt19937& random) {
  domain::BenchmarkFilter filter;
  if (Whole(random, 0, 2) == 0) filter.model = "model-" + std::to_string(static_cast<int>(Whole(random, 0, 4)));
  if (Whole(random, 0, 3) == 0) filter.precision = "fp8";
  if (Whole(random, 0, 2) == 0) filter.hardware = Whole(random, 0, 1) == 0 ? "L4" : "H100";
  if (Whole(random, 0, 3) == 0) filter.hardware_count = static_cast<int>(Whole(random, 1, 4));
  if (Whole(random, 0, 3) == 0) filter.framework_version = std::to_string(static_cast<int>(Whole(random, 0, 5)));
  return filter;
}

/// Targets near the set, and such that make the metric degenerate.
domain::TrafficShape RandomTarget(std::mt19937& random, const ShapeMaker& shape) {
  switch (static_cast<int>(Whole(random, 0, 5))) {
    case 0: return {1e-300, 1e-300};
    case 1: return {1e-9, 1e7};
    case 2: return {std::pow(10, Uniform(random, -3, 7)), std::pow(10, Uniform(random, -3, 7))};
    default: {
      const auto near = shape(random);
      return Whole(random, 0, 1) == 0 ? near : domain::TrafficShape{near.input_tokens + 0.5, near.output_tokens};
    }
  }
}

TEST_P(RepositorySuite, FindClosestAgreesWithLookingAtEveryRow) {
  constexpr int kRows = 1500;
  constexpr int kQueries = 100;
  for (std::size_t set = 0; set < ShapeMakers().size(); ++set) {
    const auto& [name, shape] = ShapeMakers()[set];
    const auto backend = GetParam().make();
    std::mt19937 random(static_cast<unsigned>(set));
    std::vector<SampleOptions> rows;
    rows.reserve(kRows);
    for (int row = 0; row < kRows; ++row) rows.push_back(RandomRow(random, shape(random)));
    ImportInto(backend->benchmarks(), rows);
    const auto all = backend->benchmarks().List({}, {.size = kRows}, {}).value().items;
    for (int query = 0; query < kQueries; ++query) {
      const auto filter = RandomFilter(random);
      const auto asked = RandomTarget(random, shape);
      const auto rate = Whole(random, 0, 1) == 0 ? std::nullopt : std::optional(Uniform(random, 0.1, 5));
      const auto* expected = Oracle(all, filter, asked, rate);
      const auto found = backend->benchmarks().FindClosest(filter, asked, rate, {});
      SCOPED_TRACE(name + ", seed " + std::to_string(set) + ", query " + std::to_string(query));
      ASSERT_EQ(found.has_value(), expected != nullptr);
      if (expected == nullptr) continue;
      ASSERT_EQ(found->benchmark, *expected) << "asked " << asked.ToString();
      ASSERT_EQ(found->distance, domain::Distance(asked, expected->shape));
    }
  }
}

}  // namespace
}  // namespace loadline::store
