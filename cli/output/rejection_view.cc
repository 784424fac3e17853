#include "cli/output/rejection_view.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "cli/output/label.h"
#include "cli/output/number.h"
#include "cli/output/table.h"
#include "cli/output/text.h"
#include "libs/domain/slo.h"

namespace loadline::cli {
namespace {

using Rejections = google::protobuf::RepeatedPtrField<planner_api::Rejection>;

// By how much a configuration misses: "35 % over", "3.2 x".
std::string MissText(double factor) {
  if (factor <= 1) return "-";
  if (factor < 2) return FormatPercent(factor - 1) + " over";
  return FormatSignificant(factor) + " x";
}

void PrintRejectionTable(const Rejections& rejections, std::ostream& out) {
  Table table = {.columns = {{"Configuration", Align::kLeft, true},
                             {"Reason"},
                             {"Limit"},
                             {"Missed by", Align::kRight},
                             {"Why", Align::kLeft, true}},
                 .rows = {}};
  for (const auto& rejection : rejections) {
    table.rows.push_back({ConfigurationLines(rejection.configuration()), RejectionName(rejection.reason()),
                          rejection.binding_limit().empty() ? "-" : rejection.binding_limit(),
                          MissText(rejection.miss_factor()), rejection.message()});
  }
  Print(table, out);
}

// What would let the nearest miss pass the limit that it fails, in ms.
std::string RelaxAdvice(const planner_api::Rejection& miss) {
  const auto slo = domain::Slo::Parse(miss.binding_limit());
  if (!slo || miss.miss_factor() <= 1) return "Relax the limit that fails, with --slo.";
  const auto& limit = slo->limits().front();
  return fmt::format("Relax {}:{} to {} ms or more: the nearest miss then keeps it at its lowest measured load.",
                     domain::Name(limit.metric), domain::Name(limit.statistic),
                     FormatFixed(std::ceil(limit.max_ms * miss.miss_factor()), 0));
}

// `miss` is the nearest one of this reason, or empty.
std::string Advice(planner_api::RejectionReason reason, const planner_api::Rejection& miss) {
  switch (reason) {
    case planner_api::REJECTION_REASON_SLO: return RelaxAdvice(miss);
    case planner_api::REJECTION_REASON_NOT_MEASURED:
      return "Put limits on statistics that were measured (loadline list benchmarks shows them), or measure again.";
    case planner_api::REJECTION_REASON_SHAPE:
      return "Use --policy closest-rescaled, or import a benchmark of this shape.";
    case planner_api::REJECTION_REASON_MEMORY:
      return "Allow hardware with more memory, more GPUs per replica or a lower precision.";
    case planner_api::REJECTION_REASON_GPU_INVENTORY: return "Raise --max-gpus, or lower --rps or --headroom.";
    case planner_api::REJECTION_REASON_BUDGET: return "Raise --budget, or relax the SLO.";
    case planner_api::REJECTION_REASON_NO_PRICE:
      return "Choose another --provider or --purchase-option, or set a price: "
             "loadline hardware set NAME --price PROVIDER:OPTION=USD";
    default: return "";
  }
}

const planner_api::Rejection& NearestMiss(const planner_api::PlanCapacityResponse& plan,
                                          planner_api::RejectionReason reason) {
  for (const auto& miss : plan.nearest_misses()) {
    if (miss.reason() == reason) return miss;
  }
  return planner_api::Rejection::default_instance();
}

// One piece for each reason, the most frequent first.
std::vector<std::string> AllAdvice(const planner_api::PlanCapacityResponse& plan) {
  std::vector<std::string> advice;
  for (const auto& count : plan.rejection_counts()) {
    advice.push_back(Advice(count.reason(), NearestMiss(plan, count.reason())));
  }
  if (plan.candidate_count() > 0) return advice;
  advice.emplace_back("Drop --model, --hardware, --framework or --precision: no benchmark matches all of them.");
  advice.emplace_back("Import benchmarks: loadline import FILE");
  return advice;
}

void PrintAdvice(const planner_api::PlanCapacityResponse& plan, std::ostream& out) {
  out << "\nWhat to try\n";
  for (const auto& advice : AllAdvice(plan)) {
    for (const auto& line : Wrap("- " + Printable(advice), Table::kMaxWidth)) out << line << '\n';
  }
}

}  // namespace

void PrintInfeasible(const planner_api::PlanCapacityResponse& plan, std::ostream& out) {
  out << "No feasible plan: no configuration can serve this.\n";
  if (!plan.nearest_misses().empty()) {
    out << "\nWhat came closest\n";
    PrintRejectionTable(plan.nearest_misses(), out);
  }
  PrintAdvice(plan, out);
  out << '\n';
}

void PrintCandidates(const planner_api::PlanCapacityResponse& plan, std::ostream& out) {
  const int rejected = plan.candidate_count() - plan.feasible_count();
  out << fmt::format("Looked at {} configuration{}: {} feasible, {} rejected.\n", FormatCount(plan.candidate_count()),
                     plan.candidate_count() == 1 ? "" : "s", FormatCount(plan.feasible_count()), FormatCount(rejected));
  for (const auto& count : plan.rejection_counts()) {
    out << fmt::format("  {} rejected: {}\n", FormatCount(count.configuration_count()), RejectionLabel(count.reason()));
  }
}

void PrintRejections(const planner_api::PlanCapacityResponse& plan, std::ostream& out) {
  if (plan.rejections().empty()) return;
  out << "\nRejected\n";
  PrintRejectionTable(plan.rejections(), out);
  if (!plan.next_rejection_page_token().empty()) out << "More were rejected: raise --rejected.\n";
}

}  // namespace loadline::cli
