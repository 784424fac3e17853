#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "libs/domain/slo.h"
#include "services/planner/planning/model_evidence.h"
#include "services/planner/planning/shape_kernel.h"

namespace loadline::planning {

/// What the fits without each measured shape would have decided there, beside
/// what was measured: y = ln(measured / predicted capacity) at limits around
/// those given. Limits on TTFT are scaled by one factor, those on ITL and
/// E2E by another. A limit on E2E is taken in proportion to a shape's output
/// tokens: what is strict for long answers would mean nothing for short ones.
class DecisionTable {
 public:
  static constexpr std::array kScales = {0.7, 0.85, 1.0, 1.18, 1.4};
  static constexpr std::size_t kCells = kScales.size() * kScales.size();
  using Row = std::array<double, kCells>;

  /// What a curve that holds the limits to its end tells.
  enum class Ends {
    /// Nothing: nobody knows where it would break them.
    kTellNothing,
    /// The rate that so many requests in flight made.
    kTellTheirRate
  };

  /// `configuration.performance` must be there; `limits` are those of requests
  /// with `output_tokens`.
  DecisionTable(const ConfigurationEvidence& configuration, std::span<const domain::Limit> limits, double output_tokens,
                Ends ends = Ends::kTellNothing);

  struct Shape {
    LogShape at;
    /// By cell; NaN where nothing can be told: the measured curve holds the
    /// limits to its end, or the fit answers nothing.
    Row errors = {};
    /// Cells that are not NaN; at least one.
    std::size_t known = 0;
  };

  /// The shapes that have something to say, in order.
  const std::vector<Shape>& shapes() const { return shapes_; }

  /// How much cell `at` counts for cell `of`: a Gaussian kernel of bandwidth
  /// 0.3 in the logarithms of both scales.
  static double CellWeight(std::size_t at, std::size_t of);
  static constexpr std::size_t kCentre = kCells / 2;

 private:
  std::vector<Shape> shapes_;
};

}  // namespace loadline::planning
