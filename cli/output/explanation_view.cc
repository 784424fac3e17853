#include "cli/output/explanation_view.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/output/label.h"
#include "cli/output/number.h"
#include "cli/output/plan_view.h"
#include "cli/output/table.h"
#include "cli/output/text.h"

namespace loadline::cli {
namespace {

using Constraints = google::protobuf::RepeatedPtrField<planner_api::Constraint>;

std::string Texts(const Constraints& constraints) {
  std::vector<std::string> texts;
  for (const auto& constraint : constraints) texts.push_back(constraint.text());
  return Join(texts);
}

void PrintLimits(const planner_api::ExplainPlanResponse& explained, std::ostream& out) {
  if (explained.has_binding()) {
    out << fmt::format("\nWhat limits option 1: {}\n", Printable(explained.binding().text()));
  }
  if (explained.shadow_prices().empty()) return;
  Table table = {
      .columns = {{"Limit"}, {"Relaxed to"}, {"Cost then\n$/month", Align::kRight}, {"Saves\n$/month", Align::kRight}},
      .rows = {}};
  for (const auto& price : explained.shadow_prices()) {
    table.rows.push_back({price.constraint().text(), price.relaxed().text(), FormatFixed(price.usd_per_month(), 0),
                          FormatFixed(price.saved_usd_per_month(), 0)});
  }
  out << "\nWhat relaxing each limit by 10 % would save\n";
  Print(table, out);
}

void PrintConflict(const planner_api::ExplainPlanResponse& explained, std::ostream& out) {
  if (explained.conflict().empty()) return;
  out << fmt::format("\nIn conflict: nothing keeps {}{}\n", Printable(Texts(explained.conflict())),
                     explained.conflict_size() > 1 ? " together" : "");
}

void PrintAlternatives(const planner_api::ExplainPlanResponse& explained, std::ostream& out) {
  if (explained.alternatives().empty()) return;
  Table table = {.columns = {{"Relax to", Align::kLeft, true},
                             {"Cheapest configuration then", Align::kLeft, true},
                             {"Replicas", Align::kRight},
                             {"Cost\n$/month", Align::kRight}},
                 .rows = {}};
  for (const auto& alternative : explained.alternatives()) {
    table.rows.push_back({Texts(alternative.relaxed()), ConfigurationLines(alternative.configuration()),
                          FormatCount(alternative.replicas()), FormatFixed(alternative.usd_per_month(), 0)});
  }
  out << "\nWhat would be feasible\n";
  Print(table, out);
}

std::string DominatedBy(const planner_api::RankedOption& option) {
  std::vector<std::string> ranks;
  for (const int position : option.dominated_by()) ranks.push_back(FormatCount(position + 1));
  return ranks.empty() ? "-" : Join(ranks);
}

void PrintRanking(const planner_api::RankingReport& ranking, std::ostream& out) {
  if (ranking.options().empty()) return;
  Table table = {.columns = {{"#", Align::kRight},
                             {"Score", Align::kRight},
                             {"Cost", Align::kRight},
                             {"Latency", Align::kRight},
                             {"Quality", Align::kRight},
                             {"Risk", Align::kRight},
                             {"Dominated by"},
                             {"First in", Align::kRight}},
                 .rows = {}};
  for (int i = 0; i < ranking.options_size(); ++i) {
    const auto& option = ranking.options(i);
    table.rows.push_back({FormatCount(i + 1), FormatFixed(option.score(), 3), FormatFixed(option.cost_score(), 3),
                          FormatFixed(option.latency_score(), 3),
                          option.has_quality_score() ? FormatFixed(option.quality_score(), 3) : "not known",
                          FormatFixed(option.risk_score(), 3), DominatedBy(option),
                          FormatPercent(option.probability_first())});
  }
  out << "\nHow sure the order is\n";
  Print(table, out);
  out << fmt::format("Scores are 0 (worst) to 1 (best). First in: of {} draws of the capacities (seed {}).\n",
                     FormatCount(ranking.draw_count()), ranking.seed());
}

void PrintNextBenchmarks(const planner_api::ExplainPlanResponse& explained, std::ostream& out) {
  if (explained.next_benchmarks().empty()) return;
  Table table = {.columns = {{"Configuration", Align::kLeft, true},
                             {"Shape"},
                             {"req/s", Align::kRight},
                             {"Saves\n$/month", Align::kRight},
                             {"Why", Align::kLeft, true}},
                 .rows = {}};
  for (const auto& next : explained.next_benchmarks()) {
    table.rows.push_back({ConfigurationLines(next.configuration()), ShapeLabel(next.shape()),
                          FormatSignificant(next.requests_per_second()),
                          FormatFixed(next.expected_saving_usd_per_month(), 0), next.reason()});
  }
  out << "\nBenchmarks worth running, with what knowing them is expected to save\n";
  Print(table, out);
}

}  // namespace

void PrintExplainedPlan(const planner_api::ExplainPlanResponse& explained, std::ostream& out) {
  PrintPlan(explained.plan(), out);
  PrintLimits(explained, out);
  PrintConflict(explained, out);
  PrintAlternatives(explained, out);
  PrintRanking(explained.ranking(), out);
  PrintNextBenchmarks(explained, out);
}

}  // namespace loadline::cli
