#include "cli/importers/guidellm/csv_rows.h"

#include <fmt/format.h>

#include <utility>

#include "cli/importers/csv.h"
#include "cli/importers/guidellm/csv_cells.h"
#include "cli/importers/row_reader.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

/// What a column is called, and its metric in a JSON report.
constexpr std::pair<std::string_view, std::string_view> kMetrics[] = {
    {"Requests per second", "requests_per_second"},
    {"Request concurrency", "request_concurrency"},
    {"Request latency", "request_latency"},
    {"Prompt token count", "prompt_token_count"},
    {"Output token count", "output_token_count"},
    {"Time to first token ms", "time_to_first_token_ms"},
    {"Time per output token ms", "time_per_output_token_ms"},
    {"Inter token latency ms", "inter_token_latency_ms"},
    {"Output tokens per second", "output_tokens_per_second"}};

/// The cell of a metric that is a list.
constexpr std::string_view kListColumn = "[min, 0.1, 1, 5, 10, 25, 75, 90, 95, 99, max]";

Json Distribution(const Json& row, std::string_view name) {
  return GuidellmDistribution(GuidellmCell(row, fmt::format("Successful {} mean", name)),
                              GuidellmCell(row, fmt::format("Successful {} median", name)),
                              GuidellmJsonCell(row, fmt::format("Successful {} {}", name, kListColumn)));
}

/// The time in `Start Time` is local to a machine that is not known; that of
/// the strategy has no such doubt.
Json StartTime(const Json& row, const Json& args) {
  const Json* precise = ValueAt(args, "/strategy/start_time");
  return precise != nullptr ? *precise : GuidellmCell(row, "Start Time");
}

}  // namespace

bool IsGuidellmCsvHeader(std::string_view line) { return line.starts_with("Type,Run Id,Id,Name,"); }

std::vector<GuidellmCsvRow> ReadGuidellmCsv(std::string_view text) {
  CsvReader reader(text);
  CsvLine header;
  std::vector<GuidellmCsvRow> rows;
  reader.Next(header);
  for (CsvLine line; rows.size() <= kMaxRows && reader.Next(line);) {
    rows.push_back({.line = line.number, .cells = nullptr});
    if (line.cells.size() != header.cells.size()) {
      rows.back().problem = fmt::format("{} cells under {} columns", line.cells.size(), header.cells.size());
      continue;
    }
    for (std::size_t i = 0; i < line.cells.size(); ++i) rows.back().cells[header.cells[i]] = std::move(line.cells[i]);
  }
  return rows;
}

Json BenchmarkFromCsvRow(const Json& row) {
  if (!row.is_object()) return row;
  Json args = GuidellmJsonCell(row, "Args");
  Json benchmark = {
      {"worker", GuidellmJsonCell(row, "Worker")},
      {"request_loader", GuidellmJsonCell(row, "Request Loader")},
      {"request_totals",
       {{"successful", GuidellmCell(row, "Successful Requests")}, {"errored", GuidellmCell(row, "Errored Requests")}}},
      {"start_time", StartTime(row, args)}};
  for (const auto& [column, metric] : kMetrics) benchmark["metrics"][std::string(metric)] = Distribution(row, column);
  benchmark["args"] = std::move(args);
  return benchmark;
}

}  // namespace loadline::cli
