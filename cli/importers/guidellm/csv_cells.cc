#include "cli/importers/guidellm/csv_cells.h"

#include <utility>

#include "libs/json/parse.h"
#include "libs/json/scalar.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kListLength = 11;
constexpr std::pair<std::size_t, const char*> kListPercentiles[] = {{7, "p90"}, {8, "p95"}, {9, "p99"}};

bool IsList(const Json& list) { return list.is_array() && list.size() == kListLength; }

Json Percentiles(const Json& list) {
  if (!IsList(list)) return {};
  Json percentiles = Json::object();
  for (const auto& [index, name] : kListPercentiles) percentiles[name] = list[index];
  return percentiles;
}

bool IsZero(const Json& cell) { return json::NumberIn(cell) == 0.0; }

}  // namespace

Json GuidellmCell(const Json& row, const std::string& column) {
  const auto found = row.find(column);
  if (found == row.end()) return {};
  const bool blank = found->is_string() && found->get_ref<const std::string&>().empty();
  return blank ? Json() : *found;
}

Json GuidellmJsonCell(const Json& row, const std::string& column) {
  Json cell = GuidellmCell(row, column);
  if (!cell.is_string()) return cell;
  auto parsed = json::Parse(cell.get_ref<const std::string&>());
  return parsed ? *std::move(parsed) : std::move(cell);
}

Json GuidellmDistribution(Json mean, Json median, const Json& percentiles) {
  const bool empty = IsZero(mean) && IsZero(median) && (!IsList(percentiles) || IsZero(percentiles.back()));
  Json distribution = {
      {"mean", std::move(mean)}, {"median", std::move(median)}, {"percentiles", Percentiles(percentiles)}};
  if (empty) distribution["count"] = 0;
  return {{"successful", std::move(distribution)}};
}

}  // namespace loadline::cli
