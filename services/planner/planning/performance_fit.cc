#include "services/planner/planning/performance_fit.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "services/planner/planning/least_squares.h"

namespace loadline::planning {
namespace {

using domain::Metric;
using domain::Statistic;
using Vector = NormalEquations::Vector;

// Tokens that decoding attends to, on average: the prompt and half the answer.
double Attended(double input, double output) { return input + output / 2; }

Vector TtftBasis(const FitRow& row) {
  const double input = row.input_tokens;
  return {1,
          input,
          row.in_flight,
          row.in_flight * Attended(input, row.output_tokens),
          row.rps * input,
          input * input,
          row.rps * input * input};
}

Vector ItlBasis(const FitRow& row) {
  const double input = row.input_tokens;
  return {1, row.in_flight, row.in_flight * Attended(input, row.output_tokens), row.rps * input,
          row.in_flight * row.in_flight};
}

bool Usable(const FitRow& row, std::size_t latency) {
  return row.latencies[latency] > 0 && row.in_flight > 0 && row.rps > 0;
}

// Few rows, or rows of one shape, do not tell what lengths do.
bool Enough(std::span<const FitRow> rows, std::size_t latency) {
  std::size_t count = 0;
  std::size_t shapes = 0;
  std::optional<std::size_t> last;
  for (const FitRow& row : rows) {
    if (!Usable(row, latency)) continue;
    ++count;
    if (std::exchange(last, row.curve) != row.curve) ++shapes;
  }
  return count >= PerformanceFit::kMinRows && shapes >= PerformanceFit::kMinShapes;
}

// Fits one statistic; false if too few rows have it.
template <std::size_t kTerms, typename Basis>
bool FitOne(std::span<const FitRow> rows, std::size_t latency, Basis basis, std::array<float, kTerms>& terms) {
  if (!Enough(rows, latency)) return false;
  std::vector<Vector> equations;
  equations.reserve(rows.size());
  for (const FitRow& row : rows) {
    if (!Usable(row, latency)) continue;
    Vector& equation = equations.emplace_back(basis(row));
    for (double& value : equation) value /= row.latencies[latency];
  }
  const Vector solution = FitRelative(equations, kTerms);
  std::transform(solution.begin(), solution.begin() + kTerms, terms.begin(),
                 [](double value) { return static_cast<float>(value); });
  return true;
}

domain::Reading StayBy(Statistic statistic, const domain::Measurement& m, double output_tokens) {
  if (m.e2e[statistic]) return m.e2e[statistic];
  return *m.ttft[statistic] + *m.itl[statistic] * (output_tokens - 1);
}

// How long requests stayed, in ms: as measured, else what TTFT and the tokens
// that follow add up to; the median is near where a report has no means.
double Stay(const domain::Measurement& m, double output_tokens) {
  const auto mean = StayBy(Statistic::kMean, m, output_tokens);
  return mean ? *mean : *StayBy(Statistic::kP50, m, output_tokens);
}

}  // namespace

FitRow FitRowOf(const domain::Benchmark& benchmark, std::size_t curve) {
  const auto& m = benchmark.measurement;
  FitRow row{.curve = curve,
             .input_tokens = m.input_lengths.mean.value_or(benchmark.shape.input_tokens),
             .output_tokens = m.output_lengths.mean.value_or(benchmark.shape.output_tokens),
             .in_flight = *m.load.concurrency,
             .rps = *m.load.achieved_rps};
  if (std::isnan(row.in_flight)) row.in_flight = row.rps * Stay(m, row.output_tokens) / 1000;
  for (const Metric metric : domain::kMetrics) {
    for (const Statistic statistic : domain::kStatistics) {
      row.latencies[LatencyIndex(metric, statistic)] = *m[metric][statistic];
    }
  }
  return row;
}

PerformanceFit PerformanceFit::Of(std::span<const FitRow> rows) {
  PerformanceFit fit;
  for (const Statistic statistic : domain::kStatistics) {
    const auto at = static_cast<std::size_t>(statistic);
    const std::size_t ttft = LatencyIndex(Metric::kTtft, statistic);
    const std::size_t itl = LatencyIndex(Metric::kItl, statistic);
    if (FitOne(rows, ttft, TtftBasis, fit.ttft_[at])) fit.has_ |= 1U << ttft;
    if (FitOne(rows, itl, ItlBasis, fit.itl_[at])) fit.has_ |= 1U << itl;
  }
  // How long requests stay on average; the median is near where a report has
  // no means.
  if (!fit.HasStay()) fit.stay_statistic_ = Statistic::kP50;
  fit.FitE2e(rows);
  for (const FitRow& row : rows)
    fit.most_in_flight_ = std::fmax(fit.most_in_flight_, static_cast<float>(row.in_flight));
  return fit;
}

void PerformanceFit::FitE2e(std::span<const FitRow> rows) {
  for (const Statistic statistic : domain::kStatistics) {
    if (!Has(Metric::kTtft, statistic) || !Has(Metric::kItl, statistic)) continue;
    const auto basis = [&](const FitRow& row) -> Vector {
      const auto at = [&](Metric metric) {
        return LawAt(metric, statistic, row.input_tokens, row.output_tokens).At(row.in_flight, row.rps);
      };
      return {at(Metric::kTtft), at(Metric::kItl) * std::max(0.0, row.output_tokens - 1)};
    };
    const std::size_t e2e = LatencyIndex(Metric::kE2e, statistic);
    if (FitOne(rows, e2e, basis, e2e_[static_cast<std::size_t>(statistic)])) has_ |= 1U << e2e;
  }
}

bool PerformanceFit::Has(Metric metric, Statistic statistic) const {
  return (has_ >> LatencyIndex(metric, statistic) & 1U) != 0;
}

LoadLaw PerformanceFit::LawAt(Metric metric, Statistic statistic, double input_tokens, double output_tokens) const {
  const auto at = static_cast<std::size_t>(statistic);
  const double attended = Attended(input_tokens, output_tokens);
  switch (metric) {
    case Metric::kTtft: {
      const auto& b = ttft_[at];
      return {.base = b[0] + input_tokens * (b[1] + b[5] * input_tokens),
              .per_in_flight = b[2] + b[3] * attended,
              .per_in_flight_squared = 0,
              .per_rps = input_tokens * (b[4] + b[6] * input_tokens)};
    }
    case Metric::kItl: {
      const auto& a = itl_[at];
      return {.base = a[0],
              .per_in_flight = a[1] + a[2] * attended,
              .per_in_flight_squared = a[4],
              .per_rps = a[3] * input_tokens};
    }
    case Metric::kE2e: break;
  }
  const auto& e = e2e_[at];
  return LawAt(Metric::kTtft, statistic, input_tokens, output_tokens)
      .Times(e[0])
      .Plus(e[1] * std::max(0.0, output_tokens - 1), LawAt(Metric::kItl, statistic, input_tokens, output_tokens));
}

LoadLaw PerformanceFit::StayAt(double input_tokens, double output_tokens) const {
  return LawAt(Metric::kTtft, stay_statistic_, input_tokens, output_tokens)
      .Plus(std::max(0.0, output_tokens - 1), LawAt(Metric::kItl, stay_statistic_, input_tokens, output_tokens));
}

}  // namespace loadline::planning
