#include "cli/importers/plausibility.h"

#include <fmt/format.h>

#include <cmath>

#include "cli/importers/row_reader.h"

namespace loadline::cli {
namespace {

using domain::Measurement;
using domain::Reading;
using domain::Statistic;

constexpr double kSame = 1e-9;
constexpr double kTokenRateTolerance = 0.10;
constexpr double kE2eTolerance = 0.25;
constexpr double kMaxOutputOverNominal = 2;

bool Differ(double a, double b, double tolerance) { return std::abs(a - b) > tolerance * std::abs(b); }

bool NothingWasStreamed(const Measurement& m) {
  const Reading ttft = m.ttft[Statistic::kMean];
  const Reading e2e = m.e2e[Statistic::kMean];
  const Reading output = m.output_lengths.mean;
  return ttft && e2e && output && *output > 1 && !Differ(*ttft, *e2e, kSame);
}

void CheckTokenRate(ImportedRow& row) {
  const Measurement& m = row.measurement;
  if (!m.load.achieved_rps || !m.output_lengths.mean || !m.tokens_per_second) return;
  const double expected = *m.load.achieved_rps * *m.output_lengths.mean;
  if (!Differ(*m.tokens_per_second, expected, kTokenRateTolerance)) return;
  row.warnings.push_back(fmt::format("{:.4g} output tokens/s, but {:.4g} responses/s of {:.4g} tokens are {:.4g}",
                                     *m.tokens_per_second, *m.load.achieved_rps, *m.output_lengths.mean, expected));
}

void CheckE2e(ImportedRow& row) {
  const Measurement& m = row.measurement;
  const Reading ttft = m.ttft[Statistic::kMean];
  const Reading itl = m.itl[Statistic::kMean];
  const Reading e2e = m.e2e[Statistic::kMean];
  if (!ttft || !itl || !e2e || !m.output_lengths.mean) return;
  const double expected = *ttft + *itl * (*m.output_lengths.mean - 1);
  if (!Differ(*e2e, expected, kE2eTolerance)) return;
  row.warnings.push_back(fmt::format(
      "{:.4g} ms end to end, but TTFT and ITL add up to {:.4g} ms: were tokens counted differently?", *e2e, expected));
}

void CheckOutputLength(ImportedRow& row) {
  const auto& lengths = row.measurement.output_lengths;
  if (!lengths.mean || !lengths.nominal || !(*lengths.mean > kMaxOutputOverNominal * *lengths.nominal)) return;
  row.warnings.push_back(
      fmt::format("{:.4g} output tokens, but {:.4g} were asked for: some versions of tools count too many, and then "
                  "ITL and output tokens/s are wrong",
                  *lengths.mean, *lengths.nominal));
}

}  // namespace

void DropStreamingLatencies(ImportedRow& row) {
  Drop(&Measurement::ttft, row);
  Drop(&Measurement::itl, row);
  Drop(&Measurement::chunk_gap, row);
  row.warnings.emplace_back("nothing was streamed, so there is no TTFT and no ITL");
}

void CheckPlausibility(ImportedRow& row) {
  if (!row.problems.empty()) return;
  if (NothingWasStreamed(row.measurement)) DropStreamingLatencies(row);
  CheckTokenRate(row);
  CheckE2e(row);
  CheckOutputLength(row);
}

}  // namespace loadline::cli
