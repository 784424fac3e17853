#include <cstdint>
#include <set>
#include <string>

#include "cli/importers/importer.h"
#include "libs/domain/judge.h"
#include "libs/json/benchmark_json.h"
#include "tests/fuzz/expect.h"

namespace loadline::cli {
namespace {

void ExpectSound(const ImportedRow& row) {
  fuzz::Expect(!row.location.empty(), "a row knows where it stands");
  fuzz::Expect(!row.measurement.provenance.format.empty() && !row.measurement.provenance.source.empty(),
               "a row knows where it comes from");
  for (const std::string& problem : row.problems) {
    fuzz::Expect(!problem.empty() && problem.size() < 2000, "a problem is said, and is short");
    nlohmann::json(problem).dump();  // throws where it is not UTF-8
  }
  const nlohmann::json written = nlohmann::json::parse(json::WriteMeasurement(row.measurement).dump());
  fuzz::Expect(json::ReadMeasurement(written).measurement == row.measurement, "a row can be stored");
  domain::Judge(row.measurement);
}

void ExpectUseful(const base::Error& error) {
  static const std::set<std::string> kReasons = {"MALFORMED_JSON",  "NOT_A_REPORT",   "ALL_REQUESTS_FAILED",
                                                 "MISSING_SETTING", "FILE_TOO_LARGE", "NOT_NEEDED"};
  fuzz::Expect(error.code == base::ErrorCode::kInvalidArgument, "a bad file is the caller's mistake");
  fuzz::Expect(kReasons.contains(error.reason), "the reason is one of the contract");
  fuzz::Expect(!error.message.empty() && error.message.size() < 2000, "the message is there, and is short");
  nlohmann::json(error.message).dump();  // throws where it is not UTF-8
}

}  // namespace
}  // namespace loadline::cli

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline;  // NOLINT
  const cli::ReportFile file = {.path = "report_8k1k", .text = std::string(reinterpret_cast<const char*>(data), size)};
  // Without settings, too: what is missing depends on the report.
  const cli::ImportOptions given = {
      .overrides = {.model = "m", .hardware = "H100", .hardware_count = 1, .framework = "vllm"}, .explain = true};
  for (const cli::ImportOptions& options : {cli::ImportOptions{}, given}) {
    const auto report = cli::ReadReport(file, options);
    if (!report) {
      cli::ExpectUseful(report.error());
      continue;
    }
    fuzz::Expect(!report->rows.empty(), "a report has rows");
    for (const cli::ImportedRow& row : report->rows) cli::ExpectSound(row);
  }
  return 0;
}
