#include "cli/output/prediction_view.h"

#include <fmt/format.h>

#include <string>

#include "cli/output/freshness_view.h"
#include "cli/output/label.h"
#include "cli/output/number.h"
#include "cli/output/table.h"
#include "cli/output/text.h"

namespace loadline::cli {
namespace {

constexpr char kAbsent[] = "-";

std::string RangeText(const planner_api::PredictedLatency& latency) {
  if (!latency.has_interval_ms()) return kAbsent;
  return fmt::format("{} to {}", FormatSignificant(latency.interval_ms().lower()),
                     FormatSignificant(latency.interval_ms().upper()));
}

void AddRow(const std::string& name, bool known, const planner_api::PredictedLatency& latency, Table* table) {
  if (!known) return;
  const int shapes = latency.calibration_shape_count();
  table->rows.push_back({name, FormatSignificant(latency.ms()), RangeText(latency), BasisLabel(latency.basis()),
                         shapes == 0 ? kAbsent : FormatCount(shapes)});
}

void AddRows(const std::string& metric, const planner_api::PredictedSummary& summary, Table* table) {
  AddRow(metric + " mean", summary.has_mean(), summary.mean(), table);
  AddRow(metric + " p50", summary.has_p50(), summary.p50(), table);
  AddRow(metric + " p90", summary.has_p90(), summary.p90(), table);
  AddRow(metric + " p95", summary.has_p95(), summary.p95(), table);
  AddRow(metric + " p99", summary.has_p99(), summary.p99(), table);
}

void PrintSubject(const planner_api::PredictPerformanceResponse& prediction, std::ostream& out) {
  out << fmt::format("One replica of {}\n", Printable(ConfigurationLine(prediction.configuration())));
  out << fmt::format("at {} requests/s of {} input and {} output tokens",
                     FormatSignificant(prediction.requests_per_second()),
                     FormatTokens(prediction.shape().input_tokens()), FormatTokens(prediction.shape().output_tokens()));
  if (prediction.has_concurrency()) out << fmt::format(", {} in flight", FormatSignificant(prediction.concurrency()));
  out << "\n\n";
}

bool HasRange(const planner_api::PredictedSummary& summary) {
  return summary.mean().has_interval_ms() || summary.p50().has_interval_ms() || summary.p90().has_interval_ms() ||
         summary.p95().has_interval_ms() || summary.p99().has_interval_ms();
}

// What the ranges mean; where there are none, why.
std::string Legend(const planner_api::PredictPerformanceResponse& prediction) {
  if (!HasRange(prediction.ttft()) && !HasRange(prediction.itl()) && !HasRange(prediction.e2e())) {
    return "No ranges: these are measurements, or too few shapes were measured near this one to know how far\n"
           "predictions are off.\n";
  }
  return fmt::format(
      "Range: each latency stays below its end with a confidence of {}, learnt from the other measured\n"
      "shapes, each predicted as if it had not been measured.\n",
      FormatPercent(prediction.confidence()));
}

void PrintEvidence(const planner_api::Evidence& evidence, std::ostream& out) {
  const int benchmarks = evidence.benchmark_ids_size();
  out << fmt::format("Rests on {} benchmark{}; the nearest measured shape is {}, distance {}.\n",
                     FormatCount(benchmarks), benchmarks == 1 ? "" : "s", ShapeLabel(evidence.shape()),
                     FormatSignificant(evidence.distance()));
  const std::string note = OriginNote({{evidence.origin(), 1}}, "evidence");
  if (!note.empty()) out << note << '\n';
}

}  // namespace

void PrintPrediction(const planner_api::PredictPerformanceResponse& prediction, std::ostream& out) {
  PrintSubject(prediction, out);
  Table table = {.columns = {{"Latency"},
                             {"ms", Align::kRight},
                             {"Range, ms", Align::kRight},
                             {"Basis"},
                             {"Shapes behind the range", Align::kRight}},
                 .rows = {}};
  AddRows("TTFT", prediction.ttft(), &table);
  AddRows("ITL", prediction.itl(), &table);
  AddRows("E2E", prediction.e2e(), &table);
  Print(table, out);
  out << '\n' << Legend(prediction);
  out << "What is not listed is in no benchmark of this configuration.\n";
  PrintEvidence(prediction.evidence(), out);
  PrintFreshness(prediction.freshness(), out);
}

}  // namespace loadline::cli
