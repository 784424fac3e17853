#include "cli/importers/unusable.h"

#include <fmt/format.h>

#include <string>

#include "cli/importers/failure.h"
#include "cli/importers/field_reader.h"
#include "cli/importers/importer.h"
#include "libs/domain/text.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

base::Status NotAReport(std::string message) { return base::Fail(ReportFailure("NOT_A_REPORT", std::move(message))); }

bool HasAll(const Json& content, std::initializer_list<const char*> keys) {
  if (!content.is_object()) return false;
  for (const char* key : keys) {
    if (!content.contains(key)) return false;
  }
  return true;
}

bool IsUtf16(std::string_view text) { return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"); }

constexpr std::string_view kExportAsJson =
    "Restore it into a database and import what `psql -At -c 'SELECT json_agg(t) FROM exported_summaries t'` prints.";

/// Looks at the start only: the statement stands before the rows.
bool IsSqlDump(std::string_view text) {
  constexpr std::size_t kStart = 65536;
  const std::string_view start = text.substr(0, kStart);
  return text.starts_with("--") && (start.find("COPY ") != start.npos || start.find("INSERT INTO ") != start.npos ||
                                    start.find("CREATE TABLE ") != start.npos);
}

bool IsPrometheusSummary(const Json& content) {
  return HasAll(content, {"load_summary", "successes", "failures"}) &&
         ValueAt(content, "/successes/latency") == nullptr;
}

bool IsVllmThroughput(const Json& content) {
  return HasAll(content, {"elapsed_time", "num_requests", "total_num_tokens", "tokens_per_second"});
}

}  // namespace

base::Status CheckUsable(std::string_view text) {
  if (text.size() > kMaxReportBytes) {
    const auto limit = std::to_string(kMaxReportBytes >> 20U);
    return base::Fail(ReportFailure(
        "FILE_TOO_LARGE",
        fmt::format("larger than {} MiB. Leave out the single requests when saving, or split the file.", limit),
        {{"limit_mib", limit}}));
  }
  if (domain::Trim(WithoutByteOrderMark(text)).empty()) return NotAReport("the file is empty");
  if (text.starts_with("PGDMP")) {
    return NotAReport(
        fmt::format("a PostgreSQL dump in the custom format, which only PostgreSQL reads (`pg_restore -f out.sql FILE` "
                    "makes SQL of "
                    "it). {}",
                    kExportAsJson));
  }
  if (IsSqlDump(text)) return NotAReport(fmt::format("a PostgreSQL dump in SQL. {}", kExportAsJson));
  if (IsUtf16(text)) return NotAReport("a text in UTF-16. Save it as UTF-8.");
  return {};
}

base::Status CheckUsable(const Document& document) {
  if (IsPrometheusSummary(document.content)) {
    return NotAReport(
        "a summary of Prometheus metrics, which are of the server and not of requests. Import the stage files of the "
        "same run in a format that is known.");
  }
  if (IsVllmThroughput(document.content)) {
    return NotAReport(
        "a result of `vllm bench throughput`, which measures no latencies. Run `vllm bench serve` instead.");
  }
  return {};
}

}  // namespace loadline::cli
