#include "cli/importers/aiperf/csv_profile.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/importers/csv.h"
#include "libs/domain/text.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

/// What a CSV calls a metric, in lower case and without its unit, and its key
/// in JSON. Other metrics have names that hold these, so they must be equal.
constexpr std::pair<std::string_view, const char*> kMetrics[] = {{"time to first token", "time_to_first_token"},
                                                                 {"inter token latency", "inter_token_latency"},
                                                                 {"inter chunk latency", "inter_chunk_latency"},
                                                                 {"request latency", "request_latency"},
                                                                 {"input sequence length", "input_sequence_length"},
                                                                 {"output sequence length", "output_sequence_length"},
                                                                 {"output token throughput", "output_token_throughput"},
                                                                 {"request throughput", "request_throughput"},
                                                                 {"request count", "request_count"},
                                                                 {"error request count", "error_request_count"}};

/// "Request Latency (ms)" in its two parts, in lower case.
struct MetricName {
  std::string name;
  std::string unit;
};

MetricName Dissect(std::string_view text) {
  text = domain::Trim(text);
  const std::size_t open = text.rfind('(');
  if (open == std::string_view::npos || !text.ends_with(')')) return {domain::Lower(text), ""};
  return {domain::Lower(domain::Trim(text.substr(0, open))),
          domain::Lower(text.substr(open + 1, text.size() - open - 2))};
}

/// A rate of each user is none of the deployment.
const char* KeyOf(const MetricName& metric) {
  if (metric.unit.find("/user") != std::string::npos) return nullptr;
  const auto* found = std::find_if(std::begin(kMetrics), std::end(kMetrics),
                                   [&](const auto& each) { return each.first == metric.name; });
  return found == std::end(kMetrics) ? nullptr : found->second;
}

Json CellValue(std::string cell) {
  std::erase(cell, ',');
  cell = domain::Trim(cell);
  return cell.empty() || domain::EqualsIgnoringCase(cell, "N/A") ? Json() : Json(std::move(cell));
}

bool IsHeader(const CsvLine& line) { return line.cells.front() == "Metric"; }

/// "Value" is the only statistic of a total.
std::string StatisticOf(const std::string& column) { return column == "Value" ? "avg" : column; }

void AddMetric(const CsvLine& header, const CsvLine& line, Json& profile) {
  const MetricName metric = Dissect(line.cells.front());
  const char* key = KeyOf(metric);
  if (key == nullptr) return;
  Json& values = profile[key];
  values["unit"] = metric.unit;
  const std::size_t columns = std::min(header.cells.size(), line.cells.size());
  for (std::size_t i = 1; i < columns; ++i) values[StatisticOf(header.cells[i])] = CellValue(line.cells[i]);
}

}  // namespace

bool IsAiperfCsvHeader(std::string_view line) { return line.starts_with("Metric,avg,"); }

Json ProfileFromCsv(std::string_view text) {
  Json profile = Json::object();
  CsvLine header;
  CsvReader reader(text);
  for (CsvLine line; reader.Next(line);) {
    if (IsHeader(line)) {
      header = std::move(line);
    } else {
      AddMetric(header, line, profile);
    }
  }
  return profile;
}

}  // namespace loadline::cli
