#include "libs/domain/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "libs/domain/text.h"

namespace loadline::domain {
namespace {

/// Percentiles of rounded reports may cross by as much, relative.
constexpr double kRounding = 1e-6;
constexpr double kWrongUnitFactor = 250;
constexpr std::int64_t kMinRequests = 30;
constexpr double kMaxAchievedOverOffered = 1.25;
constexpr double kMaxAchievedAboveOffered = 1;
constexpr double kMaxTokenRateFactor = 2;
constexpr double kMaxInFlightFactor = 2;
constexpr double kMinMeanOfTail = 0.5;
constexpr double kMinAchievedOfOffered = 0.9;
constexpr double kMaxFailedShare = 0.1;
constexpr double kMsPerSecond = 1000;
constexpr std::size_t kMaxText = 256;

/// What a number may be: above `min`, or equal to it where `with_min`.
struct Range {
  double min = 0;
  bool with_min = false;
  double max = 0;
};
constexpr Range kLatencyMs = {.max = 24.0 * 60 * 60 * 1000};
constexpr Range kTokens = {.max = TrafficShape::kMaxTokens};
constexpr Range kTokensOrNone = {.with_min = true, .max = TrafficShape::kMaxTokens};
constexpr Range kPerSecond = {.max = 1e9};
constexpr Range kInFlight = {.max = 1e7};
constexpr Range kCount = {.with_min = true, .max = 1e15};
constexpr Range kGpus = {.max = 100'000};
constexpr std::chrono::sys_days kFirstDay = std::chrono::January / 1 / 2000;
constexpr std::chrono::sys_days kLastDay = std::chrono::December / 31 / 2199;

class Findings {
 public:
  explicit Findings(std::vector<QuarantineReason>& reasons) : reasons_(reasons) {}

  void Add(std::string_view reason, std::string_view field, std::string message) {
    reasons_.push_back({std::string(reason), std::string(field), std::move(message)});
  }

 private:
  std::vector<QuarantineReason>& reasons_;
};

/// A reading that comparisons may use; what is not positive and finite has its
/// own reason already.
Reading Sound(Reading reading) { return reading && *reading > 0 && std::isfinite(*reading) ? reading : Reading(); }

bool Above(double value, double bound) { return value > bound * (1 + kRounding); }

std::string Statement(Metric metric, Statistic statistic) {
  return fmt::format("{}_{}", Name(metric), Name(statistic));
}

// --- One number or text at a time ------------------------------------------

void CheckNumber(Findings& findings, std::string_view field, Reading reading, const Range& range) {
  if (!reading) return;
  const double value = *reading;
  if (std::isinf(value)) return findings.Add("NOT_FINITE", field, fmt::format("{} is not finite", value));
  if (value < 0) return findings.Add("NEGATIVE_VALUE", field, fmt::format("{} is negative", value));
  if (value <= range.max && (range.with_min ? value >= range.min : value > range.min)) return;
  findings.Add("OUT_OF_RANGE", field,
               fmt::format("{} is not {} {} and at most {}", value, range.with_min ? "at least" : "greater than",
                           range.min, range.max));
}

void CheckText(Findings& findings, std::string_view field, const std::string& text) {
  if (text.size() <= kMaxText && IsPrintable(text)) return;
  findings.Add("MALFORMED_TEXT", field,
               fmt::format("{} is longer than {} bytes or has control characters", Quoted(text), kMaxText));
}

void CheckLatencies(Findings& findings, std::string_view name, const LatencySummary& latencies) {
  for (const Statistic statistic : kStatistics) {
    const Reading reading = latencies[statistic];
    // The field's name is only worth building where something is wrong.
    if (Sound(reading) && *reading <= kLatencyMs.max) continue;
    CheckNumber(findings, fmt::format("{}_{}", name, Name(statistic)), reading, kLatencyMs);
  }
}

void CheckLengths(Findings& findings, const TokenLengths& lengths, std::string_view side, std::string_view nominal) {
  CheckNumber(findings, fmt::format("mean_{}_tokens", side), lengths.mean, kTokens);
  CheckNumber(findings, nominal, lengths.nominal, kTokens);
  CheckNumber(findings, fmt::format("{}_stdev", nominal), lengths.stdev, kTokensOrNone);
  CheckNumber(findings, fmt::format("{}_min", nominal), lengths.min, kTokensOrNone);
  CheckNumber(findings, fmt::format("{}_max", nominal), lengths.max, kTokensOrNone);
}

void CheckMeasuredAt(Findings& findings, const std::optional<base::Timestamp>& measured_at) {
  if (!measured_at || (*measured_at >= kFirstDay && *measured_at < kLastDay)) return;
  findings.Add(
      "OUT_OF_RANGE", "measured_at",
      fmt::format("{} ms since 1970 is not in the years 2000 to 2199", measured_at->time_since_epoch().count()));
}

Reading Count(const std::optional<std::int64_t>& count) {
  return count ? Reading(static_cast<double>(*count)) : Reading();
}

void CheckNumbers(Findings& findings, const Measurement& row) {
  CheckNumber(findings, "hardware_count", static_cast<double>(std::max(row.configuration.hardware_count, 1)), kGpus);
  CheckLengths(findings, row.input_lengths, "input", "prompt_tokens");
  CheckLengths(findings, row.output_lengths, "output", "output_tokens");
  CheckNumber(findings, "requests_per_second", row.load.offered_rps, kPerSecond);
  CheckNumber(findings, "responses_per_second", row.load.achieved_rps, kPerSecond);
  CheckNumber(findings, "concurrency", row.load.concurrency, kInFlight);
  for (const Metric metric : kMetrics) CheckLatencies(findings, Name(metric), row[metric]);
  CheckLatencies(findings, "tpot", row.tpot);
  CheckNumber(findings, "tokens_per_second", row.tokens_per_second, kPerSecond);
  CheckNumber(findings, "completed_requests", Count(row.completed_requests), kCount);
  CheckNumber(findings, "failed_requests", Count(row.failed_requests), kCount);
  CheckMeasuredAt(findings, row.measured_at);
}

void CheckTexts(Findings& findings, const Measurement& row) {
  CheckText(findings, "model_hf_repo", row.configuration.model);
  CheckText(findings, "precision", row.configuration.precision);
  CheckText(findings, "hardware", row.configuration.hardware);
  CheckText(findings, "framework", row.configuration.framework);
  CheckText(findings, "framework_version", row.configuration.framework_version);
  CheckText(findings, "source", row.provenance.source);
}

// --- What must be there ----------------------------------------------------

void Require(Findings& findings, std::string_view field, bool present, std::string_view advice) {
  if (!present) findings.Add("MISSING_FIELD", field, std::string(advice));
}

void CheckPresence(Findings& findings, const Measurement& row) {
  const auto has_length = [](const TokenLengths& lengths) { return lengths.mean || lengths.nominal; };
  Require(findings, "model_hf_repo", !row.configuration.model.empty(), "the model is absent");
  Require(findings, "hardware", !row.configuration.hardware.empty(), "the GPU type is absent");
  Require(findings, "hardware_count", row.configuration.hardware_count >= 1,
          fmt::format("{} GPUs: at least 1 is needed", row.configuration.hardware_count));
  Require(findings, "mean_input_tokens", has_length(row.input_lengths), "no input length is there, mean or nominal");
  Require(findings, "mean_output_tokens", has_length(row.output_lengths), "no output length is there, mean or nominal");
  Require(findings, "responses_per_second", row.load.achieved_rps.has_value(), "the achieved rate is absent");
  Require(findings, "e2e_mean", !row.ttft.empty() || !row.itl.empty() || !row.e2e.empty(),
          "no latency is there: neither ttft, itl nor e2e");
}

// --- Numbers that must fit each other --------------------------------------

constexpr std::array kPercentiles = {std::pair{Statistic::kP50, 0.50}, std::pair{Statistic::kP90, 0.90},
                                     std::pair{Statistic::kP95, 0.95}, std::pair{Statistic::kP99, 0.99}};

void CheckMonotone(Findings& findings, const Measurement& row, Metric metric) {
  std::optional<Statistic> lower;
  for (const auto& [statistic, share] : kPercentiles) {
    const Reading value = Sound(row[metric][statistic]);
    if (!value) continue;
    if (lower && Above(*row[metric][*lower], *value)) {
      findings.Add(
          "PERCENTILES_NOT_MONOTONE", Statement(metric, statistic),
          fmt::format("{} = {} ms is below {} = {} ms", Name(statistic), *value, Name(*lower), *row[metric][*lower]));
    }
    lower = statistic;
  }
}

/// A tenth of the requests took p90 or longer, so the mean is at least a tenth
/// of p90; half of that leaves room for percentiles read from a histogram.
void CheckMeanOfTail(Findings& findings, const Measurement& row, Metric metric) {
  const Reading mean = Sound(row[metric][Statistic::kMean]);
  for (const auto& [statistic, share] : kPercentiles) {
    const Reading value = Sound(row[metric][statistic]);
    if (!mean || !value || *mean >= kMinMeanOfTail * (1 - share) * *value) continue;
    findings.Add("CONTRADICTORY", Statement(metric, Statistic::kMean),
                 fmt::format("a mean of {} ms is not possible with {} = {} ms", *mean, Name(statistic), *value));
    return;
  }
}

void CheckTtftWithinE2e(Findings& findings, const Measurement& row) {
  for (const Statistic statistic : kStatistics) {
    const Reading ttft = Sound(row.ttft[statistic]);
    const Reading e2e = Sound(row.e2e[statistic]);
    if (!ttft || !e2e || !Above(*ttft, *e2e)) continue;
    findings.Add("E2E_SHORTER_THAN_TTFT", Statement(Metric::kE2e, statistic),
                 fmt::format("{} ms end to end, but {} ms to the first token", *e2e, *ttft));
  }
}

void CheckMeanLength(Findings& findings, const TokenLengths& lengths, std::string_view field) {
  if (!lengths.mean) return;
  const bool low = lengths.min && Above(*lengths.min, *lengths.mean);
  const bool high = lengths.max && Above(*lengths.mean, *lengths.max);
  if (!low && !high) return;
  findings.Add("MEAN_OUTSIDE_RANGE", field,
               fmt::format("a mean of {} tokens is {} {}", *lengths.mean,
                           low ? "below the shortest," : "above the longest,", low ? *lengths.min : *lengths.max));
}

Reading OutputTokens(const Measurement& row) {
  const Reading mean = Sound(row.output_lengths.mean);
  return mean ? mean : Sound(row.output_lengths.nominal);
}

void CheckUnits(Findings& findings, const Measurement& row) {
  const Reading ttft = Sound(row.ttft[Statistic::kMean]);
  const Reading itl = Sound(row.itl[Statistic::kMean]);
  const Reading e2e = Sound(row.e2e[Statistic::kMean]);
  const Reading output = OutputTokens(row);
  if (!ttft || !itl || !e2e || !output) return;
  const double decoding = std::max(*output - 1, 0.0) * *itl;
  const double expected = *ttft + decoding;
  const bool itl_in_seconds = decoding > 0 && *e2e - *ttft >= kWrongUnitFactor * decoding;
  if (*e2e<kWrongUnitFactor * expected&& * e2e> expected / kWrongUnitFactor && !itl_in_seconds) return;
  findings.Add("WRONG_UNIT", "e2e_mean",
               fmt::format("{} ms does not fit {} ms to the first token and {} ms for each of {} tokens after it: "
                           "one of them is in another unit",
                           *e2e, *ttft, *itl, *output - 1));
}

void CheckRates(Findings& findings, const Load& load) {
  const Reading offered = Sound(load.offered_rps);
  const Reading achieved = Sound(load.achieved_rps);
  if (!offered || !achieved) return;
  if (*achieved <= kMaxAchievedOverOffered * *offered + kMaxAchievedAboveOffered) return;
  findings.Add("CONTRADICTORY", "responses_per_second",
               fmt::format("{}/s were achieved, but only {}/s were offered", *achieved, *offered));
}

void CheckTokenRate(Findings& findings, const Measurement& row) {
  const Reading achieved = Sound(row.load.achieved_rps);
  const Reading output = OutputTokens(row);
  const Reading reported = Sound(row.tokens_per_second);
  if (!achieved || !output || !reported) return;
  const double expected = *achieved * *output;
  if (!Above(*reported, kMaxTokenRateFactor * expected) && !Above(expected, kMaxTokenRateFactor * *reported)) return;
  findings.Add(
      "CONTRADICTORY", "tokens_per_second",
      fmt::format("{}/s, but {} responses/s of {} output tokens are {}/s", *reported, *achieved, *output, expected));
}

/// Little's law: requests in flight are rate x time, and a limit bounds them.
void CheckInFlight(Findings& findings, const Measurement& row) {
  const Reading achieved = Sound(row.load.achieved_rps);
  const Reading e2e = Sound(row.e2e[Statistic::kMean]);
  const Reading concurrency = Sound(row.load.concurrency);
  if (!achieved || !e2e || !concurrency) return;
  const double in_flight = *achieved * *e2e / kMsPerSecond;
  if (!Above(in_flight, kMaxInFlightFactor * *concurrency)) return;
  findings.Add("CONTRADICTORY", "concurrency",
               fmt::format("{} in flight, but {} responses/s that take {} ms each need {}", *concurrency, *achieved,
                           *e2e, in_flight));
}

void CheckRelations(Findings& findings, const Measurement& row) {
  for (const Metric metric : kMetrics) {
    CheckMonotone(findings, row, metric);
    CheckMeanOfTail(findings, row, metric);
  }
  CheckTtftWithinE2e(findings, row);
  CheckMeanLength(findings, row.input_lengths, "mean_input_tokens");
  CheckMeanLength(findings, row.output_lengths, "mean_output_tokens");
  CheckUnits(findings, row);
  CheckRates(findings, row.load);
  CheckTokenRate(findings, row);
  CheckInFlight(findings, row);
}

void CheckRequests(Findings& findings, const std::optional<std::int64_t>& completed) {
  if (!completed || *completed < 0 || *completed >= kMinRequests) return;
  findings.Add("TOO_FEW_REQUESTS", "completed_requests",
               fmt::format("{} requests completed; tail percentiles need {}", *completed, kMinRequests));
}

// --- The verdict -------------------------------------------------------------

bool Saturated(const Measurement& row) {
  const Reading offered = Sound(row.load.offered_rps);
  const Reading achieved = Sound(row.load.achieved_rps);
  const auto completed = static_cast<double>(row.completed_requests.value_or(0));
  const auto failed = static_cast<double>(row.failed_requests.value_or(0));
  return row.load.saturated || (offered && achieved && *achieved < kMinAchievedOfOffered * *offered) ||
         (row.completed_requests && failed > kMaxFailedShare * (completed + failed));
}

std::vector<QuarantineReason> Examine(const Measurement& row) {
  std::vector<QuarantineReason> reasons;
  Findings findings(reasons);
  if (row.completed_requests == 0) {
    findings.Add("ALL_REQUESTS_FAILED", "completed_requests", "no request completed");
    return reasons;
  }
  CheckPresence(findings, row);
  CheckTexts(findings, row);
  CheckNumbers(findings, row);
  CheckRelations(findings, row);
  CheckRequests(findings, row.completed_requests);
  return reasons;
}

}  // namespace

Verdict Judge(Measurement measurement) {
  Verdict verdict{.measurement = std::move(measurement)};
  verdict.measurement.configuration = Canonical(std::move(verdict.measurement.configuration));
  verdict.measurement.load.saturated = Saturated(verdict.measurement);
  verdict.reasons = Examine(verdict.measurement);
  if (verdict.accepted()) verdict.shape = ShapeOf(verdict.measurement).value();
  return verdict;
}

}  // namespace loadline::domain
