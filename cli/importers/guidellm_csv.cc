#include "cli/importers/guidellm_csv.h"

#include <fmt/format.h>

#include <utility>

#include "cli/importers/csv.h"
#include "cli/importers/field_reader.h"
#include "libs/json/parse.h"
#include "libs/json/scalar.h"

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

/// The cell of a metric that is a list, and where the percentiles are in it.
constexpr std::string_view kListColumn = "[min, 0.1, 1, 5, 10, 25, 75, 90, 95, 99, max]";
constexpr std::size_t kListLength = 11;
constexpr std::pair<std::size_t, const char*> kListPercentiles[] = {{7, "p90"}, {8, "p95"}, {9, "p99"}};

Json Cell(const Json& row, const std::string& column) {
  const auto found = row.find(column);
  if (found == row.end()) return {};
  const bool blank = found->is_string() && found->get_ref<const std::string&>().empty();
  return blank ? Json() : *found;
}

/// A cell that holds JSON; the cell itself where it does not.
Json JsonCell(const Json& row, const std::string& column) {
  Json cell = Cell(row, column);
  if (!cell.is_string()) return cell;
  auto parsed = json::Parse(cell.get_ref<const std::string&>());
  return parsed ? *std::move(parsed) : std::move(cell);
}

Json Percentiles(const Json& list) {
  if (!list.is_array() || list.size() != kListLength) return {};
  Json percentiles = Json::object();
  for (const auto& [index, name] : kListPercentiles) percentiles[name] = list[index];
  return percentiles;
}

bool IsZero(const Json& cell) { return json::NumberIn(cell) == 0.0; }

/// A metric that was never measured, such as TTFT without streaming, is all
/// zeros here; the JSON report says so with a count of 0.
bool IsEmpty(const Json& distribution, const Json& list) {
  const bool zero_list = !list.is_array() || list.size() != kListLength || IsZero(list.back());
  return IsZero(distribution["mean"]) && IsZero(distribution["median"]) && zero_list;
}

Json Distribution(const Json& row, std::string_view name) {
  const Json list = JsonCell(row, fmt::format("Successful {} {}", name, kListColumn));
  Json distribution = {{"mean", Cell(row, fmt::format("Successful {} mean", name))},
                       {"median", Cell(row, fmt::format("Successful {} median", name))},
                       {"percentiles", Percentiles(list)}};
  if (IsEmpty(distribution, list)) distribution["count"] = 0;
  return {{"successful", std::move(distribution)}};
}

/// The time in `Start Time` is local to a machine that is not known; that of
/// the strategy has no such doubt.
Json StartTime(const Json& row, const Json& args) {
  const Json* precise = ValueAt(args, "/strategy/start_time");
  return precise != nullptr ? *precise : Cell(row, "Start Time");
}

}  // namespace

bool IsGuidellmCsvHeader(std::string_view line) { return line.starts_with("Type,Run Id,Id,Name,"); }

std::vector<GuidellmCsvRow> ReadGuidellmCsv(std::string_view text) {
  std::vector<CsvLine> lines = ParseCsv(text);
  std::vector<GuidellmCsvRow> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string>& header = lines.front().cells;
    std::vector<std::string>& cells = lines[i].cells;
    rows.push_back({.line = lines[i].number, .cells = nullptr});
    if (cells.size() != header.size()) {
      rows.back().problem = fmt::format("{} cells under {} columns", cells.size(), header.size());
      continue;
    }
    for (std::size_t j = 0; j < cells.size(); ++j) rows.back().cells[header[j]] = std::move(cells[j]);
  }
  return rows;
}

Json BenchmarkFromCsvRow(const Json& row) {
  if (!row.is_object()) return row;
  Json args = JsonCell(row, "Args");
  Json benchmark = {{"worker", JsonCell(row, "Worker")},
                    {"request_loader", JsonCell(row, "Request Loader")},
                    {"request_totals",
                     {{"successful", Cell(row, "Successful Requests")}, {"errored", Cell(row, "Errored Requests")}}},
                    {"start_time", StartTime(row, args)}};
  for (const auto& [column, metric] : kMetrics) benchmark["metrics"][std::string(metric)] = Distribution(row, column);
  benchmark["args"] = std::move(args);
  return benchmark;
}

}  // namespace loadline::cli
