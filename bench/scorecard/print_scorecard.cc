#include <fmt/format.h>

#include <iterator>

#include "bench/scorecard/scorecard.h"

namespace loadline::bench {
namespace {

void PrintDecisions(const char* title, const std::vector<DecisionScore>& scores, std::string& text) {
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "{}\n{:36}{:>5}{:>9}{:>10}{:>11}{:>18}{:>7}\n", title, "policy", "n", "success", "violates",
                 "no answer", "overspend median", "p90");
  for (const auto& s : scores) {
    fmt::format_to(out, "{:36}{:>5}{:>9.3f}{:>10.3f}{:>11.3f}{:>18.3f}{:>7.3f}\n", s.policy, s.decisions, s.success,
                   s.violates, s.no_answer, s.overspend_median, s.overspend_p90);
  }
  text += "\n";
}

// A dash where too few shapes were measured.
std::string Percent(std::optional<double> share) { return share ? fmt::format("{:.1f} %", 100 * *share) : "-"; }

void PrintLatencies(const std::vector<LatencyScore>& scores, std::string& text) {
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "Latencies (median absolute error; one-sided 90 % bound)\n");
  fmt::format_to(out, "{:12}{:>19}{:>12}{:>10}{:>14}{:>23}\n", "", "given concurrency", "from rate", "coverage",
                 "bound/median", "coverage from rate");
  for (const auto& s : scores) {
    if (s.predictions == 0) continue;
    fmt::format_to(out, "{:12}{:>17.2f} %{:>10.2f} %{:>10}{:>14}{:>23}\n",
                   fmt::format("{} {}", Name(s.metric), Name(s.statistic)), 100 * s.error, 100 * s.error_from_rate,
                   Percent(s.coverage), s.width ? fmt::format("{:.3f}", *s.width) : "-", Percent(s.coverage_from_rate));
  }
}

}  // namespace

std::string Print(const Scorecard& card) {
  std::string text =
      fmt::format("{} benchmarks of {} shapes; each shape was left out once.\n\n", card.benchmarks, card.shapes);
  PrintDecisions("Decisions (TTFT p95, ITL p95 within 75/10 to 300/30 ms; tolerance 2 %)", card.decisions, text);
  PrintDecisions("The same at the 0.3 to 0.9 quantiles of what was measured", card.typical_decisions, text);
  PrintDecisions("E2E p95 within what these quantiles add up to", card.e2e_decisions, text);
  PrintLatencies(card.latencies, text);
  text +=
      fmt::format("\nKnees (TTFT p95 rises more than 4 x on one step): {} of {} found before the plan crosses them\n",
                  card.knees.found, card.knees.knees);
  return text;
}

}  // namespace loadline::bench
