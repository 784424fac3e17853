#include "services/planner/app/plan_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "libs/base/suggest.h"
#include "libs/domain/text.h"
#include "services/planner/app/checks.h"
#include "services/planner/app/names.h"
#include "services/planner/app/plan_terms.h"

namespace loadline::planner {
namespace {

constexpr double kMinRps = 1e-6;  // less would make costs per token infinite
constexpr double kMaxRps = 10'000'000;
constexpr double kMinHeadroom = 1;
constexpr double kMaxHeadroom = 10;
constexpr double kDefaultHeadroom = 1.2;
constexpr int kDefaultTop = 5;
constexpr int kMaxTop = 100;
constexpr int kMaxRejections = 1000;
constexpr std::size_t kMaxEntries = 1000;
constexpr std::string_view kDefaultPurchaseOption = "on_demand";

std::string Normal(std::string_view text) { return domain::Lower(domain::Trim(text)); }

std::vector<std::string> SortedOnce(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

planning::PriceSelection PriceOf(const PlanQuery& query) {
  auto option = Normal(query.purchase_option);
  if (option.empty()) option = kDefaultPurchaseOption;
  return {.provider = Normal(query.provider), .purchase_option = std::move(option)};
}

/// Reads a query field by field and keeps what is wrong with it.
class Reader {
 public:
  Reader(const PlanQuery& query, const Catalog& catalog, HardwareNames& hardware)
      : query_(query),
        hardware_(hardware),
        names_use_case_(!domain::Trim(query.use_case).empty()),
        use_case_(names_use_case_ ? FindUseCase(catalog, domain::Trim(query.use_case)) : nullptr),
        violations_(query.violations) {}

  bool UnknownUseCase() const { return names_use_case_ && use_case_ == nullptr; }

  std::optional<planning::LengthHistogram> Lengths() {
    if (!query_.length_bins) return std::nullopt;
    if (query_.shape) Violation("length_histogram", "stands for the shape; give it or `shape`, not both");
    return ValueOr(planning::LengthHistogram::Make(*query_.length_bins), &violations_);
  }

  /// The mean of `lengths` where the query has lengths.
  std::optional<domain::TrafficShape> Shape(const std::optional<planning::LengthHistogram>& lengths) {
    if (lengths) return lengths->mean();
    if (query_.length_bins) return std::nullopt;
    if (query_.shape) {
      return ValueOr(domain::TrafficShape::Make(query_.shape->input_tokens, query_.shape->output_tokens), &violations_);
    }
    if (use_case_ != nullptr) return use_case_->shape;
    if (!names_use_case_) Required("shape", "the mean input and output tokens of the traffic");
    return std::nullopt;
  }

  std::optional<domain::Slo> Slo() {
    if (!query_.slo.empty()) return ValueOr(domain::Slo::Parse(query_.slo), &violations_);
    if (use_case_ != nullptr) return use_case_->slo;
    if (!names_use_case_) Required("slo", "promises such as `ttft:p95<500ms;itl:p95<40ms`");
    return std::nullopt;
  }

  double Rps() {
    CheckRange("requests_per_second", query_.rps, kMinRps, kMaxRps, &violations_);
    return query_.rps;
  }

  double Headroom() {
    const double headroom = query_.headroom.value_or(kDefaultHeadroom);
    CheckRange("headroom", headroom, kMinHeadroom, kMaxHeadroom, &violations_);
    return headroom;
  }

  double Confidence() { return CheckConfidence(query_.confidence, planning::kDefaultConfidence, &violations_); }
  planning::Arrivals Arrivals() { return CheckArrivals(query_.arrivals, &violations_); }
  planning::RankingWeights Weights() { return CheckWeights(query_.weights, use_case_, &violations_); }
  std::optional<domain::Slo> Excellent() const { return use_case_ == nullptr ? std::nullopt : use_case_->excellent; }
  double Budget() { return CheckBudget(query_.budget_usd_per_month, &violations_); }

  int TopN() {
    const int top = Count("top_n", query_.top_n, kMaxTop);
    return top == 0 ? kDefaultTop : top;
  }

  int RejectionCount() { return Count("rejection_page_size", query_.rejection_page_size, kMaxRejections); }

  int RejectionsAfter(const View& view) {
    if (!query_.rejection_page) return 0;
    const auto& page = *query_.rejection_page;
    if (page.revision != view.revision) {
      Violation("rejection_page_token",
                fmt::format("is of revision {}, and the evidence is of revision {} by now; start again without it",
                            page.revision, view.revision));
    } else if (page.snapshot_id != view.snapshot_id) {
      Violation("rejection_page_token", "is of data that were exchanged for others; start again without it");
    }
    return page.after;
  }

  std::map<std::string, int> MaxGpus() {
    std::map<std::string, int> by_name;
    if (!CheckEntries("max_gpus", query_.max_gpus.size())) return by_name;
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
    return SortedOnce(std::move(texts));
  }

  std::vector<std::string> Trimmed(std::string_view field, const std::vector<std::string>& asked) {
    std::vector<std::string> texts;
    if (!CheckEntries(fmt::format("candidates.{}", field), asked.size())) return texts;
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
    if (too_long_) return std::nullopt;
    auto name = hardware_.Resolve(asked);
    if (name) return *std::move(name);
    if (name.error().code == base::ErrorCode::kNotFound && name.error().resource->type == "hardware") {
      Violation(field, name.error().message);
    }
    return std::nullopt;
  }

  bool CheckEntries(std::string_view field, std::size_t count) {
    if (count <= kMaxEntries) return true;
    too_long_ = true;
    Violation(field, fmt::format("has {} entries; give at most {}", count, kMaxEntries));
    return false;
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
  HardwareNames& hardware_;
  const bool names_use_case_;
  const domain::UseCase* use_case_;
  // A list is too long: no evidence is looked for.
  bool too_long_ = false;
  Violations violations_;
};

base::Result<std::vector<std::string>> ResolveAll(HardwareNames& hardware, const std::vector<std::string>& asked) {
  std::vector<std::string> names(asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    LOADLINE_ASSIGN_OR_RETURN(names[i], hardware.Resolve(asked[i]));
  }
  return SortedOnce(std::move(names));
}

/// What is to be served.
struct Demand {
  std::optional<planning::LengthHistogram> lengths;
  std::optional<domain::TrafficShape> shape;
  double rps = 0;
  std::optional<domain::Slo> slo;
};

Demand ReadDemand(Reader& reader) {
  Demand demand{.lengths = reader.Lengths(), .shape = {}, .rps = reader.Rps(), .slo = reader.Slo()};
  demand.shape = reader.Shape(demand.lengths);
  return demand;
}

/// What it may be served with. Hardware is as it was asked for.
planning::CandidateFilter ReadCandidates(Reader& reader, const PlanQuery& query) {
  reader.Trimmed("model_hf_repos", query.models);
  return {.hardware = reader.Trimmed("hardware", query.hardware),
          .frameworks = reader.Lowered("frameworks", query.frameworks),
          .precisions = reader.Lowered("precisions", query.precisions)};
}

/// How, and what is to be said of it.
struct Terms {
  std::map<std::string, int> max_gpus;
  double headroom = 0;
  double confidence = 0;
  planning::Arrivals arrivals;
  planning::RankingWeights weights;
  std::optional<domain::Slo> excellent;
  double budget = 0;
  int top_n = 0;
  int rejection_count = 0;
  int rejections_after = 0;
};

Terms ReadTerms(Reader& reader, const View& view) {
  return {.max_gpus = reader.MaxGpus(),
          .headroom = reader.Headroom(),
          .confidence = reader.Confidence(),
          .arrivals = reader.Arrivals(),
          .weights = reader.Weights(),
          .excellent = reader.Excellent(),
          .budget = reader.Budget(),
          .top_n = reader.TopN(),
          .rejection_count = reader.RejectionCount(),
          .rejections_after = reader.RejectionsAfter(view)};
}

}  // namespace

base::Result<planning::PlanRequest> MakePlanRequest(const PlanQuery& query, const Snapshot& snapshot,
                                                    const QueriedEvidence& evidence) {
  const auto& catalog = *snapshot.view->catalog;
  HardwareNames names(catalog, evidence);
  Reader reader(query, catalog, names);
  auto demand = ReadDemand(reader);
  auto candidates = ReadCandidates(reader, query);
  auto terms = ReadTerms(reader, *snapshot.view);
  LOADLINE_RETURN_IF_ERROR(reader.Finish());
  if (!evidence()) return base::Fail(evidence().error());
  LOADLINE_ASSIGN_OR_RETURN(candidates.hardware, ResolveAll(names, candidates.hardware));
  if (reader.UnknownUseCase()) return base::Fail(UnknownUseCase(catalog, query.use_case));
  return planning::PlanRequest{.shape = *demand.shape,
                               .rps = demand.rps,
                               .slo = *std::move(demand.slo),
                               .candidates = std::move(candidates),
                               .max_gpus = std::move(terms.max_gpus),
                               .headroom = terms.headroom,
                               .policy = query.policy,
                               .confidence = terms.confidence,
                               .lengths = std::move(demand.lengths),
                               .arrivals = terms.arrivals,
                               .weights = terms.weights,
                               .excellent = std::move(terms.excellent),
                               .budget_usd_per_month = terms.budget,
                               .seed = query.seed,
                               .price = PriceOf(query),
                               .top_n = terms.top_n,
                               .rejection_count = terms.rejection_count,
                               .rejections_after = terms.rejections_after};
}

}  // namespace loadline::planner
