#include "bench/scorecard/scorecard.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "bench/scorecard/sweeps.h"

// The promises of docs/METHOD.md on sweeps that people published, beside the
// repository.

namespace loadline::bench {
namespace {

using domain::Metric;
using domain::Statistic;

constexpr char kSweeps[] = LOADLINE_SOURCE_DIR "/../shared/data/guidellm/llama-3.1-8b-sweeps";

class ScorecardTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!std::filesystem::exists(kSweeps)) return;
    card_ = Score(*ReadSweeps(kSweeps));
  }

  void SetUp() override {
    if (!card_) GTEST_SKIP() << kSweeps << " is not here";
  }

  static const DecisionScore& Policy(const std::string& name) {
    return *std::find_if(card_->decisions.begin(), card_->decisions.end(),
                         [&](const DecisionScore& score) { return score.policy == name; });
  }

  static const LatencyScore& Latency(Metric metric, Statistic statistic) {
    return *std::find_if(card_->latencies.begin(), card_->latencies.end(), [&](const LatencyScore& score) {
      return score.metric == metric && score.statistic == statistic;
    });
  }

  static std::optional<Scorecard> card_;
};

std::optional<Scorecard> ScorecardTest::card_;

TEST_F(ScorecardTest, LooksAtEveryBenchmarkOfEveryShape) {
  EXPECT_EQ(card_->shapes, 16);
  EXPECT_EQ(card_->benchmarks, 133);
}

TEST_F(ScorecardTest, DefaultDecisionsKeepTheLimitsAndWasteLittle) {
  const auto& ours = Policy("auto (default)");
  EXPECT_EQ(ours.decisions, 44);
  EXPECT_GE(ours.success, 0.95);
  EXPECT_LE(ours.violates, 0.05);
  EXPECT_EQ(ours.no_answer, 0);
  EXPECT_LE(ours.overspend_median, 0.33);
  EXPECT_LE(ours.overspend_p90, 0.65);
}

TEST_F(ScorecardTest, NoBaselineViolatesAsRarely) {
  const auto& ours = card_->decisions.front();
  for (std::size_t i = 1; i < card_->decisions.size(); ++i) {
    const auto& baseline = card_->decisions[i];
    EXPECT_GT(baseline.violates, ours.violates) << baseline.policy;
    if (baseline.violates > 0.1) continue;
    EXPECT_GT(baseline.overspend_median, ours.overspend_median) << baseline.policy;
  }
}

TEST_F(ScorecardTest, PredictionsAreCloseGivenTheConcurrency) {
  EXPECT_LE(Latency(Metric::kItl, Statistic::kMean).error, 0.052);
  EXPECT_LE(Latency(Metric::kItl, Statistic::kP95).error, 0.063);
  EXPECT_LE(Latency(Metric::kTtft, Statistic::kMean).error, 0.069);
  EXPECT_LE(Latency(Metric::kTtft, Statistic::kP95).error, 0.074);
  EXPECT_LE(Latency(Metric::kTtft, Statistic::kP99).error, 0.085);
}

TEST_F(ScorecardTest, PredictionsFromTheRateAloneAreNearlyAsClose) {
  for (const auto& score : card_->latencies) {
    EXPECT_LE(score.error_from_rate, 1.5 * score.error) << Name(score.metric) << " " << Name(score.statistic);
  }
}

TEST_F(ScorecardTest, BoundsCoverWhatTheySay) {
  for (const auto& score : card_->latencies) {
    const std::string name = fmt::format("{} {}", Name(score.metric), Name(score.statistic));
    EXPECT_GE(*score.coverage, 0.875) << name;
    EXPECT_LE(*score.coverage, 0.945) << name;
  }
}

TEST_F(ScorecardTest, TheSameBenchmarksGiveTheSameScorecard) {
  EXPECT_EQ(Print(Score(*ReadSweeps(kSweeps))), Print(*card_));
}

}  // namespace
}  // namespace loadline::bench
