#include "bench/scorecard/scorecard.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iterator>
#include <set>

#include "bench/scorecard/held_out.h"
#include "services/planner/planning/latency_errors.h"
#include "services/planner/planning/shape_fit.h"

namespace loadline::bench {
namespace {

using domain::Metric;
using domain::Statistic;

constexpr std::array kLimits = {Limits{75, 10}, Limits{100, 15}, Limits{150, 20}, Limits{200, 25}, Limits{300, 30}};
constexpr double kTolerance = 1.02;
constexpr double kHeadroom = 1.2;
constexpr double kMeanToP95 = 1.3;
constexpr double kKnee = 4;

// As numpy's: straight lines between the values in order.
double Quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto left = static_cast<std::size_t>(at);
  const std::size_t right = std::min(left + 1, values.size() - 1);
  return values[left] + (at - static_cast<double>(left)) * (values[right] - values[left]);
}

double MeanOf(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

std::vector<HeldOut> LeaveEachOut(const std::vector<domain::Benchmark>& benchmarks) {
  std::set<domain::TrafficShape> shapes;
  for (const auto& row : benchmarks) shapes.insert(row.shape);
  std::vector<HeldOut> held;
  for (const auto& shape : shapes) held.emplace_back(benchmarks, shape);
  return held;
}

// What a policy decides; several, each counting for a part, where it depends on
// which of several equally near shapes is taken.
using Policy = std::function<std::vector<double>(const HeldOut&, const Limits&)>;

DecisionScore ScorePolicy(std::string name, const std::vector<HeldOut>& cases, const Policy& policy) {
  DecisionScore score{.policy = std::move(name)};
  std::vector<double> overspend;
  for (const HeldOut& held : cases) {
    for (const Limits& limits : kLimits) {
      const auto truth = held.Truth(limits);
      if (!truth || *truth == 0) continue;
      ++score.decisions;
      const auto decisions = policy(held, limits);
      const double part = 1 / static_cast<double>(decisions.size());
      for (const double decision : decisions) {
        const bool violates = decision > *truth * kTolerance;
        score.no_answer += decision == 0 ? part : 0;
        score.violates += violates ? part : 0;
        if (decision == 0 || violates) continue;
        score.success += part;
        overspend.push_back(std::max(0.0, *truth / decision - 1));
      }
    }
  }
  const double all = std::max(1, score.decisions);
  score.success /= all;
  score.violates /= all;
  score.no_answer /= all;
  score.overspend_median = Quantile(overspend, 0.5);
  score.overspend_p90 = Quantile(overspend, 0.9);
  return score;
}

Policy Point(Statistic statistic, double limit_factor, double headroom) {
  return [=](const HeldOut& held, const Limits& limits) -> std::vector<double> {
    return {held.Point({limits.ttft_ms / limit_factor, limits.itl_ms / limit_factor}, statistic) / headroom};
  };
}

Policy Nearest(bool rescaled) {
  return [=](const HeldOut& held, const Limits& limits) {
    auto decisions = held.Nearest(limits, rescaled);
    for (double& decision : decisions) decision /= kHeadroom;
    return decisions;
  };
}

std::vector<DecisionScore> ScorePolicies(const std::vector<HeldOut>& cases) {
  const auto planned = [](const HeldOut& held, const Limits& limits) { return std::vector{held.Plan(limits)}; };
  return {ScorePolicy("auto (default)", cases, planned),
          ScorePolicy("nearest profile /1.2", cases, Nearest(false)),
          ScorePolicy("nearest rescaled to tokens/s /1.2", cases, Nearest(true)),
          ScorePolicy("point p95, no margin", cases, Point(Statistic::kP95, 1, 1)),
          ScorePolicy("point p95 /1.2", cases, Point(Statistic::kP95, 1, kHeadroom)),
          ScorePolicy("mean x 1.3", cases, Point(Statistic::kMean, kMeanToP95, 1))};
}

// The predictions of one latency at one held-out benchmark.
struct Prediction {
  double given_concurrency = 0;
  double from_rate = 0;  // infinite: saturated
};

Prediction Predict(const planning::PerformanceFit& fit, const domain::Measurement& row, Metric metric,
                   Statistic statistic) {
  const planning::ShapeFit at(fit, {*row.input_lengths.mean, *row.output_lengths.mean});
  const double rps = *row.load.achieved_rps;
  const double in_flight = at.InFlightAt(rps);
  return {.given_concurrency = *at.LatencyAt(metric, statistic, *row.load.concurrency, rps),
          .from_rate = std::isinf(in_flight) ? in_flight : *at.LatencyAt(metric, statistic, in_flight, rps)};
}

LatencyScore ScoreLatency(const std::vector<HeldOut>& cases, Metric metric, Statistic statistic) {
  constexpr double kConfidence = 0.9;
  using planning::LoadGiven;
  std::vector<double> error, error_from_rate, covered, covered_from_rate, widths;
  for (const HeldOut& held : cases) {
    const auto& others = held.others();
    const auto bound = [&](LoadGiven given) {
      const auto factors = planning::LatencyErrors::Of(others, metric, statistic, given).Factors(kConfidence);
      return factors ? factors->upper : 0;
    };
    const double upper = bound(LoadGiven::kConcurrency);
    const double upper_from_rate = bound(LoadGiven::kRate);
    widths.push_back(upper);
    for (const auto& row : held.rows()) {
      const double measured = *row.measurement[metric][statistic];
      const auto predicted = Predict(others.performance->fit, row.measurement, metric, statistic);
      error.push_back(std::abs(predicted.given_concurrency / measured - 1));
      error_from_rate.push_back(std::abs(predicted.from_rate / measured - 1));
      covered.push_back(measured <= predicted.given_concurrency * upper ? 1 : 0);
      covered_from_rate.push_back(measured <= predicted.from_rate * upper_from_rate ? 1 : 0);
    }
  }
  return {.metric = metric,
          .statistic = statistic,
          .error = Quantile(error, 0.5),
          .error_from_rate = Quantile(error_from_rate, 0.5),
          .coverage = MeanOf(covered),
          .width = Quantile(widths, 0.5),
          .coverage_from_rate = MeanOf(covered_from_rate)};
}

KneeScore ScoreKnees(const std::vector<HeldOut>& cases) {
  constexpr double kAnyItl = 1e6;
  KneeScore score;
  for (const HeldOut& held : cases) {
    const auto& rows = held.rows();
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const double before = *rows[i - 1].measurement.ttft[Statistic::kP95];
      if (*rows[i].measurement.ttft[Statistic::kP95] <= kKnee * before) continue;
      ++score.knees;
      const double decision = held.Plan({2 * before, kAnyItl});
      score.found += decision < *rows[i].measurement.load.achieved_rps ? 1 : 0;
    }
  }
  return score;
}

}  // namespace

