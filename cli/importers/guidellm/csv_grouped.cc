#include "cli/importers/guidellm/csv_grouped.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/importers/csv.h"
#include "cli/importers/guidellm/csv_cells.h"
#include "cli/importers/row_reader.h"
#include "libs/domain/text.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kHeaderRows = 3;

/// A metric's group and unit in the header rows, and its name in JSON.
struct Metric {
  std::string_view group;
  std::string_view unit;
  const char* name;
};
constexpr Metric kMetrics[] = {{"server throughput", "requests/sec", "requests_per_second"},
                               {"server throughput", "concurrency", "request_concurrency"},
                               {"request latency", "sec", "request_latency"},
                               {"token metrics", "input tokens", "prompt_token_count"},
                               {"token metrics", "output tokens", "output_token_count"},
                               {"time to first token", "ms", "time_to_first_token_ms"},
                               {"time per output token", "ms", "time_per_output_token_ms"},
                               {"inter token latency", "ms", "inter_token_latency_ms"},
                               {"token throughput", "output tokens/sec", "output_tokens_per_second"}};

/// "time to first token|successful ms|mean": the three header cells of each
/// column.
std::vector<std::string> ColumnNames(const std::vector<CsvLine>& lines) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < lines.front().cells.size(); ++i) {
    std::string name;
    for (std::size_t row = 0; row < kHeaderRows; ++row) {
      const auto& cells = lines[row].cells;
      name += (row == 0 ? "" : "|") + domain::Lower(domain::Trim(i < cells.size() ? cells[i] : ""));
    }
    names.push_back(std::move(name));
  }
  return names;
}

Json Cells(const std::vector<std::string>& names, std::vector<std::string> values) {
  Json cells = Json::object();
  for (std::size_t i = 0; i < names.size(); ++i) cells[names[i]] = std::move(values[i]);
  return cells;
}

Json Distribution(const Json& cells, const Metric& metric) {
  const auto column = [&](std::string_view statistic) {
    return fmt::format("{}|successful {}|{}", metric.group, metric.unit, statistic);
  };
  return GuidellmDistribution(GuidellmCell(cells, column("mean")), GuidellmCell(cells, column("median")),
                              GuidellmJsonCell(cells, column("percentiles")));
}

/// Only the profile knows the rates: one for each run, in order.
Json Strategy(const Json& cells) {
  const Json profile = GuidellmJsonCell(cells, "run info|profile|");
  const std::string index = ElementPointer(FirstTextAt(cells, {"/run info|run index|"}));
  Json strategy = {{"type_", GuidellmCell(cells, "benchmark|strategy|")}};
  if (const Json* rate = FirstAt(profile, {"/completed_strategies" + index + "/rate", "/rate" + index})) {
    strategy["rate"] = *rate;
  }
  return strategy;
}

Json Benchmark(const Json& cells) {
  Json metrics = {{"request_totals",
                   {{"successful", GuidellmCell(cells, "request counts|successful|")},
                    {"errored", GuidellmCell(cells, "request counts|errored|")}}}};
  for (const Metric& metric : kMetrics) metrics[metric.name] = Distribution(cells, metric);
  return {{"config", {{"strategy", Strategy(cells)}, {"backend", GuidellmJsonCell(cells, "run info|backend|")}}},
          {"request_loader", GuidellmJsonCell(cells, "run info|requests|")},
          {"start_time", GuidellmCell(cells, "timings|start time|")},
          {"metrics", std::move(metrics)}};
}

GuidellmGroupedRow ReadRow(const std::vector<std::string>& names, CsvLine line) {
  GuidellmGroupedRow row{.line = line.number};
  if (line.cells.size() != names.size()) {
    row.problem = fmt::format(
        "{} cells under {} columns, so they are shifted (GuideLLM 0.4 to 0.6). Import the JSON file of the same run",
        line.cells.size(), names.size());
    return row;
  }
  const Json cells = Cells(names, std::move(line.cells));
  row.benchmark = Benchmark(cells);
  row.report = {{"metadata", GuidellmJsonCell(cells, "runtime info|metadata|")},
                {"args", GuidellmJsonCell(cells, "runtime info|arguments|")}};
  return row;
}

}  // namespace

bool IsGuidellmGroupedHeader(std::string_view line) { return line.starts_with("Run Info,Run Info,"); }

std::vector<GuidellmGroupedRow> ReadGuidellmGroupedCsv(std::string_view text) {
  CsvReader reader(text);
  std::vector<CsvLine> header(kHeaderRows);
  std::vector<GuidellmGroupedRow> rows;
  if (!std::all_of(header.begin(), header.end(), [&](CsvLine& line) { return reader.Next(line); })) return rows;
  const std::vector<std::string> names = ColumnNames(header);
  for (CsvLine line; rows.size() <= kMaxRows && reader.Next(line);) rows.push_back(ReadRow(names, std::move(line)));
  return rows;
}

}  // namespace loadline::cli
