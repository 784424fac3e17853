#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "libs/domain/judge_checks.h"

namespace loadline::domain {
namespace {

/// Percentiles of rounded reports may cross by as much, relative.
constexpr double kRounding = 1e-6;
constexpr double kWrongUnitFactor = 250;
constexpr double kMaxAchievedOverOffered = 1.25;
constexpr double kMaxAchievedAboveOffered = 1;
constexpr double kMaxTokenRateFactor = 2;
constexpr double kMaxInFlightFactor = 2;
constexpr double kMinMeanOfTail = 0.5;
constexpr double kMsPerSecond = 1000;

/// Each percentile with the share of requests that are below it.
constexpr std::array kPercentiles = {std::pair{Statistic::kP50, 0.50}, std::pair{Statistic::kP90, 0.90},
                                     std::pair{Statistic::kP95, 0.95}, std::pair{Statistic::kP99, 0.99}};

bool Above(double value, double bound) { return value > bound * (1 + kRounding); }

std::string FieldName(Metric metric, Statistic statistic) {
  return fmt::format("{}_{}", Name(metric), Name(statistic));
}

void CheckMonotone(Reasons& reasons, const Measurement& row, Metric metric) {
  std::optional<Statistic> lower;
  for (const auto& [statistic, share] : kPercentiles) {
    const Reading value = Sound(row[metric][statistic]);
    if (!value) continue;
    if (lower && Above(*row[metric][*lower], *value)) {
      Report(
          reasons, "PERCENTILES_NOT_MONOTONE", FieldName(metric, statistic),
          fmt::format("{} = {} ms is below {} = {} ms", Name(statistic), *value, Name(*lower), *row[metric][*lower]));
    }
    lower = statistic;
  }
}

/// A tenth of the requests took p90 or longer, so the mean is at least a tenth
/// of p90; half of that leaves room for percentiles read from a histogram.
void CheckMeanOfTail(Reasons& reasons, const Measurement& row, Metric metric) {
  const Reading mean = Sound(row[metric][Statistic::kMean]);
  for (const auto& [statistic, share] : kPercentiles) {
    const Reading value = Sound(row[metric][statistic]);
    if (!mean || !value || *mean >= kMinMeanOfTail * (1 - share) * *value) continue;
    Report(reasons, "CONTRADICTORY", FieldName(metric, Statistic::kMean),
           fmt::format("a mean of {} ms is not possible with {} = {} ms", *mean, Name(statistic), *value));
    return;
  }
}

void CheckTtftWithinE2e(Reasons& reasons, const Measurement& row) {
  for (const Statistic statistic : kStatistics) {
    const Reading ttft = Sound(row.ttft[statistic]);
    const Reading e2e = Sound(row.e2e[statistic]);
    if (!ttft || !e2e || !Above(*ttft, *e2e)) continue;
    Report(reasons, "E2E_SHORTER_THAN_TTFT", FieldName(Metric::kE2e, statistic),
           fmt::format("{} ms end to end, but {} ms to the first token", *e2e, *ttft));
  }
}

void CheckMeanLength(Reasons& reasons, const TokenLengths& lengths, std::string_view field) {
  const Reading mean = Sound(lengths.mean);
  if (!mean) return;
  const bool low = std::isfinite(*lengths.min) && Above(*lengths.min, *mean);
  const bool high = std::isfinite(*lengths.max) && *lengths.max >= 0 && Above(*mean, *lengths.max);
  if (!low && !high) return;
  Report(reasons, "MEAN_OUTSIDE_RANGE", field,
         fmt::format("a mean of {} tokens is {} {}", *mean, low ? "below the shortest," : "above the longest,",
                     low ? *lengths.min : *lengths.max));
}

Reading OutputTokens(const Measurement& row) {
  const Reading mean = Sound(row.output_lengths.mean);
  return mean ? mean : Sound(row.output_lengths.nominal);
}

/// True when one of two times that should be alike is in another unit.
bool UnitsDiffer(double a, double b) { return a >= kWrongUnitFactor * b || b >= kWrongUnitFactor * a; }

void CheckUnits(Reasons& reasons, const Measurement& row) {
  const Reading ttft = Sound(row.ttft[Statistic::kMean]);
  const Reading itl = Sound(row.itl[Statistic::kMean]);
  const Reading e2e = Sound(row.e2e[Statistic::kMean]);
  const Reading output = OutputTokens(row);
  if (!ttft || !itl || !e2e || !output) return;
  const double decoding = std::max(*output - 1, 0.0) * *itl;
  const bool itl_too_short = decoding > 0 && *e2e - *ttft >= kWrongUnitFactor * decoding;
  if (!itl_too_short && !UnitsDiffer(*e2e, *ttft + decoding)) return;
  Report(reasons, "WRONG_UNIT", "e2e_mean",
         fmt::format("{} ms does not fit {} ms to the first token and {} ms for each of {} tokens after it: "
                     "one of them is in another unit",
                     *e2e, *ttft, *itl, *output - 1));
}

void CheckRates(Reasons& reasons, const Load& load) {
  const Reading offered = Sound(load.offered_rps);
  const Reading achieved = Sound(load.achieved_rps);
  if (!offered || !achieved) return;
  if (*achieved <= kMaxAchievedOverOffered * *offered + kMaxAchievedAboveOffered) return;
  Report(reasons, "CONTRADICTORY", "responses_per_second",
         fmt::format("{}/s were achieved, but only {}/s were offered", *achieved, *offered));
}

void CheckTokenRate(Reasons& reasons, const Measurement& row) {
  const Reading achieved = Sound(row.load.achieved_rps);
  const Reading output = OutputTokens(row);
  const Reading reported = Sound(row.tokens_per_second);
  if (!achieved || !output || !reported) return;
  const double expected = *achieved * *output;
  if (!Above(*reported, kMaxTokenRateFactor * expected) && !Above(expected, kMaxTokenRateFactor * *reported)) return;
  Report(reasons, "CONTRADICTORY", "tokens_per_second",
         fmt::format("{}/s, but {} responses/s of {} output tokens are {}/s", *reported, *achieved, *output, expected));
}

/// Little's law: requests in flight are rate x time, and a limit bounds them.
void CheckInFlight(Reasons& reasons, const Measurement& row) {
  const Reading achieved = Sound(row.load.achieved_rps);
  const Reading e2e = Sound(row.e2e[Statistic::kMean]);
  const Reading concurrency = Sound(row.load.concurrency);
  if (!achieved || !e2e || !concurrency) return;
  const double in_flight = *achieved * *e2e / kMsPerSecond;
  if (!Above(in_flight, kMaxInFlightFactor * *concurrency)) return;
  Report(reasons, "CONTRADICTORY", "concurrency",
         fmt::format("{} in flight, but {} responses/s that take {} ms each need {}", *concurrency, *achieved, *e2e,
                     in_flight));
}

}  // namespace

void CheckRelations(Reasons& reasons, const Measurement& row) {
  for (const Metric metric : kMetrics) {
    CheckMonotone(reasons, row, metric);
    CheckMeanOfTail(reasons, row, metric);
  }
  CheckTtftWithinE2e(reasons, row);
  CheckMeanLength(reasons, row.input_lengths, "mean_input_tokens");
  CheckMeanLength(reasons, row.output_lengths, "mean_output_tokens");
  CheckUnits(reasons, row);
  CheckRates(reasons, row.load);
  CheckTokenRate(reasons, row);
  CheckInFlight(reasons, row);
}

}  // namespace loadline::domain
