#include "cli/moving/summary_reader.h"

#include <algorithm>
#include <utility>

#include "cli/importers/exported_summaries/summary_row.h"
#include "cli/importers/settings.h"
#include "cli/importers/utf8.h"

namespace loadline::cli {
namespace {

/// As the importer names rows that name no source.
constexpr char kSource[] = "exported_summaries";

/// SQLite keeps any bytes as text; everything behind here is UTF-8.
void MakeUtf8(std::string& text) {
  for (auto valid = ValidUtf8Prefix(text); valid < text.size();
       valid += ValidUtf8Prefix(std::string_view(text).substr(valid))) {
    text[valid] = '?';
  }
}

}  // namespace

store::ImportedRow ReadSummaryRow(const std::vector<std::string>& columns,
                                  std::vector<std::optional<std::string>> values) {
  for (auto& value : values) {
    if (value) MakeUtf8(*value);
  }
  auto row = ReadSummaryCells(columns, std::move(values));
  auto& version = row.measurement.configuration.framework_version;
  version = NormalVersion(version);
  auto& source = row.measurement.provenance.source;
  if (source.empty()) source = kSource;
  return {.measurement = std::move(row.measurement), .location = {}, .problems = std::move(row.problems)};
}

}  // namespace loadline::cli
