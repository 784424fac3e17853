#include "services/planner/planning/plan.h"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <queue>
#include <string_view>
#include <unordered_map>

#include "libs/domain/text.h"
#include "services/planner/planning/candidate.h"
#include "services/planner/planning/explain.h"

namespace loadline::planning {
namespace {

constexpr std::size_t kNearestMisses = 5;
constexpr std::size_t kReasons = 7;

using EvidenceList = std::vector<std::shared_ptr<const ModelEvidence>>;

bool Allows(const std::vector<std::string>& allowed, const std::string& value) {
  return allowed.empty() || std::binary_search(allowed.begin(), allowed.end(), value);
}

bool Allows(const CandidateFilter& filter, const domain::Configuration& configuration) {
  return Allows(filter.hardware, configuration.hardware) && Allows(filter.frameworks, configuration.framework) &&
         Allows(filter.precisions, configuration.precision);
}

template <typename Value>
const Value* Find(const std::map<std::string, Value, std::less<>>& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? nullptr : &found->second;
}

const domain::HardwarePrice* LowestPrice(const domain::Hardware& hardware, const PriceSelection& selection) {
  const domain::HardwarePrice* lowest = nullptr;
  for (const domain::HardwarePrice& price : hardware.prices) {
    if (!domain::EqualsIgnoringCase(price.purchase_option, selection.purchase_option)) continue;
    const bool asked = selection.provider.empty() || domain::EqualsIgnoringCase(price.provider, selection.provider);
    if (!asked) continue;
    if (lowest == nullptr || price.usd_per_gpu_hour < lowest->usd_per_gpu_hour) lowest = &price;
  }
  return lowest;
}

// The terms of every GPU type that comes up, looked up once a plan. Neighbouring
// configurations mostly share theirs.
class TermsTable {
 public:
  TermsTable(const PlanningCatalog& catalog, const PlanRequest& request) : catalog_(catalog), request_(request) {}

  const HardwareTerms& Of(const std::string& hardware) {
    if (last_ != nullptr && last_->first == hardware) return last_->second;
    const auto [entry, missing] = terms_.try_emplace(hardware);
    if (missing) entry->second = Look(hardware);
    last_ = &*entry;
    return last_->second;
  }

 private:
  HardwareTerms Look(const std::string& name) const {
    HardwareTerms terms{.hardware = Find(catalog_.hardware, name)};
    if (terms.hardware != nullptr) terms.price = LowestPrice(*terms.hardware, request_.price);
    const auto cap = request_.max_gpus.find(name);
    if (cap != request_.max_gpus.end()) terms.max_gpus = cap->second;
    return terms;
  }

  const PlanningCatalog& catalog_;
  const PlanRequest& request_;
  std::unordered_map<std::string_view, HardwareTerms> terms_;  // keys live in the evidence
  const std::pair<const std::string_view, HardwareTerms>* last_ = nullptr;
};

// A plan over tens of thousands of configurations waits mostly for memory: each
// one's curves lie elsewhere. Fetching some ahead saves a third of the time.
void FetchAhead(const std::vector<ConfigurationEvidence>& configurations, std::size_t now, const domain::Slo& slo) {
  constexpr std::size_t kCurves = 6;
  constexpr std::size_t kColumns = 3;
  constexpr std::size_t kCacheLine = 64;
  if (now + kCurves >= configurations.size()) return;
  const auto& later = configurations[now + kCurves].curves;
  const auto* bytes = reinterpret_cast<const char*>(later.data());
  for (std::size_t i = 0; i < later.size() * sizeof(LoadCurve); i += kCacheLine) __builtin_prefetch(bytes + i);
  for (const LoadCurve& curve : configurations[now + kColumns].curves) curve.Prefetch(slo);
}

struct Judged {
  std::vector<Feasible> feasible;
  std::vector<Infeasible> infeasible;