Scorecard Score(const std::vector<domain::Benchmark>& benchmarks) {
  const auto cases = LeaveEachOut(benchmarks);
  Scorecard card{.shapes = static_cast<int>(cases.size()), .benchmarks = static_cast<int>(benchmarks.size())};
  card.decisions = ScorePolicies(cases);
  for (const Metric metric : {Metric::kItl, Metric::kTtft, Metric::kE2e}) {
    for (const Statistic statistic : domain::kStatistics)
      card.latencies.push_back(ScoreLatency(cases, metric, statistic));
  }
  card.knees = ScoreKnees(cases);
  return card;
}

std::string Print(const Scorecard& card) {
  std::string text =
      fmt::format("{} benchmarks of {} shapes; each shape was left out once.\n\n", card.benchmarks, card.shapes);
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "Decisions (TTFT p95, ITL p95 within 75/10 to 300/30 ms; tolerance 2 %)\n");
  fmt::format_to(out, "{:36}{:>5}{:>9}{:>10}{:>11}{:>18}{:>7}\n", "policy", "n", "success", "violates", "no answer",
                 "overspend median", "p90");
  for (const auto& s : card.decisions) {
    fmt::format_to(out, "{:36}{:>5}{:>9.3f}{:>10.3f}{:>11.3f}{:>18.3f}{:>7.3f}\n", s.policy, s.decisions, s.success,
                   s.violates, s.no_answer, s.overspend_median, s.overspend_p90);
  }
  fmt::format_to(out, "\nLatencies (median absolute error; one-sided 90 % bound)\n");
  fmt::format_to(out, "{:12}{:>19}{:>12}{:>10}{:>14}{:>23}\n", "", "given concurrency", "from rate", "coverage",
                 "bound/median", "coverage from rate");
  for (const auto& s : card.latencies) {
    fmt::format_to(out, "{:12}{:>17.2f} %{:>10.2f} %{:>8.1f} %{:>14.3f}{:>21.1f} %\n",
                   fmt::format("{} {}", Name(s.metric), Name(s.statistic)), 100 * s.error, 100 * s.error_from_rate,
                   100 * s.coverage, s.width, 100 * s.coverage_from_rate);
  }
  fmt::format_to(out,
                 "\nKnees (TTFT p95 rises more than 4 x on one step): {} of {} found before the plan crosses them\n",
                 card.knees.found, card.knees.knees);
  return text;
}

}  // namespace loadline::bench
