#include "services/planner/planning/constraint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace loadline::planning {
namespace {

constexpr std::size_t kMostCaps = 8;
constexpr double kLongestMs = 24.0 * 3600 * 1000;

// Limits that were valid are valid in any number of 1 and more.
domain::Slo SloOf(const std::vector<domain::Limit>& limits) {
  std::string text;
  for (const domain::Limit& limit : limits) {
    text += fmt::format("{}{}:{}<{}ms", text.empty() ? "" : ";", Name(limit.metric), Name(limit.statistic),
                        std::min(limit.max_ms, kLongestMs));
  }
  return *domain::Slo::Parse(text);
}

Constraint OnLimit(const domain::Limit& limit) { return {.kind = ConstraintKind::kSloLimit, .text = limit.ToString()}; }
Constraint OnGpus(const std::string& hardware, int gpus) {
  return {.kind = ConstraintKind::kGpuInventory, .text = fmt::format("max_gpus[{}]={}", hardware, gpus)};
}
Constraint OnBudget(double usd) {
  return {.kind = ConstraintKind::kBudget, .text = fmt::format("budget_usd_per_month={:.10g}", usd)};
}

// Up to four digits: nobody promises more.
double RoundedUp(double value) {
  const double step = std::pow(10, std::floor(std::log10(value)) - 3);
  const double steps = std::ceil(value / step * (1 - 1e-9));
  // Dividing is exact where a step like 0.001 is not.
  return step < 1 ? steps / std::round(1 / step) : steps * step;
}

double Relaxed(const domain::Limit& limit, double factor) {
  return std::min(RoundedUp(limit.max_ms * factor), kLongestMs);
}

PlanRequest WithLimit(PlanRequest request, const domain::Limit& limit, double factor) {
  auto limits = request.slo.limits();
  for (domain::Limit& each : limits) {
    if (each.metric == limit.metric && each.statistic == limit.statistic) each.max_ms = Relaxed(limit, factor);
  }
  request.slo = SloOf(limits);
  return request;
}

// An SLO has at least one limit: without the last one, a day for the same.
PlanRequest WithoutLimit(PlanRequest request, const domain::Limit& limit) {
  auto limits = request.slo.limits();
  std::erase_if(limits, [&](const domain::Limit& each) {
    return each.metric == limit.metric && each.statistic == limit.statistic;
  });
  if (limits.empty()) limits.push_back({.metric = limit.metric, .statistic = limit.statistic, .max_ms = kLongestMs});
  request.slo = SloOf(limits);
  return request;
}

Handle LimitHandle(const domain::Limit& limit) {
  return {.constraint = OnLimit(limit),
          .relax = [=](const PlanRequest& request, double factor) { return WithLimit(request, limit, factor); },
          .drop = [=](const PlanRequest& request) { return WithoutLimit(request, limit); },
          .at =
              [=](double factor) {
                auto relaxed = limit;
                relaxed.max_ms = Relaxed(limit, factor);
                return OnLimit(relaxed);
              }};
}

int Widened(int gpus, double factor) {
  return static_cast<int>(std::min(1e9, std::max(gpus + 1.0, std::ceil(gpus * factor))));
}

Handle GpuHandle(const std::string& hardware, int gpus) {
  return {.constraint = OnGpus(hardware, gpus),
          .relax =
              [=](PlanRequest request, double factor) {
                request.max_gpus[hardware] = Widened(gpus, factor);
                return request;
              },
          .drop =
              [=](PlanRequest request) {
                request.max_gpus.erase(hardware);
                return request;
              },
          .at = [=](double factor) { return OnGpus(hardware, Widened(gpus, factor)); }};
}

Handle BudgetHandle(double budget) {
  return {.constraint = OnBudget(budget),
          .relax =
              [=](PlanRequest request, double factor) {
                request.budget_usd_per_month = RoundedUp(budget * factor);
                return request;
              },
          .drop =
              [](PlanRequest request) {
                request.budget_usd_per_month = std::numeric_limits<double>::infinity();
                return request;
              },
          .at = [=](double factor) { return OnBudget(RoundedUp(budget * factor)); }};
}

}  // namespace

std::vector<Handle> HandlesOf(const PlanRequest& request) {
  std::vector<Handle> handles;
  for (const domain::Limit& limit : request.slo.limits()) handles.push_back(LimitHandle(limit));
  for (const auto& [hardware, gpus] : request.max_gpus) {
    if (handles.size() < request.slo.limits().size() + kMostCaps) handles.push_back(GpuHandle(hardware, gpus));
  }
  if (std::isfinite(request.budget_usd_per_month)) handles.push_back(BudgetHandle(request.budget_usd_per_month));
  return handles;
}

PlanRequest Keep(const PlanRequest& request, const std::vector<Handle>& handles, const std::vector<std::size_t>& kept) {
  PlanRequest some = request;
  for (std::size_t i = 0; i < handles.size(); ++i) {
    if (std::find(kept.begin(), kept.end(), i) == kept.end()) some = handles[i].drop(some);
  }
  return some;
}

}  // namespace loadline::planning
