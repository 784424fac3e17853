#include "cli/output/benchmark_view.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/output/freshness_view.h"
#include "cli/output/label.h"
#include "cli/output/number.h"
#include "cli/output/table.h"
#include "cli/output/text.h"
#include "cli/output/time.h"

namespace loadline::cli {
namespace {

constexpr char kAbsent[] = "-";

std::string Milliseconds(bool present, double value) { return present ? FormatSignificant(value) : kAbsent; }

// p95, or the statistic nearest to it that was measured, named.
std::string TailLatency(const benchmark_api::LatencySummary& summary) {
  if (summary.has_p95_ms()) return FormatSignificant(summary.p95_ms());
  if (summary.has_p99_ms()) return FormatSignificant(summary.p99_ms()) + " p99";
  if (summary.has_p90_ms()) return FormatSignificant(summary.p90_ms()) + " p90";
  if (summary.has_mean_ms()) return FormatSignificant(summary.mean_ms()) + " mean";
  return kAbsent;
}

std::string Origin(const benchmark_api::Benchmark& benchmark) {
  return OriginLabel(benchmark.provenance().origin()) + (benchmark.load().saturated() ? ", saturated" : "");
}

std::vector<std::string> BenchmarkRow(const benchmark_api::Benchmark& benchmark) {
  const auto& load = benchmark.load();
  return {benchmark.id(),
          FormatTokens(benchmark.shape().input_tokens()),
          FormatTokens(benchmark.shape().output_tokens()),
          load.has_requests_per_second() ? FormatSignificant(load.requests_per_second()) : kAbsent,
          FormatSignificant(load.responses_per_second()),
          TailLatency(benchmark.ttft()),
          TailLatency(benchmark.itl()),
          TailLatency(benchmark.e2e()),
          benchmark.has_tokens_per_second() ? FormatSignificant(benchmark.tokens_per_second()) : kAbsent,
          Origin(benchmark)};
}

void AddLatencyRow(const std::string& name, const benchmark_api::LatencySummary& summary, Table* table) {
  table->rows.push_back(
      {name, Milliseconds(summary.has_mean_ms(), summary.mean_ms()),
       Milliseconds(summary.has_p50_ms(), summary.p50_ms()), Milliseconds(summary.has_p90_ms(), summary.p90_ms()),
       Milliseconds(summary.has_p95_ms(), summary.p95_ms()), Milliseconds(summary.has_p99_ms(), summary.p99_ms())});
}

std::string Lengths(const benchmark_api::TokenLengths& lengths) {
  std::vector<std::string> parts;
  if (lengths.has_nominal()) parts.push_back(FormatTokens(lengths.nominal()) + " asked for");
  if (lengths.has_mean()) parts.push_back("mean " + FormatTokens(lengths.mean()));
  if (lengths.has_stdev()) parts.push_back("stdev " + FormatTokens(lengths.stdev()));
  if (lengths.has_min()) parts.push_back("min " + FormatTokens(lengths.min()));
  if (lengths.has_max()) parts.push_back("max " + FormatTokens(lengths.max()));
  return parts.empty() ? kAbsent : Join(parts);
}

std::string LoadText(const benchmark_api::Load& load) {
  std::string text;
  if (load.has_requests_per_second()) text += FormatSignificant(load.requests_per_second()) + " offered, ";
  text += FormatSignificant(load.responses_per_second()) + " achieved";
  if (load.saturated()) text += " (saturated: the deployment did not keep up)";
  return text;
}

std::string Source(const benchmark_api::Provenance& provenance) {
  std::vector<std::string> parts = {OriginLabel(provenance.origin())};
  if (!provenance.source().empty()) parts.push_back("by " + provenance.source());
  if (!provenance.confidence_level().empty()) parts.push_back("confidence " + provenance.confidence_level());
  if (!provenance.format().empty()) parts.push_back(provenance.format());
  if (!provenance.tool_version().empty()) parts.push_back("version " + provenance.tool_version());
  if (!provenance.path().empty()) parts.push_back(provenance.path());
  return Join(parts);
}

std::string Requests(const benchmark_api::Benchmark& benchmark) {
  if (!benchmark.has_completed_requests() && !benchmark.has_failed_requests()) return kAbsent;
  std::vector<std::string> parts;
  if (benchmark.has_completed_requests()) parts.push_back(FormatCount(benchmark.completed_requests()) + " completed");
  if (benchmark.has_failed_requests()) parts.push_back(FormatCount(benchmark.failed_requests()) + " failed");
  return Join(parts);
}

Table Facts(const benchmark_api::Benchmark& benchmark) {
  const auto& load = benchmark.load();
  return {.columns = {{}, {.wraps = true}},
          .rows = {{"Id", benchmark.id()},
                   {"Configuration", ConfigurationLine(benchmark.configuration())},
                   {"Shape, tokens in and out", ShapeLabel(benchmark.shape())},
                   {"Input tokens", Lengths(benchmark.input_lengths())},
                   {"Output tokens", Lengths(benchmark.output_lengths())},
                   {"Load, requests/s", LoadText(load)},
                   {"Requests in flight", load.has_concurrency() ? FormatSignificant(load.concurrency()) : kAbsent},
                   {"Output tokens/s",
                    benchmark.has_tokens_per_second() ? FormatSignificant(benchmark.tokens_per_second()) : kAbsent},
                   {"Requests", Requests(benchmark)},
                   {"Measured at", benchmark.has_measured_at() ? FormatTime(benchmark.measured_at()) : kAbsent},
                   {"Source", Source(benchmark.provenance())},
                   {"Added by revision", FormatCount(benchmark.revision())}}};
}

std::string Reasons(const benchmark_api::QuarantinedRow& row) {
  std::vector<std::string> reasons;
  for (const auto& reason : row.reasons()) reasons.push_back(reason.reason() + ": " + reason.message());
  return Join(reasons, "\n");
}

}  // namespace

void PrintBenchmarks(const benchmark_api::ListBenchmarksResponse& listing, std::ostream& out) {
  Table table = {.columns = {{"Id"},
                             {"Input\ntokens", Align::kRight},
                             {"Output\ntokens", Align::kRight},
                             {"Offered\nreq/s", Align::kRight},
                             {"Achieved\nreq/s", Align::kRight},
                             {"TTFT p95\nms", Align::kRight},
                             {"ITL p95\nms", Align::kRight},
                             {"E2E p95\nms", Align::kRight},
                             {"Output\ntokens/s", Align::kRight},
                             {"Origin"}},
                 .rows = {}};
  OriginCounts origins;
  std::string heading;
  for (const auto& benchmark : listing.benchmarks()) {
    const std::string configuration = ConfigurationLine(benchmark.configuration());
    if (configuration != heading) table.rows.push_back({heading = configuration});
    table.rows.push_back(BenchmarkRow(benchmark));
    ++origins[benchmark.provenance().origin()];
  }
  Print(table, out);
  const std::string note = OriginNote(origins, "data");
  if (!note.empty()) out << '\n' << note << '\n';
}

void PrintConfigurations(const benchmark_api::ListConfigurationsResponse& listing, std::ostream& out) {
  Table table = {.columns = {{"Configuration", Align::kLeft, true},
                             {"Benchmarks", Align::kRight},
                             {"Shapes measured, tokens (in, out)", Align::kLeft, true},
                             {"Origin"}},
                 .rows = {}};
  for (const auto& summary : listing.configurations()) {
    std::vector<std::string> shapes;
    for (const auto& shape : summary.shapes()) shapes.push_back(ShapeLabel(shape));
    std::vector<std::string> origins;
    for (const auto origin : summary.origins())
      origins.push_back(OriginLabel(static_cast<benchmark_api::Origin>(origin)));
    table.rows.push_back({ConfigurationLines(summary.configuration()), FormatCount(summary.benchmark_count()),
                          Join(shapes), Join(origins)});
  }
  Print(table, out);
}

void PrintQuarantined(const benchmark_api::ListQuarantinedResponse& listing, std::ostream& out) {
  Table table = {.columns = {{"Id"}, {"Row", Align::kLeft, true}, {"Why", Align::kLeft, true}}, .rows = {}};
  for (const auto& row : listing.rows()) {
    const std::string& path = row.benchmark().provenance().path();
    table.rows.push_back({row.id(), path.empty() ? row.location() : path + "\n" + row.location(), Reasons(row)});
  }
  Print(table, out);
}

void PrintBenchmark(const benchmark_api::Benchmark& benchmark, std::ostream& out) {
  Table facts = Facts(benchmark);
  std::erase_if(facts.rows, [](const auto& row) { return row.back() == kAbsent; });
  Print(facts, out);
  Table latencies = {.columns = {{"Latency, ms"},
                                 {"Mean", Align::kRight},
                                 {"p50", Align::kRight},
                                 {"p90", Align::kRight},
                                 {"p95", Align::kRight},
                                 {"p99", Align::kRight}},
                     .rows = {}};
  AddLatencyRow("Time to first token (TTFT)", benchmark.ttft(), &latencies);
  AddLatencyRow("Inter-token latency (ITL)", benchmark.itl(), &latencies);
  AddLatencyRow("End to end (E2E)", benchmark.e2e(), &latencies);
  if (benchmark.has_tpot()) AddLatencyRow("Time per output token (TPOT)", benchmark.tpot(), &latencies);
  if (benchmark.has_chunk_gap()) AddLatencyRow("Gaps between chunks", benchmark.chunk_gap(), &latencies);
  out << '\n';
  Print(latencies, out);
  const std::string note = OriginNote({{benchmark.provenance().origin(), 1}}, "of it");
  if (!note.empty()) out << '\n' << note << '\n';
}

void PrintMatch(const benchmark_api::TrafficShape& asked, const planner_api::MatchBenchmarkResponse& match,
                std::ostream& out) {
  out << fmt::format("Closest to {}: {}, distance {}{}\n\n", ShapeLabel(asked), ShapeLabel(match.benchmark().shape()),
                     FormatSignificant(match.distance()),
                     match.distance() == 0 ? " (this very shape was measured)" : "");
  PrintBenchmark(match.benchmark(), out);
  out << fmt::format("\nAll that is known of it: loadline get {}\n", Printable(match.benchmark().id()));
  PrintFreshness(match.freshness(), out);
}

}  // namespace loadline::cli
