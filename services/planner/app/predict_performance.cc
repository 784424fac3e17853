#include "services/planner/app/predict_performance.h"

#include <fmt/format.h>

#include <utility>

#include "services/planner/app/checks.h"
#include "services/planner/app/names.h"
#include "services/planner/app/plan_terms.h"

namespace loadline::planner {
namespace {

using planning::ConfigurationEvidence;
using planning::NoPerformance;

constexpr double kMinRps = 1e-6;
constexpr double kMaxRps = 10'000'000;
constexpr double kMaxConcurrency = 10'000'000;
// How many of the configurations that fit are named, where one was meant.
constexpr std::size_t kNamed = 3;

void CheckLoad(const PredictQuery& query, Violations* violations) {
  if (query.rps) CheckRange("requests_per_second", *query.rps, kMinRps, kMaxRps, violations);
  if (query.concurrency) CheckPositive("concurrency", *query.concurrency, kMaxConcurrency, violations);
  if (query.rps || query.concurrency) return;
  violations->push_back({"requests_per_second", "or concurrency is required: the load of one replica"});
}

base::Result<planning::PerformanceRequest> Check(const PredictQuery& query) {
  auto violations = query.violations;
  if (query.filter.model.empty()) violations.push_back({"configuration.model_hf_repo", "is required"});
  std::optional<domain::TrafficShape> shape;
  if (query.shape) {
    shape = ValueOr(domain::TrafficShape::Make(query.shape->input_tokens, query.shape->output_tokens), &violations);
  } else {
    violations.push_back({"shape", "is required: the mean input and output tokens of the traffic"});
  }
  CheckLoad(query, &violations);
  const double confidence = CheckConfidence(query.confidence, planning::PerformanceRequest().confidence, &violations);
  if (!violations.empty()) return base::Fail(base::InvalidArgument(std::move(violations)));
  return planning::PerformanceRequest{
      .shape = *shape, .rps = query.rps, .concurrency = query.concurrency, .confidence = confidence};
}

std::vector<const ConfigurationEvidence*> Fitting(const ModelList& evidence, const domain::BenchmarkFilter& filter) {
  std::vector<const ConfigurationEvidence*> fitting;
  for (const auto& model : evidence) {
    for (const auto& measured : model->configurations) {
      if (filter.Matches(measured.configuration)) fitting.push_back(&measured);
    }
  }
  return fitting;
}

base::Error Ambiguous(const std::vector<const ConfigurationEvidence*>& fitting) {
  std::string names;
  for (std::size_t i = 0; i < fitting.size() && i < kNamed; ++i) {
    names += fmt::format("{}{}", i == 0 ? "" : "; ", fitting[i]->configuration.ToString());
  }
  return base::InvalidArgument("configuration",
                               fmt::format("fits {} configurations; name more of its fields to tell them apart: {}{}",
                                           fitting.size(), names, fitting.size() > kNamed ? "; ..." : ""));
}

base::Result<const ConfigurationEvidence*> TheOnly(const ModelList& evidence, const domain::BenchmarkFilter& filter) {
  const auto fitting = Fitting(evidence, filter);
  if (fitting.size() == 1) return fitting.front();
  if (fitting.size() > 1) return base::Fail(Ambiguous(fitting));
  return base::Fail(NoBenchmarkMatches(filter, evidence));
}

std::string_view ReasonOf(NoPerformance::Reason reason) {
  switch (reason) {
    case NoPerformance::Reason::kTooFewBenchmarks: return "TOO_FEW_BENCHMARKS";
    case NoPerformance::Reason::kSaturated: return "SATURATED";
    case NoPerformance::Reason::kMemory: break;
  }
  return "DOES_NOT_FIT";
}

template <typename Value>
const Value* Find(const std::map<std::string, Value, std::less<>>& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? nullptr : &found->second;
}

base::Result<planning::Performance> Predict(const planning::PlanningCatalog& catalog,
                                            const ConfigurationEvidence& measured,
                                            const planning::PerformanceRequest& request) {
  const auto* model = Find(catalog.models, measured.configuration.model);
  const auto* hardware = Find(catalog.hardware, measured.configuration.hardware);
  auto result = planning::PredictPerformance(measured, model, hardware, request);
  if (const auto* none = std::get_if<NoPerformance>(&result)) {
    return base::Fail(base::FailedPrecondition(ReasonOf(none->reason), none->message));
  }
  return std::get<planning::Performance>(std::move(result));
}

}  // namespace

base::Result<PredictAnswer> PredictPerformance(EvidenceCache& cache, const PredictQuery& query,
                                               const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto request, Check(query));
  LOADLINE_ASSIGN_OR_RETURN(const auto snapshot, cache.Current());
  LOADLINE_ASSIGN_OR_RETURN(const auto selected, Select(cache, snapshot, query.filter, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto* const measured, TheOnly(*selected.evidence, selected.filter));
  LOADLINE_ASSIGN_OR_RETURN(auto performance, Predict(snapshot.view->catalog->planning, *measured, request));
  return PredictAnswer{.configuration = measured->configuration,
                       .request = request,
                       .performance = std::move(performance),
                       .freshness = snapshot.freshness};
}

}  // namespace loadline::planner
