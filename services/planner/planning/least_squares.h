#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace loadline::planning {

/// A least-squares problem with few unknowns, kept as its normal equations, so
/// that it takes the same room for any number of rows. A plain value.
class NormalEquations {
 public:
  static constexpr std::size_t kMaxUnknowns = 7;
  using Vector = std::array<double, kMaxUnknowns>;

  /// `unknowns` is at most kMaxUnknowns; the rest of each vector is not used.
  explicit NormalEquations(std::size_t unknowns) : unknowns_(unknowns) {}

  /// Adds the equation `row * x = target`, counted `weight` times.
  void Add(const Vector& row, double target, double weight);

  /// The x >= 0 that minimises the weighted sum of squared errors (Lawson and
  /// Hanson, Solving Least Squares Problems, chapter 23). Unknowns that the rows
  /// do not determine are 0. Deterministic.
  Vector SolveNonNegative() const;

 private:
  std::size_t unknowns_;
  std::array<Vector, kMaxUnknowns> gram_ = {};
  Vector moment_ = {};
};

/// Fits `rows * x = 1`, x >= 0, so that single wild rows do not count for much:
/// iteratively reweighted least squares with the weights of Huber (Robust
/// Estimation of a Location Parameter, 1964), k = 1.5 and the median absolute
/// error as scale. Rows are basis values divided by the observed value, so
/// errors are relative.
NormalEquations::Vector FitRelative(std::span<const NormalEquations::Vector> rows, std::size_t unknowns);

}  // namespace loadline::planning
