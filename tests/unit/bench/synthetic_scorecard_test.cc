#include <gtest/gtest.h>

#include <cmath>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "bench/scorecard/scorecard.h"
#include "tests/unit/bench/synthetic_sweep.h"

// The same code, on sweeps of servers that it was not made on: other sizes,
// fewer shapes, more noise, knees, and holes.

namespace loadline::bench {
namespace {

using domain::Statistic;
using testing::Grid;
using testing::Measure;
using testing::Sweep;

constexpr std::uint64_t kSeeds[] = {1, 2};

struct World {
  std::string name;
  Sweep sweep;
  /// Enough shapes for bounds of latencies.
  bool bounded = true;
  friend void PrintTo(const World& world, std::ostream* out) { *out << world.name; }
};

const std::vector<double> kTokens = {64, 256, 1024, 4096};

Sweep SixteenShapes(const testing::Server& server) { return {.server = server, .shapes = Grid(kTokens, kTokens)}; }

Sweep Noisy() {
  Sweep sweep = SixteenShapes(testing::MediumServer());
  sweep.run_noise = 0.12;
  sweep.shape_noise = 0.1;
  return sweep;
}

Sweep OfThreeRates() {
  Sweep sweep = SixteenShapes(testing::MediumServer());
  sweep.in_flight = {2, 16, 96};
  return sweep;
}

// Beyond 60 requests in flight the others wait.
Sweep WithKnees() {
  Sweep sweep = SixteenShapes(testing::MediumServer());
  sweep.server.most_in_flight = 60;
  return sweep;
}

// Scorecards of a world, one for each seed; made once.
const std::vector<Scorecard>& CardsOf(const World& world) {
  static std::map<std::string, std::vector<Scorecard>> made;
  auto& cards = made[world.name];
  for (std::size_t i = cards.size(); i < std::size(kSeeds); ++i) {
    Sweep sweep = world.sweep;
    sweep.seed = kSeeds[i];
    cards.push_back(Score(Measure(sweep)));
  }
  return cards;
}

// The default policy's decisions of all seeds.
struct Tally {
  double decisions = 0;
  double violates = 0;
  double no_answer = 0;

  void Add(const DecisionScore& ours) {
    decisions += ours.decisions;
    violates += ours.violates * ours.decisions;
    no_answer += ours.no_answer * ours.decisions;
  }
};

class SyntheticScorecardTest : public ::testing::TestWithParam<World> {};

// The default policy promises to break no more than 12 in 100.
TEST_P(SyntheticScorecardTest, DecisionsKeepWhatTheyPromise) {
  Tally tally;
  for (const Scorecard& card : CardsOf(GetParam())) {
    tally.Add(card.typical_decisions.front());
    tally.Add(card.e2e_decisions.front());
  }
  ASSERT_GE(tally.decisions, 30);
  EXPECT_LE(tally.violates / tally.decisions, 0.12);
  EXPECT_LE(tally.no_answer / tally.decisions, 0.15);
}

TEST_P(SyntheticScorecardTest, BoundsCoverWhatTheySayOrAreNotGiven) {
  double covered = 0;
  int bounds = 0;
  for (const Scorecard& card : CardsOf(GetParam())) {
    for (const auto& score : card.latencies) {
      const double most = GetParam().bounded ? 0.35 : 1;
      EXPECT_LE(score.error, most) << Name(score.metric) << " " << Name(score.statistic);
      covered += score.coverage.value_or(0);
      bounds += score.coverage ? 1 : 0;
    }
  }
  ASSERT_EQ(bounds > 0, GetParam().bounded);
  if (bounds > 0) {
    EXPECT_NEAR(covered / bounds, 0.9, 0.04);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Worlds, SyntheticScorecardTest,
    ::testing::Values(
        World{"Medium", SixteenShapes(testing::MediumServer())}, World{"Small", SixteenShapes(testing::SmallServer())},
        World{"Large", SixteenShapes(testing::LargeServer())}, World{"Noisy", Noisy()},
        World{"ThreeRates", OfThreeRates()}, World{"Knees", WithKnees()},
        World{"SixShapes", {.server = testing::MediumServer(), .shapes = Grid({128, 2048}, {64, 256, 1024})}, false},
        World{"ThreeShapes",
              {.server = testing::LargeServer(), .shapes = {{128, 128}, {1024, 128}, {1024, 1024}}},
              false}),
    [](const auto& parameter) { return parameter.param.name; });

TEST(SyntheticScorecard, KneesAreFoundBeforeThePlanCrossesThem) {
  int knees = 0;
  int found = 0;
  for (const Scorecard& card : CardsOf({.name = "Knees", .sweep = WithKnees()})) {
    knees += card.knees.knees;
    found += card.knees.found;
  }
  ASSERT_GE(knees, 30);
  EXPECT_GE(found, 0.9 * knees);
}

TEST(SyntheticScorecard, TwoShapesFallBackToTheOther) {
  const auto card = Score(Measure({.server = testing::MediumServer(), .shapes = {{512, 64}, {512, 512}}}));
  EXPECT_EQ(card.shapes, 2);
  EXPECT_GT(card.typical_decisions.front().success, 0);
  for (const auto& score : card.latencies) EXPECT_EQ(score.predictions, 0U);
}

TEST(SyntheticScorecard, HolesAreLeftOut) {
  auto benchmarks = Measure({.server = testing::MediumServer(), .shapes = Grid({128, 1024}, {64, 256, 1024})});
  for (auto& row : benchmarks) {
    for (auto* summary : {&row.measurement.ttft, &row.measurement.itl, &row.measurement.e2e}) {
      (*summary)[Statistic::kP99] = {};
      if (row.shape.output_tokens == 64) (*summary)[Statistic::kP90] = {};
    }
    if (row.shape.output_tokens == 1024) row.measurement.load.concurrency = {};
    if (*row.measurement.load.achieved_rps > 20) row.measurement.load.saturated = true;
  }
  const auto card = Score(benchmarks);
  for (const auto& score : card.latencies) {
    EXPECT_EQ(score.predictions > 0, score.statistic != Statistic::kP99) << Name(score.statistic);
    EXPECT_TRUE(std::isfinite(score.error) && std::isfinite(score.error_from_rate)) << Name(score.statistic);
  }
  EXPECT_GT(card.typical_decisions.front().success, 0.5);
  const std::string text = Print(card);
  EXPECT_EQ(text.find("nan"), std::string::npos) << text;
  EXPECT_EQ(text.find("inf"), std::string::npos) << text;
}

}  // namespace
}  // namespace loadline::bench
