#include "services/planner/planning/least_squares.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace loadline::planning {
namespace {

using Vector = NormalEquations::Vector;
using Matrix = std::array<Vector, NormalEquations::kMaxUnknowns>;

constexpr std::size_t kMost = NormalEquations::kMaxUnknowns;
// A pivot this small says that a column is a combination of others.
constexpr double kSingular = 1e-11;
constexpr double kGradientTolerance = 1e-10;

// The set of unknowns that are not held at 0.
struct Passive {
  std::array<std::size_t, kMost> index = {};
  std::size_t size = 0;

  void Remove(std::size_t at) {
    for (std::size_t i = at + 1; i < size; ++i) index[i - 1] = index[i];
    --size;
  }
};

// Solves the equations of the passive unknowns by Cholesky's method; false if
// they are singular.
bool SolvePassive(const Matrix& gram, const Vector& moment, const Passive& passive, Vector& x) {
  Matrix lower = {};
  Vector y = {};
  for (std::size_t i = 0; i < passive.size; ++i) {
    double sum = moment[passive.index[i]];
    for (std::size_t j = 0; j <= i; ++j) {
      double entry = gram[passive.index[i]][passive.index[j]];
      for (std::size_t k = 0; k < j; ++k) entry -= lower[i][k] * lower[j][k];
      if (i == j && entry <= kSingular) return false;
      lower[i][j] = i == j ? std::sqrt(entry) : entry / lower[j][j];
    }
    for (std::size_t k = 0; k < i; ++k) sum -= lower[i][k] * y[k];
    y[i] = sum / lower[i][i];
  }
  for (std::size_t i = passive.size; i-- > 0;) {
    double sum = y[i];
    for (std::size_t k = i + 1; k < passive.size; ++k) sum -= lower[k][i] * x[k];
    x[i] = sum / lower[i][i];
  }
  return true;
}

// The active-set method on columns that were scaled to length 1.
class ActiveSet {
 public:
  ActiveSet(const Matrix& gram, const Vector& moment, std::size_t unknowns)
      : gram_(gram), moment_(moment), unknowns_(unknowns) {}

  Vector Solve() {
    for (std::size_t round = 0; round < 3 * kMost; ++round) {
      const std::size_t next = Steepest();
      if (next == kMost) break;
      passive_.index[passive_.size++] = next;
      if (!StepToFeasible()) excluded_[next] = true;
    }
    return x_;
  }

 private:
  // The unknown at 0 whose growth lowers the error most; kMost: none does.
  std::size_t Steepest() const {
    std::size_t best = kMost;
    double steepest = kGradientTolerance;
    for (std::size_t i = 0; i < unknowns_; ++i) {
      if (excluded_[i] || IsPassive(i)) continue;
      double gradient = moment_[i];
      for (std::size_t j = 0; j < unknowns_; ++j) gradient -= gram_[i][j] * x_[j];
      if (gradient > steepest) {
        steepest = gradient;
        best = i;
      }
    }
    return best;
  }

  bool IsPassive(std::size_t unknown) const {
    const auto end = passive_.index.begin() + static_cast<std::ptrdiff_t>(passive_.size);
    return std::find(passive_.index.begin(), end, unknown) != end;
  }

  // Moves to the solution of the passive unknowns, dropping each that would
  // become negative on the way. False, with nothing changed but the newest
  // unknown dropped, if the equations are singular.
  bool StepToFeasible() {
    while (true) {
      Vector solution = {};
      if (!SolvePassive(gram_, moment_, passive_, solution)) {
        passive_.Remove(passive_.size - 1);
        return false;
      }
      const double step = LargestStep(solution);
      for (std::size_t i = 0; i < passive_.size; ++i) {
        double& x = x_[passive_.index[i]];
        x += step * (solution[i] - x);
      }
      if (step == 1) return true;
      DropZeros();
    }
  }

  double LargestStep(const Vector& solution) const {
    double step = 1;
    for (std::size_t i = 0; i < passive_.size; ++i) {
      const double x = x_[passive_.index[i]];
      if (solution[i] <= 0) step = std::min(step, x / (x - solution[i]));
    }
    return std::isfinite(step) ? step : 0;
  }

  void DropZeros() {
    for (std::size_t i = passive_.size; i-- > 0;) {
      double& x = x_[passive_.index[i]];
      if (x > 1e-15) continue;
      x = 0;
      passive_.Remove(i);
    }
  }

  const Matrix& gram_;
  const Vector& moment_;
  std::size_t unknowns_;
  Vector x_ = {};
  Passive passive_;
  std::array<bool, kMost> excluded_ = {};
};

double Dot(const Vector& a, const Vector& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

double Median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

void NormalEquations::Add(const Vector& row, double target, double weight) {
  for (std::size_t i = 0; i < unknowns_; ++i) {
    const double weighted = weight * row[i];
    moment_[i] += weighted * target;
    for (std::size_t j = 0; j <= i; ++j) gram_[i][j] += weighted * row[j];
  }
}

Vector NormalEquations::SolveNonNegative() const {
  Vector scale = {};
  for (std::size_t i = 0; i < unknowns_; ++i) scale[i] = gram_[i][i] > 0 ? 1 / std::sqrt(gram_[i][i]) : 0;
  Matrix gram = {};
  Vector moment = {};
  for (std::size_t i = 0; i < unknowns_; ++i) {
    moment[i] = moment_[i] * scale[i];
    for (std::size_t j = 0; j <= i; ++j) gram[i][j] = gram[j][i] = gram_[i][j] * scale[i] * scale[j];
  }
  Vector x = ActiveSet(gram, moment, unknowns_).Solve();
  for (std::size_t i = 0; i < unknowns_; ++i) x[i] *= scale[i];
  return x;
}

NormalEquations::Vector FitRelative(std::span<const Vector> rows, std::size_t unknowns) {
  constexpr int kReweightings = 3;
  constexpr double kHuber = 1.5;
  constexpr double kMadToSigma = 1.4826;
  std::vector<double> weights(rows.size(), 1.0);
  std::vector<double> errors(rows.size());
  Vector x = {};
  for (int round = 0; round <= kReweightings; ++round) {
    NormalEquations equations(unknowns);
    for (std::size_t i = 0; i < rows.size(); ++i) equations.Add(rows[i], 1, weights[i]);
    x = equations.SolveNonNegative();
    for (std::size_t i = 0; i < rows.size(); ++i) errors[i] = std::abs(Dot(rows[i], x) - 1);
    weights = errors;
    const double scale = kHuber * (kMadToSigma * Median(errors) + 1e-12);
    for (double& weight : weights) weight = 1 / std::max(1.0, weight / scale);
  }
  return x;
}

}  // namespace loadline::planning
