#include "services/planner/planning/least_squares.h"

#include <gmock/gmock.h>

#include <random>

namespace loadline::planning {
namespace {

using Vector = NormalEquations::Vector;

Vector Solve(const std::vector<std::pair<Vector, double>>& rows, std::size_t unknowns) {
  NormalEquations equations(unknowns);
  for (const auto& [row, target] : rows) equations.Add(row, target, 1);
  return equations.SolveNonNegative();
}

TEST(NonNegativeLeastSquares, FindsAnExactSolution) {
  // 2 x + 3 y with x = 4, y = 5.
  const Vector x = Solve({{{2, 3}, 23}, {{1, 0}, 4}, {{0, 1}, 5}}, 2);
  EXPECT_NEAR(x[0], 4, 1e-12);
  EXPECT_NEAR(x[1], 5, 1e-12);
}

TEST(NonNegativeLeastSquares, HoldsAtZeroWhatWouldBeNegative) {
  // Unbound, y = 2 - x fits (0, 2), (1, 1), (2, 0); with a slope of at least 0
  // the best is the mean.
  const Vector x = Solve({{{1, 0}, 2}, {{1, 1}, 1}, {{1, 2}, 0}}, 2);
  EXPECT_NEAR(x[0], 1, 1e-12);
  EXPECT_EQ(x[1], 0);
}

TEST(NonNegativeLeastSquares, ToleratesColumnsThatAreCombinationsOfOthers) {
  const Vector x = Solve({{{1, 2, 3}, 6}, {{2, 4, 6}, 12}, {{1, 2, 3}, 6}}, 3);
  EXPECT_NEAR(x[0] + 2 * x[1] + 3 * x[2], 6, 1e-9);
}

// At the best x >= 0 the gradient is 0 where x > 0 and not negative elsewhere
// (Karush, Kuhn and Tucker).
TEST(NonNegativeLeastSquares, MeetsTheConditionsOfOptimality) {
  constexpr unsigned kSeed = 7;
  std::mt19937 random(kSeed);
  std::uniform_real_distribution<double> number(-1, 1);
  for (int problem = 0; problem < 200; ++problem) {
    std::vector<std::pair<Vector, double>> rows(20);
    for (auto& [row, target] : rows) {
      for (double& value : row) value = number(random);
      target = number(random);
    }
    const Vector x = Solve(rows, 7);
    for (std::size_t i = 0; i < 7; ++i) {
      double gradient = 0;
      for (const auto& [row, target] : rows) {
        double error = -target;
        for (std::size_t j = 0; j < 7; ++j) error += row[j] * x[j];
        gradient += row[i] * error;
      }
      ASSERT_GE(x[i], 0) << "seed " << kSeed << ", problem " << problem;
      ASSERT_GE(gradient, -1e-8) << "seed " << kSeed << ", problem " << problem;
      if (x[i] > 0) {
        ASSERT_NEAR(gradient, 0, 1e-8) << "seed " << kSeed << ", problem " << problem;
      }
    }
  }
}

TEST(FitRelative, AWildRowHardlyCounts) {
  // y = 2 + 3 z, but one observation is ten times too large.
  std::vector<Vector> rows;
  for (int z = 1; z <= 12; ++z) {
    const double observed = (2 + 3.0 * z) * (z == 6 ? 10 : 1);
    rows.push_back({1 / observed, z / observed});
  }
  const Vector x = FitRelative(rows, 2);
  EXPECT_NEAR(x[0] + 3 * x[1], 2 + 3 * 3, 0.15);
  EXPECT_NEAR(x[0] + 12 * x[1], 2 + 3 * 12, 0.5);
}

}  // namespace
}  // namespace loadline::planning
