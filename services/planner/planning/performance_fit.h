#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "libs/domain/benchmark.h"
#include "libs/domain/latency.h"
#include "services/planner/planning/load_law.h"

namespace loadline::planning {

inline constexpr std::size_t kLatencyCount = domain::kMetrics.size() * domain::kStatistics.size();

/// Where a metric's statistic stands in an array of all latencies.
constexpr std::size_t LatencyIndex(domain::Metric metric, domain::Statistic statistic) {
  return static_cast<std::size_t>(metric) * domain::kStatistics.size() + static_cast<std::size_t>(statistic);
}

/// One benchmark as a fit sees it.
struct FitRow {
  /// Tells its load curve from others; rows of one are neighbours.
  std::size_t curve = 0;
  double input_tokens = 0;
  double output_tokens = 0;
  /// Mean requests in flight.
  double in_flight = 0;
  /// Requests/s that were achieved.
  double rps = 0;
  /// In ms, by LatencyIndex; NaN where not measured.
  std::array<double, kLatencyCount> latencies = {};
};

/// The row of a benchmark of the curve; in_flight by Little's law where the
/// report has none, NaN where that cannot be told either.
FitRow FitRowOf(const domain::Benchmark& benchmark, std::size_t curve);

/// The latencies of one configuration at any shape and load, fitted to its
/// benchmarks: with I, O mean lengths, c requests in flight, x requests/s,
///
///     ITL  = a0 + a1 c + a2 c (I + O/2) + a3 x I + a4 c^2
///     TTFT = b0 + b1 I + b2 c + b3 c (I + O/2) + b4 x I + b5 I^2 + b6 x I^2
///     E2E  = e0 TTFT + e1 (O - 1) ITL
///
/// by statistic, every coefficient >= 0. Sources: docs/METHOD.md. A plain value
/// of about 280 bytes; reading it is thread-safe.
class PerformanceFit {
 public:
  static constexpr std::size_t kMinRows = 6;
  static constexpr std::size_t kMinShapes = 2;

  /// A fit that knows nothing.
  PerformanceFit() = default;

  /// Fits each statistic that at least kMinRows of `rows` over kMinShapes curves
  /// have measured. Deterministic; a few microseconds for each statistic.
  static PerformanceFit Of(std::span<const FitRow> rows);

  bool Has(domain::Metric metric, domain::Statistic statistic) const;
  /// True if requests in flight can be told from a rate.
  bool HasStay() const {
    return Has(domain::Metric::kTtft, stay_statistic_) && Has(domain::Metric::kItl, stay_statistic_);
  }

  /// The most requests in flight that any row had.
  double most_in_flight() const { return most_in_flight_; }

  /// A latency at a shape, `Has(metric, statistic)` being true. On its own it
  /// may cross another percentile's: see `ShapeFit`.
  LoadLaw LawAt(domain::Metric metric, domain::Statistic statistic, double input_tokens, double output_tokens) const;
  /// How long a request stays, in ms, `HasStay()` being true.
  LoadLaw StayAt(double input_tokens, double output_tokens) const;

 private:
  static constexpr std::size_t kTtftTerms = 7;
  static constexpr std::size_t kItlTerms = 5;
  static constexpr std::size_t kE2eTerms = 2;

  void FitE2e(std::span<const FitRow> rows);

  // Floats, because a planner holds a dozen fits for each of thousands of
  // configurations.
  template <std::size_t kTerms>
  using Terms = std::array<std::array<float, kTerms>, domain::kStatistics.size()>;
  Terms<kTtftTerms> ttft_ = {};
  Terms<kItlTerms> itl_ = {};
  Terms<kE2eTerms> e2e_ = {};
  float most_in_flight_ = 0;
  std::uint32_t has_ = 0;  // a bit for each latency
  domain::Statistic stay_statistic_ = domain::Statistic::kMean;
};

}  // namespace loadline::planning
