#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "libs/domain/judge_checks.h"
#include "libs/domain/text.h"

namespace loadline::domain {
namespace {

constexpr std::size_t kMaxText = 256;
constexpr std::size_t kMaxPath = 4096;

/// What a number may be: above `min`, or equal to it where `with_min`.
struct Range {
  double min = 0;
  bool with_min = false;
  double max = 0;
};
constexpr Range kLatencyMs = {.max = 24.0 * 60 * 60 * 1000};
/// Chunks may arrive together.
constexpr Range kGapMs = {.with_min = true, .max = kLatencyMs.max};
/// What a shape may have.
constexpr Range kTokens = {.min = TrafficShape::kMinTokens, .with_min = true, .max = TrafficShape::kMaxTokens};
constexpr Range kTokensOrNone = {.with_min = true, .max = TrafficShape::kMaxTokens};
constexpr Range kPerSecond = {.max = 1e9};
constexpr Range kInFlight = {.max = 1e7};
constexpr Range kCount = {.with_min = true, .max = 1e15};
constexpr Range kGpus = {.max = 100'000};
constexpr std::chrono::sys_days kFirstDay = std::chrono::January / 1 / 2000;
constexpr std::chrono::sys_days kDayAfterLast = std::chrono::January / 1 / 2200;

/// What the lengths of a side are called in a report.
struct LengthFields {
  std::string_view mean;
  std::string_view nominal;
  std::string_view stdev;
  std::string_view min;
  std::string_view max;
};
constexpr LengthFields kInputFields = {"mean_input_tokens", "prompt_tokens", "prompt_tokens_stdev", "prompt_tokens_min",
                                       "prompt_tokens_max"};
constexpr LengthFields kOutputFields = {"mean_output_tokens", "output_tokens", "output_tokens_stdev",
                                        "output_tokens_min", "output_tokens_max"};

void CheckNumber(Reasons& reasons, std::string_view field, Reading reading, const Range& range) {
  if (!reading) return;
  const double value = *reading;
  if (std::isinf(value)) return Report(reasons, "NOT_FINITE", field, fmt::format("{} is not finite", value));
  if (value < 0) return Report(reasons, "NEGATIVE_VALUE", field, fmt::format("{} is negative", value));
  if (value <= range.max && (range.with_min ? value >= range.min : value > range.min)) return;
  Report(reasons, "OUT_OF_RANGE", field,
         fmt::format("{} is not {} {} and at most {}", value, range.with_min ? "at least" : "greater than", range.min,
                     range.max));
}

void CheckText(Reasons& reasons, std::string_view field, const std::string& text, std::size_t max = kMaxText) {
  if (text.size() <= max && IsPrintable(text)) return;
  Report(reasons, "MALFORMED_TEXT", field,
         fmt::format("{} is longer than {} bytes or has control characters", Quoted(text), max));
}

void CheckLatencies(Reasons& reasons, std::string_view name, const LatencySummary& latencies,
                    const Range& range = kLatencyMs) {
  for (const Statistic statistic : kStatistics) {
    const Reading reading = latencies[statistic];
    // The field's name is only worth building where something is wrong.
    if (Sound(reading) && *reading <= range.max) continue;
    CheckNumber(reasons, fmt::format("{}_{}", name, Name(statistic)), reading, range);
  }
}

void CheckLengths(Reasons& reasons, const TokenLengths& lengths, const LengthFields& fields) {
  CheckNumber(reasons, fields.mean, lengths.mean, kTokens);
  CheckNumber(reasons, fields.nominal, lengths.nominal, kTokens);
  CheckNumber(reasons, fields.stdev, lengths.stdev, kTokensOrNone);
  CheckNumber(reasons, fields.min, lengths.min, kTokensOrNone);
  CheckNumber(reasons, fields.max, lengths.max, kTokensOrNone);
}

void CheckMeasuredAt(Reasons& reasons, const std::optional<base::Timestamp>& measured_at) {
  if (!measured_at || (*measured_at >= kFirstDay && *measured_at < kDayAfterLast)) return;
  Report(reasons, "OUT_OF_RANGE", "measured_at",
         fmt::format("{} ms since 1970 is not in the years 2000 to 2199", measured_at->time_since_epoch().count()));
}

Reading Count(const std::optional<std::int64_t>& count) {
  return count ? Reading(static_cast<double>(*count)) : Reading();
}

void Require(Reasons& reasons, std::string_view field, bool present, std::string_view advice) {
  if (!present) Report(reasons, "MISSING_FIELD", field, std::string(advice));
}

}  // namespace

void CheckPresence(Reasons& reasons, const Measurement& row) {
  const auto has_length = [](const TokenLengths& lengths) { return lengths.mean || lengths.nominal; };
  Require(reasons, "model_hf_repo", !row.configuration.model.empty(), "the model is absent");
  Require(reasons, "hardware", !row.configuration.hardware.empty(), "the GPU type is absent");
  Require(reasons, "hardware_count", row.configuration.hardware_count >= 1,
          fmt::format("{} GPUs: at least 1 is needed", row.configuration.hardware_count));
  Require(reasons, "mean_input_tokens", has_length(row.input_lengths), "no input length is there, mean or nominal");
  Require(reasons, "mean_output_tokens", has_length(row.output_lengths), "no output length is there, mean or nominal");
  Require(reasons, "responses_per_second", row.load.achieved_rps.has_value(), "the achieved rate is absent");
  Require(reasons, "e2e_mean", !row.ttft.empty() || !row.itl.empty() || !row.e2e.empty(),
          "no latency is there: neither ttft, itl nor e2e");
}

void CheckNumbers(Reasons& reasons, const Measurement& row) {
  CheckNumber(reasons, "hardware_count", static_cast<double>(std::max(row.configuration.hardware_count, 1)), kGpus);
  CheckLengths(reasons, row.input_lengths, kInputFields);
  CheckLengths(reasons, row.output_lengths, kOutputFields);
  CheckNumber(reasons, "requests_per_second", row.load.offered_rps, kPerSecond);
  CheckNumber(reasons, "responses_per_second", row.load.achieved_rps, kPerSecond);
  CheckNumber(reasons, "concurrency", row.load.concurrency, kInFlight);
  for (const Metric metric : kMetrics) CheckLatencies(reasons, Name(metric), row[metric]);
  CheckLatencies(reasons, "tpot", row.tpot);
  if (!row.chunk_gap.empty()) CheckLatencies(reasons, "chunk_gap", row.chunk_gap, kGapMs);
  CheckNumber(reasons, "tokens_per_second", row.tokens_per_second, kPerSecond);
  CheckNumber(reasons, "completed_requests", Count(row.completed_requests), kCount);
  CheckNumber(reasons, "failed_requests", Count(row.failed_requests), kCount);
  CheckMeasuredAt(reasons, row.measured_at);
}

void CheckTexts(Reasons& reasons, const Measurement& row) {
  CheckText(reasons, "model_hf_repo", row.configuration.model);
  CheckText(reasons, "precision", row.configuration.precision);
  CheckText(reasons, "hardware", row.configuration.hardware);
  CheckText(reasons, "framework", row.configuration.framework);
  CheckText(reasons, "framework_version", row.configuration.framework_version);
  CheckText(reasons, "source", row.provenance.source);
  CheckText(reasons, "confidence_level", row.provenance.confidence_level);
  CheckText(reasons, "format", row.provenance.format);
  CheckText(reasons, "tool_version", row.provenance.tool_version);
  CheckText(reasons, "sha256", row.provenance.sha256);
  CheckText(reasons, "path", row.provenance.path, kMaxPath);
}

}  // namespace loadline::domain
