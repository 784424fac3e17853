#include "bench/scorecard/scorecard.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <set>

#include "bench/scorecard/held_out.h"
#include "services/planner/planning/latency_errors.h"
#include "services/planner/planning/shape_fit.h"

namespace loadline::bench {
namespace {

using domain::Metric;
using domain::Statistic;

struct Pair {
  double ttft_ms = 0;
  double itl_ms = 0;
};
constexpr std::array kPairs = {Pair{75, 10}, Pair{100, 15}, Pair{150, 20}, Pair{200, 25}, Pair{300, 30}};
// Of all benchmarks' latencies.
constexpr std::array kTypicalShares = {0.3, 0.45, 0.6, 0.75, 0.9};
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

Limits OnStatistic(const Pair& pair, Statistic statistic) {
  return {{.metric = Metric::kTtft, .statistic = statistic, .max_ms = pair.ttft_ms},
          {.metric = Metric::kItl, .statistic = statistic, .max_ms = pair.itl_ms}};
}

std::vector<double> MeasuredAt(const std::vector<domain::Benchmark>& benchmarks, Metric metric) {
  std::vector<double> latencies;
  for (const auto& row : benchmarks) {
    if (const auto latency = row.measurement[metric][Statistic::kP95]) latencies.push_back(*latency);
  }
  return latencies;
}

std::vector<Pair> TypicalPairs(const std::vector<domain::Benchmark>& benchmarks) {
  const auto ttft = MeasuredAt(benchmarks, Metric::kTtft);
  const auto itl = MeasuredAt(benchmarks, Metric::kItl);
  if (ttft.empty() || itl.empty()) return {};
  std::vector<Pair> pairs;
  for (const double share : kTypicalShares) pairs.push_back({Quantile(ttft, share), Quantile(itl, share)});
  return pairs;
}

// A decision to be made.
struct Question {
  const HeldOut* held = nullptr;
  Limits limits;
};

template <typename LimitsFor>
std::vector<Question> AskAll(const std::vector<HeldOut>& cases, const std::vector<Pair>& pairs, LimitsFor limits_for) {
  std::vector<Question> questions;
  for (const HeldOut& held : cases) {
    for (const Pair& pair : pairs) questions.push_back({&held, limits_for(held, pair)});
  }
  return questions;
}

Limits OnP95(const HeldOut&, const Pair& pair) { return OnStatistic(pair, Statistic::kP95); }

Limits OnE2e(const HeldOut& held, const Pair& pair) {
  const double further_tokens = std::max(0.0, held.lengths().output_tokens - 1);
  return {
      {.metric = Metric::kE2e, .statistic = Statistic::kP95, .max_ms = pair.ttft_ms + pair.itl_ms * further_tokens}};
}

// What a policy decides; several, each counting for a part, where it depends on
// which of several equally near shapes is taken.
using Policy = std::function<std::vector<double>(const HeldOut&, const Limits&)>;

// Counts what was decided where `truth` holds.
void Count(const std::vector<double>& decisions, double truth, DecisionScore& score, std::vector<double>& overspend) {
  ++score.decisions;
  const double part = 1 / static_cast<double>(decisions.size());
  for (const double decision : decisions) {
    const bool violates = decision > truth * kTolerance;
    score.no_answer += decision == 0 ? part : 0;
    score.violates += violates ? part : 0;
    if (decision == 0 || violates) continue;
    score.success += part;
    overspend.push_back(std::max(0.0, truth / decision - 1));
  }
}

DecisionScore ScorePolicy(std::string name, const std::vector<Question>& questions, const Policy& policy) {
  DecisionScore score{.policy = std::move(name)};
  std::vector<double> overspend;
  for (const auto& [held, limits] : questions) {
    const auto truth = held->Truth(limits);
    if (truth && *truth > 0) Count(policy(*held, limits), *truth, score, overspend);
  }
  const double all = std::max(1, score.decisions);
  score.success /= all;
  score.violates /= all;
  score.no_answer /= all;
  score.overspend_median = Quantile(overspend, 0.5);
  score.overspend_p90 = Quantile(overspend, 0.9);
  return score;
}

Policy Point(double headroom) {
  return [=](const HeldOut& held, const Limits& limits) { return std::vector{held.Point(limits) / headroom}; };
}

// The limits are on p95; a mean is taken to be so much less.
Policy PointOfMean() {
  return [](const HeldOut& held, Limits limits) {
    for (domain::Limit& limit : limits) {
      limit.statistic = Statistic::kMean;
      limit.max_ms /= kMeanToP95;
    }
    return std::vector{held.Point(limits)};
  };
}

Policy Nearest(bool rescaled) {
  return [=](const HeldOut& held, const Limits& limits) {
    auto decisions = held.Nearest(limits, rescaled);
    for (double& decision : decisions) decision /= kHeadroom;
    return decisions;
  };
}

std::vector<DecisionScore> ScorePolicies(const std::vector<Question>& questions) {
  const auto planned = [](const HeldOut& held, const Limits& limits) { return std::vector{held.Plan(limits)}; };
  return {ScorePolicy("auto (default)", questions, planned),
          ScorePolicy("nearest profile /1.2", questions, Nearest(false)),
          ScorePolicy("nearest rescaled to tokens/s /1.2", questions, Nearest(true)),
          ScorePolicy("point p95, no margin", questions, Point(1)),
          ScorePolicy("point p95 /1.2", questions, Point(kHeadroom)),
          ScorePolicy("mean x 1.3", questions, PointOfMean())};
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

// What predictions of one latency come to, benchmark by benchmark.
struct Outcomes {
  std::vector<double> errors, errors_from_rate;
  // 1: within the bound.
  std::vector<double> covered, covered_from_rate;
  std::vector<double> widths;
};

std::optional<double> BoundOf(const HeldOut& held, Metric metric, Statistic statistic, planning::LoadGiven given) {
  constexpr double kConfidence = 0.9;
  const auto factors = planning::LatencyErrors::Of(held.others(), metric, statistic, given).Factors(kConfidence);
  return factors ? std::optional(factors->upper) : std::nullopt;
}

void AddOutcomes(const HeldOut& held, Metric metric, Statistic statistic, Outcomes& outcomes) {
  if (held.fit() == nullptr || !held.fit()->Has(metric, statistic)) return;
  const auto upper = BoundOf(held, metric, statistic, planning::LoadGiven::kConcurrency);
  const auto upper_from_rate = BoundOf(held, metric, statistic, planning::LoadGiven::kRate);
  if (upper) outcomes.widths.push_back(*upper);
  for (const auto& row : held.rows()) {
    const auto measured = row.measurement[metric][statistic];
    if (!measured || !row.measurement.load.concurrency) continue;
    const auto predicted = Predict(*held.fit(), row.measurement, metric, statistic);
    outcomes.errors.push_back(std::abs(predicted.given_concurrency / *measured - 1));
    outcomes.errors_from_rate.push_back(std::abs(predicted.from_rate / *measured - 1));
    if (upper) outcomes.covered.push_back(*measured <= predicted.given_concurrency * *upper ? 1 : 0);
    if (upper_from_rate) {
      outcomes.covered_from_rate.push_back(*measured <= predicted.from_rate * *upper_from_rate ? 1 : 0);
    }
  }
}

LatencyScore ScoreLatency(const std::vector<HeldOut>& cases, Metric metric, Statistic statistic) {
  Outcomes outcomes;
  for (const HeldOut& held : cases) AddOutcomes(held, metric, statistic, outcomes);
  const auto unless_empty = [](const std::vector<double>& values, double value) {
    return values.empty() ? std::nullopt : std::optional(value);
  };
  return {.metric = metric,
          .statistic = statistic,
          .predictions = outcomes.errors.size(),
          .error = Quantile(outcomes.errors, 0.5),
          .error_from_rate = Quantile(outcomes.errors_from_rate, 0.5),
          .coverage = unless_empty(outcomes.covered, MeanOf(outcomes.covered)),
          .width = unless_empty(outcomes.widths, Quantile(outcomes.widths, 0.5)),
          .coverage_from_rate = unless_empty(outcomes.covered_from_rate, MeanOf(outcomes.covered_from_rate))};
}

KneeScore ScoreKnees(const std::vector<HeldOut>& cases) {
  KneeScore score;
  for (const HeldOut& held : cases) {
    const auto& rows = held.rows();
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const auto before = rows[i - 1].measurement.ttft[Statistic::kP95];
      const auto after = rows[i].measurement.ttft[Statistic::kP95];
      if (!before || !after || *after <= kKnee * *before) continue;
      ++score.knees;
      const double decision =
          held.Plan({{.metric = Metric::kTtft, .statistic = Statistic::kP95, .max_ms = 2 * *before}});
      score.found += decision < *rows[i].measurement.load.achieved_rps ? 1 : 0;
    }
  }
  return score;
}

}  // namespace

Scorecard Score(const std::vector<domain::Benchmark>& benchmarks) {
  const auto cases = LeaveEachOut(benchmarks);
  const auto typical = TypicalPairs(benchmarks);
  Scorecard card{.shapes = static_cast<int>(cases.size()), .benchmarks = static_cast<int>(benchmarks.size())};
  card.decisions = ScorePolicies(AskAll(cases, {kPairs.begin(), kPairs.end()}, OnP95));
  card.typical_decisions = ScorePolicies(AskAll(cases, typical, OnP95));
  card.e2e_decisions = ScorePolicies(AskAll(cases, typical, OnE2e));
  for (const Metric metric : {Metric::kItl, Metric::kTtft, Metric::kE2e}) {
    for (const Statistic statistic : domain::kStatistics)
      card.latencies.push_back(ScoreLatency(cases, metric, statistic));
  }
  card.knees = ScoreKnees(cases);
  return card;
}

}  // namespace loadline::bench
