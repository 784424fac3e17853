#include "libs/domain/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "libs/domain/judge_checks.h"

namespace loadline::domain {
namespace {

constexpr std::int64_t kMinRequests = 30;
constexpr double kMinAchievedOfOffered = 0.9;
constexpr double kMostIncomplete = 1.0 / 6;
constexpr double kMaxFailedShare = 0.1;

void CheckRequests(Reasons& reasons, const std::optional<std::int64_t>& completed) {
  if (!completed || *completed < 0 || *completed >= kMinRequests) return;
  Report(reasons, "TOO_FEW_REQUESTS", "completed_requests",
         fmt::format("{} requests completed; tail percentiles need {}", *completed, kMinRequests));
}

// The share of the offered requests that a run of limited length can complete:
// none that arrives in the last part of it, as long as a request takes. A run
// of less than six times that tells too little to excuse more.
double Completable(const Measurement& row, double achieved_rps) {
  const Reading stay_ms = Sound(row.e2e[Statistic::kMean]);
  if (!stay_ms || !row.completed_requests || *row.completed_requests <= 0) return 1;
  const double duration_ms = 1000 * static_cast<double>(*row.completed_requests) / achieved_rps;
  return std::max(1 - kMostIncomplete, 1 - *stay_ms / duration_ms);
}

bool KeptUp(const Measurement& row) {
  const Reading offered = Sound(row.load.offered_rps);
  const Reading achieved = Sound(row.load.achieved_rps);
  if (!offered || !achieved) return true;
  return *achieved >= kMinAchievedOfOffered * *offered * Completable(row, *achieved);
}

bool Saturated(const Measurement& row) {
  const auto completed = static_cast<double>(row.completed_requests.value_or(0));
  const auto failed = static_cast<double>(row.failed_requests.value_or(0));
  return row.load.saturated || !KeptUp(row) ||
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
