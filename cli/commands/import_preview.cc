#include "cli/commands/import_preview.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/output/number.h"
#include "cli/output/table.h"
#include "cli/output/text.h"
#include "libs/json/benchmark_json.h"
#include "libs/json/row_fields.h"

namespace loadline::cli {
namespace {

using domain::LatencySummary;
using domain::Reading;
using domain::Statistic;

std::string Number(Reading reading) { return reading ? FormatSignificant(*reading) : "-"; }

/// "21.5 / 25.5": mean and p95, or the percentile next to it that is there.
std::string Latency(const LatencySummary& latency) {
  Reading tail;
  for (const Statistic statistic : {Statistic::kP95, Statistic::kP99, Statistic::kP90, Statistic::kP50}) {
    if (!tail) tail = latency[statistic];
  }
  return latency.empty() ? "-" : Number(latency[Statistic::kMean]) + " / " + Number(tail);
}

std::string Tokens(const domain::TokenLengths& lengths) {
  const Reading tokens = lengths.nominal ? lengths.nominal : lengths.mean;
  return tokens ? FormatTokens(*tokens) : "-";
}

std::vector<std::string> Cells(const ImportedRow& row) {
  const auto& m = row.measurement;
  if (!row.problems.empty()) return {row.location, "unreadable: " + Join(row.problems, "; ")};
  return {row.location,
          m.configuration.ToString(),
          Tokens(m.input_lengths) + ", " + Tokens(m.output_lengths),
          Number(m.load.offered_rps),
          Number(m.load.achieved_rps),
          Number(m.load.concurrency),
          Latency(m.ttft),
          Latency(m.itl),
          Latency(m.e2e)};
}

std::map<std::string, std::string> SourcesOf(const ImportedRow& row) {
  std::map<std::string, std::string> sources;
  for (const NumberSource& source : row.sources) sources[source.field] = source.from;
  return sources;
}

Table SourceTable(const ImportedRow& row) {
  Table table = {.columns = {{"Field"}, {"Value", Align::kRight}, {"From", Align::kLeft, true}}, .rows = {}};
  domain::Measurement m = row.measurement;  // the fields give access for reading and writing
  auto sources = SourcesOf(row);
  for (const auto& field : json::NumberFields()) {
    const Reading value = field.target(m);
    if (!value) continue;
    const std::string& source = sources[field.names.front()];
    table.rows.push_back(
        {field.names.front(), fmt::format("{}", *value), source.empty() ? "a flag or meta.yaml" : source});
  }
  return table;
}

nlohmann::ordered_json RowAsJson(const ImportedRow& row) {
  nlohmann::ordered_json json = {{"location", row.location}};
  json["row"] = json::WriteMeasurement(row.measurement);
  if (!row.problems.empty()) json["problems"] = row.problems;
  if (!row.warnings.empty()) json["warnings"] = row.warnings;
  for (const auto& [field, from] : SourcesOf(row)) json["sources"][field] = from;
  return json;
}

}  // namespace

void PrintRows(const ImportedReport& report, std::ostream& out) {
  Table table = {.columns = {{"Row"},
                             {"Configuration", Align::kLeft, true},
                             {"Tokens", Align::kRight},
                             {"Offered/s", Align::kRight},
                             {"Achieved/s", Align::kRight},
                             {"In flight", Align::kRight},
                             {"TTFT ms\nmean / p95", Align::kRight},
                             {"ITL ms\nmean / p95", Align::kRight},
                             {"E2E ms\nmean / p95", Align::kRight}},
                 .rows = {}};
  for (const ImportedRow& row : report.rows) table.rows.push_back(Cells(row));
  for (auto& cells : table.rows) cells.resize(table.columns.size());
  Print(table, out);
}

void PrintSources(const ImportedReport& report, std::ostream& out) {
  for (const ImportedRow& row : report.rows) {
    out << '\n' << Printable(row.location) << ": " << Printable(row.measurement.configuration.ToString()) << '\n';
    Print(SourceTable(row), out);
  }
}

nlohmann::ordered_json RowsAsJson(const ImportedReport& report) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const ImportedRow& row : report.rows) rows.push_back(RowAsJson(row));
  return rows;
}

}  // namespace loadline::cli