  void Add(Verdict verdict, std::uint32_t number) {
    if (auto* good = std::get_if<Feasible>(&verdict)) {
      good->index = number;
      feasible.push_back(std::move(*good));
    } else {
      infeasible.push_back(std::get<Infeasible>(verdict));
      infeasible.back().index = number;
    }
  }
};

// Judges one allowed configuration after the other until `visit(verdict)` is
// false.
template <typename Visit>
void JudgeEach(const EvidenceList& evidence, const PlanningCatalog& catalog, const PlanRequest& request,
               TermsTable& terms, Visit visit) {
  for (const auto& model : evidence) {
    const domain::Model* known = Find(catalog.models, model->model);
    for (std::size_t i = 0; i < model->configurations.size(); ++i) {
      FetchAhead(model->configurations, i, request.slo);
      const ConfigurationEvidence& configuration = model->configurations[i];
      if (!Allows(request.candidates, configuration.configuration)) continue;
      if (!visit(Evaluate(configuration, known, terms.Of(configuration.configuration.hardware), request))) return;
    }
  }
}

Judged JudgeAll(const EvidenceList& evidence, const PlanningCatalog& catalog, const PlanRequest& request,
                TermsTable& terms) {
  Judged judged;
  std::size_t most = 0;
  for (const auto& model : evidence) most += model->configurations.size();
  judged.feasible.reserve(most);
  std::uint32_t number = 0;
  JudgeEach(evidence, catalog, request, terms, [&](Verdict verdict) {
    judged.Add(std::move(verdict), number++);
    return true;
  });
  return judged;
}

// Settles every candidate that could be among the `count` best, and no other:
// what is not settled stands at least as high as it will, so a settled one that
// stands highest is the best.
void SettleBest(Judged& judged, const PlanRequest& request, std::size_t count) {
  auto& candidates = judged.feasible;
  const auto worse = [&](std::uint32_t a, std::uint32_t b) { return ComesBefore(candidates[b], candidates[a]); };
  std::vector<std::uint32_t> order(candidates.size());
  std::iota(order.begin(), order.end(), 0U);
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, decltype(worse)> queue(worse, std::move(order));
  std::vector<std::uint32_t> rejected;
  for (std::size_t best = 0; best < count && !queue.empty();) {
    const std::uint32_t at = queue.top();
    queue.pop();
    if (candidates[at].settled()) {
      ++best;
      continue;
    }
    Verdict verdict = Settle(candidates[at], request);
    if (auto* good = std::get_if<Feasible>(&verdict)) {
      candidates[at] = std::move(*good);
      queue.push(at);
    } else {
      judged.infeasible.push_back(std::get<Infeasible>(verdict));
      rejected.push_back(at);
    }
  }
  std::sort(rejected.begin(), rejected.end(), std::greater<>());
  for (const std::uint32_t at : rejected) candidates.erase(candidates.begin() + at);
  std::sort(judged.infeasible.begin(), judged.infeasible.end(),
            [](const Infeasible& a, const Infeasible& b) { return a.index < b.index; });
}

bool AllSettled(const std::vector<Feasible>& candidates) {
  return std::all_of(candidates.begin(), candidates.end(), [](const Feasible& each) { return each.settled(); });
}

std::vector<RejectionCount> CountReasons(const std::vector<Infeasible>& infeasible) {
  std::array<int, kReasons> counts{};
  for (const Infeasible& candidate : infeasible) ++counts[static_cast<std::size_t>(candidate.reason)];
  std::vector<RejectionCount> present;
  for (std::size_t i = 0; i < kReasons; ++i) {
    if (counts[i] > 0) present.push_back({.reason = static_cast<RejectionReason>(i), .configurations = counts[i]});
  }
  std::stable_sort(present.begin(), present.end(), [](const RejectionCount& a, const RejectionCount& b) {
    return a.configurations > b.configurations;
  });
  return present;
}

std::vector<Rejection> NearestMisses(const std::vector<Infeasible>& infeasible, const PlanRequest& request) {
  std::vector<const Infeasible*> misses;
  for (const Infeasible& candidate : infeasible) {
    if (candidate.miss_factor > 1) misses.push_back(&candidate);
  }
  const auto count = std::min(kNearestMisses, misses.size());
  std::partial_sort(misses.begin(), misses.begin() + static_cast<std::ptrdiff_t>(count), misses.end(),
                    [](const Infeasible* a, const Infeasible* b) {
                      return a->miss_factor != b->miss_factor ? a->miss_factor < b->miss_factor : a->index < b->index;
                    });
  std::vector<Rejection> nearest;
  for (std::size_t i = 0; i < count; ++i) nearest.push_back(ExplainRejection(*misses[i], request));
  return nearest;
}

void ListOptions(const std::vector<Feasible>& candidates, const std::vector<std::uint32_t>& order,
                 const PlanRequest& request, Plan& plan) {
  const auto most = static_cast<std::size_t>(request.top_n);
  for (const std::uint32_t index : order) {
    const Feasible& candidate = candidates[index];
    if (plan.options.size() >= most && plan.pareto_front.size() >= most) break;
    const bool on_front = candidate.pareto_optimal && plan.pareto_front.size() < most;
    if (plan.options.size() >= most && !on_front) continue;
    PlanOption option = ExplainOption(candidate, request);
    if (on_front) plan.pareto_front.push_back(option);
    if (plan.options.size() < most) plan.options.push_back(std::move(option));
  }
}

void ListRejections(const std::vector<Infeasible>& infeasible, const PlanRequest& request, Plan& plan) {
  if (request.rejection_count == 0) return;
  const auto begin = std::min(static_cast<std::size_t>(request.rejections_after), infeasible.size());
  const auto end = std::min(begin + static_cast<std::size_t>(request.rejection_count), infeasible.size());
  for (std::size_t i = begin; i < end; ++i) plan.rejections.push_back(ExplainRejection(infeasible[i], request));
  plan.more_rejections = end < infeasible.size();
}

bool IsFeasible(const Verdict& verdict, const PlanRequest& request) {
  const auto* candidate = std::get_if<Feasible>(&verdict);
  if (candidate == nullptr || candidate->settled()) return candidate != nullptr;
  return std::holds_alternative<Feasible>(Settle(*candidate, request));
}

}  // namespace

std::vector<domain::Limit> LimitsNeverMeasured(const EvidenceList& evidence, const PlanRequest& request) {
  std::vector<domain::Limit> never = request.slo.limits();
  const auto measured = [](const LoadCurve& curve, const domain::Limit& limit) {
    return curve.CrossingOf(limit.metric, limit.statistic, limit.max_ms).kind != CurveCrossing::Kind::kNotMeasured;
  };
  // Lengths make end-to-end latencies of what else was measured.
  if (request.lengths) std::erase_if(never, [](const auto& limit) { return limit.metric == domain::Metric::kE2e; });
  for (const auto& model : evidence) {
    for (const ConfigurationEvidence& configuration : model->configurations) {
      if (!Allows(request.candidates, configuration.configuration)) continue;
      for (const LoadCurve& curve : configuration.curves) {
        std::erase_if(never, [&](const domain::Limit& limit) { return measured(curve, limit); });
      }
    }
  }
  return never;
}

bool AnyFeasible(const EvidenceList& evidence, const PlanningCatalog& catalog, const PlanRequest& request) {
  TermsTable terms(catalog, request);
  bool any = false;
  JudgeEach(evidence, catalog, request, terms, [&](const Verdict& verdict) {
    any = IsFeasible(verdict, request);
    return !any;
  });
  return any;
}

Plan PlanCapacity(const EvidenceList& evidence, const PlanningCatalog& catalog, const PlanRequest& request) {
  TermsTable terms(catalog, request);
  Judged judged = JudgeAll(evidence, catalog, request, terms);
  if (!AllSettled(judged.feasible)) SettleBest(judged, request, static_cast<std::size_t>(request.top_n));
  const auto order = Rank(judged.feasible);

  Plan plan;
  plan.feasible = static_cast<int>(judged.feasible.size());
  plan.candidates = plan.feasible + static_cast<int>(judged.infeasible.size());
  ListOptions(judged.feasible, order, request, plan);
  plan.rejection_counts = CountReasons(judged.infeasible);
  plan.nearest_misses = NearestMisses(judged.infeasible, request);
  ListRejections(judged.infeasible, request, plan);
  return plan;
}

}  // namespace loadline::planning
