#include "services/planner/app/plan_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "libs/base/suggest.h"
#include "libs/domain/text.h"
#include "services/planner/app/checks.h"
#include "services/planner/app/names.h"

namespace loadline::planner {
namespace {

constexpr double kMaxRps = 10'000'000;
constexpr double kMinHeadroom = 1;
constexpr double kMaxHeadroom = 10;
constexpr double kDefaultHeadroom = 1.2;
constexpr int kDefaultTop = 5;
constexpr int kMaxTop = 100;
constexpr int kMaxRejections = 1000;

const domain::UseCase* FindUseCase(const Catalog& catalog, const std::string& id) {
  const auto found = catalog.use_cases.find(id);
  return found == catalog.use_cases.end() ? nullptr : &found->second;
}

bool IsUnknown(const Catalog& catalog, const std::string& use_case) {
  return !use_case.empty() && FindUseCase(catalog, use_case) == nullptr;
}

/// Reads a query field by field and keeps what is wrong with it.
class Reader {
 public:
  Reader(const PlanQuery& query, const Catalog& catalog, const QueriedEvidence& evidence)
      : query_(query),
        catalog_(catalog),
        evidence_(evidence),
        use_case_(FindUseCase(catalog, query.use_case)),
        violations_(query.violations) {}

  std::optional<domain::TrafficShape> Shape() {
    if (query_.shape) {
      return ValueOr(domain::TrafficShape::Make(query_.shape->input_tokens, query_.shape->output_tokens), &violations_);
    }
    if (use_case_ != nullptr) return use_case_->shape;
    if (query_.use_case.empty()) Required("shape", "the mean input and output tokens of the traffic");
    return std::nullopt;
  }

  std::optional<domain::Slo> Slo() {
    if (!query_.slo.empty()) return ValueOr(domain::Slo::Parse(query_.slo), &violations_);
    if (use_case_ != nullptr) return use_case_->slo;
    if (query_.use_case.empty()) Required("slo", "promises such as `ttft:p95<500ms;itl:p95<40ms`");
    return std::nullopt;
  }

  double Rps() {
    CheckPositive("requests_per_second", query_.rps, kMaxRps, &violations_);
    return query_.rps;
  }

  double Headroom() {
    const double headroom = query_.headroom.value_or(kDefaultHeadroom);
    CheckRange("headroom", headroom, kMinHeadroom, kMaxHeadroom, &violations_);
    return headroom;
  }

  int TopN() {
    const int top = Count("top_n", query_.top_n, kMaxTop);
    return top == 0 ? kDefaultTop : top;
  }

  int RejectionCount() { return Count("rejection_page_size", query_.rejection_page_size, kMaxRejections); }

  int RejectionsAfter(domain::Revision revision) {
    if (!query_.rejection_page) return 0;
    if (query_.rejection_page->revision != revision) {
      Violation("rejection_page_token",
                fmt::format("is of revision {}, and the evidence is of revision {} by now; start again without it",
                            query_.rejection_page->revision, revision));
    }
    return query_.rejection_page->after;
  }

  std::map<std::string, int> MaxGpus() {
    std::map<std::string, int> by_name;
    for (const auto& [asked, count] : query_.max_gpus) {
      const auto field = fmt::format("max_gpus[\"{}\"]", asked);
      if (count < 0) Violation(field, fmt::format("must not be negative; found {}", count));
      const auto name = Hardware(field, asked);
      if (name && !by_name.emplace(*name, count).second) {
        Violation(field, fmt::format("names `{}`, which another entry names too; give one", *name));
      }
    }
    return by_name;
  }

  std::vector<std::string> Lowered(std::string_view field, const std::vector<std::string>& asked) {
    std::vector<std::string> texts = Trimmed(field, asked);
    for (auto& text : texts) text = domain::Lower(text);
    return texts;
  }

