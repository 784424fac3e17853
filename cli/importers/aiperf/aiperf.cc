#include "cli/importers/aiperf/aiperf.h"

#include <algorithm>
#include <utility>

#include "cli/importers/aiperf/csv_profile.h"
#include "cli/importers/aiperf/profile.h"
#include "cli/importers/document.h"
#include "cli/importers/elements.h"
#include "cli/importers/failure.h"
#include "cli/importers/row_reader.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

bool HasAny(const Json& value, std::initializer_list<const char*> keys) {
  return std::any_of(keys.begin(), keys.end(), [&](const char* key) { return value.contains(key); });
}

bool AnyMember(const Json& object, const char* key) {
  return object.is_object() && std::any_of(object.begin(), object.end(), [&](const Json& member) {
           return member.is_object() && member.contains(key);
         });
}

/// One request of `profile_export.jsonl`.
bool IsRequest(const Json& value) {
  const Json* metrics = ValueAt(value, "/metrics");
  return metrics != nullptr && value.contains("metadata") && AnyMember(*metrics, "value");
}

/// Statistics over several runs, which are no percentiles of requests.
bool IsAggregate(const Json& value) {
  const Json* metrics = ValueAt(value, "/metrics");
  return AnyMember(value, "ci_low") || (metrics != nullptr && AnyMember(*metrics, "ci_low"));
}

std::string FormatOf(const Json& profile) {
  const bool aiperf =
      HasAny(profile, {"aiperf_version", "schema_version", "telemetry_data", "benchmark_duration", "was_cancelled"});
  return aiperf ? "aiperf/json" : "genai-perf/json";
}

/// Only AIPerf has sums, and says what it counts each second.
std::string CsvFormatOf(const Json& profile) {
  const std::string unit = FirstTextAt(profile, {"/request_throughput/unit"});
  return unit == "requests/sec" || ValueAt(profile, "/request_latency/sum") != nullptr ? "aiperf/csv"
                                                                                       : "genai-perf/csv";
}

ImportedReport ReadCsv(const Document& document, const ImportOptions& options) {
  const Json profile = ProfileFromCsv(document.text);
  ImportedReport report{.format = CsvFormatOf(profile)};
  report.rows.push_back(ReadAiperfProfile(profile, options));
  report.rows.back().location = "the table";
  return report;
}

base::Error NotNeeded(std::string message) { return ReportFailure("NOT_NEEDED", std::move(message)); }

}  // namespace

bool AiperfImporter::Recognises(const Document& document) const {
  return IsAiperfCsvHeader(document.FirstLine()) || AnyElement(document, IsAiperfProfile) ||
         AnyElement(document, IsRequest) || AnyElement(document, IsAggregate);
}

base::Result<ImportedReport> AiperfImporter::Read(const Document& document, const ImportOptions& options) const {
  if (IsAiperfCsvHeader(document.FirstLine())) return ReadCsv(document, options);
  if (AnyElement(document, IsAggregate)) {
    return base::Fail(NotNeeded("statistics over several runs of AIPerf. Import the export of each run."));
  }
  if (AnyElement(document, IsRequest)) {
    return base::Fail(NotNeeded("the single requests of a run. Import profile_export_aiperf.json of the same run."));
  }
  const auto read = [&](const Json& profile) { return ReadAiperfProfile(profile, options); };
  const Json& first = document.content.is_array() ? document.content.front() : document.content;
  return ImportedReport{.format = FormatOf(first),
                        .rows = ReadElements(document, IsAiperfProfile, read, "an export of AIPerf or GenAI-Perf")};
}

}  // namespace loadline::cli
