#include "libs/domain/judge.h"

#include <fmt/format.h>

#include <utility>

#include "libs/domain/judge_checks.h"

namespace loadline::domain {
namespace {

constexpr std::int64_t kMinRequests = 30;
constexpr double kMinAchievedOfOffered = 0.9;
constexpr double kMaxFailedShare = 0.1;

void CheckRequests(Reasons& reasons, const std::optional<std::int64_t>& completed) {
  if (!completed || *completed < 0 || *completed >= kMinRequests) return;
  Report(reasons, "TOO_FEW_REQUESTS", "completed_requests",
         fmt::format("{} requests completed; tail percentiles need {}", *completed, kMinRequests));
}

bool Saturated(const Measurement& row) {
  const Reading offered = Sound(row.load.offered_rps);
  const Reading achieved = Sound(row.load.achieved_rps);
  const auto completed = static_cast<double>(row.completed_requests.value_or(0));
  const auto failed = static_cast<double>(row.failed_requests.value_or(0));
  return row.load.saturated || (offered && achieved && *achieved < kMinAchievedOfOffered * *offered) ||
         (row.completed_requests && failed > kMaxFailedShare * (completed + failed));
}

Reasons Examine(const Measurement& row) {
  Reasons reasons;
  if (row.completed_requests == 0) {
    Report(reasons, "ALL_REQUESTS_FAILED", "completed_requests", "no request completed");
    return reasons;
  }
  CheckPresence(reasons, row);
  CheckTexts(reasons, row);
  CheckNumbers(reasons, row);
  CheckRelations(reasons, row);
  CheckRequests(reasons, row.completed_requests);
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