  std::vector<std::string> Trimmed(std::string_view field, const std::vector<std::string>& asked) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      texts.emplace_back(domain::Trim(asked[i]));
      if (texts.back().empty()) Violation(fmt::format("candidates.{}[{}]", field, i), "must not be empty");
    }
    return texts;
  }

  base::Status Finish() {
    if (violations_.empty()) return {};
    return base::Fail(base::InvalidArgument(std::move(violations_)));
  }

 private:
  // What the catalogue does not know may still be measured: without evidence
  // nothing is said of it.
  std::optional<std::string> Hardware(const std::string& field, const std::string& asked) {
    if (auto name = ResolveHardware(catalog_, nullptr, asked)) return name;
    const auto& evidence = evidence_();
    if (!evidence) return std::nullopt;
    auto name = ResolveHardware(catalog_, evidence->get(), asked);
    if (!name) {
      Violation(field, "is no known hardware." + base::DidYouMean(asked, KnownHardware(catalog_, **evidence)));
    }
    return name;
  }

  void Violation(std::string_view field, std::string description) {
    violations_.push_back({std::string(field), std::move(description)});
  }

  void Required(std::string_view field, std::string_view what) {
    Violation(field, fmt::format("is required unless use_case is set: {}", what));
  }

  int Count(std::string_view field, int asked, int most) {
    if (asked < 0) Violation(field, fmt::format("must not be negative; found {}", asked));
    return std::min(asked, most);
  }

  const PlanQuery& query_;
  const Catalog& catalog_;
  const QueriedEvidence& evidence_;
  const domain::UseCase* use_case_;
  Violations violations_;
};

base::Result<std::vector<std::string>> ResolveAll(const Catalog& catalog, const ModelList& evidence,
                                                  const std::vector<std::string>& asked) {
  std::vector<std::string> names;
  for (const auto& hardware : asked) {
    auto name = ResolveHardware(catalog, &evidence, hardware);
    if (!name) return base::Fail(UnknownHardware(catalog, evidence, hardware));
    names.push_back(std::move(*name));
  }
  return names;
}

}  // namespace

base::Result<planning::PlanRequest> MakePlanRequest(const PlanQuery& query, const Snapshot& snapshot,
                                                    const QueriedEvidence& evidence) {
  const auto& catalog = *snapshot.view->catalog;
  Reader reader(query, catalog, evidence);
  const auto shape = reader.Shape();
  const double rps = reader.Rps();
  const auto slo = reader.Slo();
  reader.Trimmed("model_hf_repos", query.models);
  const auto hardware = reader.Trimmed("hardware", query.hardware);
  planning::CandidateFilter candidates{.hardware = {},
                                       .frameworks = reader.Lowered("frameworks", query.frameworks),
                                       .precisions = reader.Lowered("precisions", query.precisions)};
  auto max_gpus = reader.MaxGpus();
  const double headroom = reader.Headroom();
  const int top_n = reader.TopN();
  const int rejection_count = reader.RejectionCount();
  const int rejections_after = reader.RejectionsAfter(snapshot.view->revision);
  LOADLINE_RETURN_IF_ERROR(reader.Finish());
  if (!evidence()) return base::Fail(evidence().error());
  LOADLINE_ASSIGN_OR_RETURN(candidates.hardware, ResolveAll(catalog, **evidence(), hardware));
  if (IsUnknown(catalog, query.use_case)) return base::Fail(UnknownUseCase(catalog, query.use_case));
  return planning::PlanRequest{
      .shape = *shape,
      .rps = rps,
      .slo = *slo,
      .candidates = std::move(candidates),
      .max_gpus = std::move(max_gpus),
      .headroom = headroom,
      .policy = query.policy,
      .price = {.provider = query.provider,
                .purchase_option = query.purchase_option.empty() ? "on_demand" : query.purchase_option},
      .top_n = top_n,
      .rejection_count = rejection_count,
      .rejections_after = rejections_after};
}

}  // namespace loadline::planner
