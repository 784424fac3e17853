#include "services/planner/planning/model_evidence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::planning {
namespace {

using testing::Benchmarks;
using testing::kShape;
using testing::kSmall;

std::vector<domain::Benchmark> Sample() {
  std::vector<domain::Benchmark> all;
  for (const auto& configuration : {testing::On("L4", 2), kSmall, testing::On("L4")}) {
    for (const double input : {2048.0, 128.0}) {
      const auto rows =
          Benchmarks(configuration, {.input_tokens = input, .output_tokens = 64}, {{.rps = 3}, {.rps = 1}, {.rps = 2}});
      all.insert(all.end(), rows.begin(), rows.end());
    }
  }
  return all;
}

TEST(BuildModelEvidence, GroupsByConfigurationAndShapeInOrder) {
  const auto evidence = BuildModelEvidence("acme/tiny-8b", Sample());
  EXPECT_EQ(evidence.benchmark_count, 18u);
  ASSERT_EQ(evidence.configurations.size(), 3u);
  EXPECT_EQ(evidence.configurations[0].configuration, kSmall);
  EXPECT_EQ(evidence.configurations[1].configuration, testing::On("L4"));
  EXPECT_EQ(evidence.configurations[2].configuration, testing::On("L4", 2));
  for (const auto& configuration : evidence.configurations) {
    ASSERT_EQ(configuration.curves.size(), 2u);
    EXPECT_EQ(configuration.curves[0].shape().input_tokens, 128);
    EXPECT_EQ(configuration.curves[1].points().size(), 3u);
    EXPECT_EQ(configuration.weight_bits, 16);
  }
}

TEST(BuildModelEvidence, DoesNotDependOnTheOrderOfItsBenchmarks) {
  constexpr std::uint32_t kSeed = 7;
  SCOPED_TRACE(::testing::Message() << "seed " << kSeed);
  std::mt19937 random(kSeed);
  auto rows = Sample();
  const auto expected = BuildModelEvidence("acme/tiny-8b", rows);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(rows.begin(), rows.end(), random);
    const auto shuffled = BuildModelEvidence("acme/tiny-8b", rows);
    for (std::size_t i = 0; i < expected.configurations.size(); ++i) {
      for (std::size_t j = 0; j < 2; ++j) {
        const auto want = expected.configurations[i].curves[j].points();
        const auto got = shuffled.configurations[i].curves[j].points();
        ASSERT_TRUE(std::equal(want.begin(), want.end(), got.begin(), got.end(),
                               [](const LoadPoint& a, const LoadPoint& b) { return a.id == b.id; }));
      }
    }
  }
}

TEST(BuildModelEvidence, TakesLessThan300BytesABenchmark) {
  std::vector<testing::Row> rows;
  for (int i = 1; i <= 16; ++i) rows.push_back({.rps = i * 1.0, .itl_p95 = 10.0 + i});
  std::vector<domain::Benchmark> all;
  for (int i = 0; i < 50; ++i) {
    const auto curve = Benchmarks(testing::On("H100", i + 1), kShape, rows);
    all.insert(all.end(), curve.begin(), curve.end());
  }
  const auto evidence = BuildModelEvidence("acme/tiny-8b", all);
  EXPECT_LT(evidence.bytes / evidence.benchmark_count, 300u);
  EXPECT_GT(evidence.bytes / evidence.benchmark_count, 150u) << "the count must include the columns";
}

}  // namespace
}  // namespace loadline::planning
