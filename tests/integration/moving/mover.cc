#include "tests/integration/moving/mover.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "libs/json/benchmark_json.h"
#include "services/benchmark-store/repository/quarantine_json.h"
#include "tests/conformance/sample.h"

namespace loadline::testing {
namespace {

namespace fs = std::filesystem;

// Large moves on a machine that is busy.
constexpr std::chrono::minutes kPatience{5};
constexpr const char* kCatalogFiles[] = {"hardware.json", "models.json", "use_cases.json"};

std::string Binary(const std::string& name) { return std::string(LOADLINE_BINARY_DIR) + "/bin/" + name; }

Mover::Outcome Finish(Process& run) {
  const int status = run.Wait(kPatience).value_or(-1);
  return {.status = status, .out = run.Output(), .error = run.ErrorOutput()};
}

store::SampleOptions OptionsOf(int row) {
  return {.model = row % 2 == 0 ? "acme/even" : "acme/odd", .rate = 1 + 0.001 * row, .variant = row % 7};
}

nlohmann::json QuarantinedSample(int variant) {
  auto measurement = store::BadSample({.variant = variant});
  return store::WriteQuarantined(store::QuarantinedFrom(
      {.measurement = std::move(measurement),
       .shape = {},
       .reasons = {{.reason = "NEGATIVE_VALUE", .field = "ttft_p50", .message = "is -1, but cannot be negative"}}},
      "line " + std::to_string(variant)));
}

}  // namespace

const char* const kSummaryColumns =
    "id, model_hf_repo, hardware, hardware_count, framework, framework_version, prompt_tokens, output_tokens, "
    "mean_input_tokens, mean_output_tokens, requests_per_second, responses_per_second, tokens_per_second, ttft_mean, "
    "ttft_p90, ttft_p95, ttft_p99, itl_mean, itl_p95, e2e_mean, e2e_p95, jbenchmark_created_at";
const char* const kSummaryTypes =
    "id text, model_hf_repo text, hardware text, hardware_count integer, framework text, framework_version text, "
    "prompt_tokens integer, output_tokens integer, mean_input_tokens double precision, mean_output_tokens double "
    "precision, requests_per_second double precision, responses_per_second double precision, tokens_per_second double "
    "precision, ttft_mean double precision, ttft_p90 double precision, ttft_p95 double precision, ttft_p99 double "
    "precision, itl_mean double precision, itl_p95 double precision, e2e_mean double precision, e2e_p95 double "
    "precision, jbenchmark_created_at text";

std::string SummaryRows(const std::string& numbers) {
  return "SELECT 'r' || i, 'acme/older', 'NVIDIA-H100-80GB-HBM3', 2, 'vllm', 'v0.8.4', 512, 128, 510, 128, "
         "1.5 + i * 0.001, 1.4 + i * 0.001, (1.4 + i * 0.001) * 128, CASE WHEN i = 0 THEN -1 ELSE 230.25 END, 260, "
         "280, "
         "320, 10, 11.5, 1500, 1800, '2026-01-02 03:04:05' FROM " +
         numbers;
}

Mover::Mover() {
  fs::create_directory(folder / "catalog");
  for (const auto* name : kCatalogFiles) {
    fs::copy_file(fs::path(LOADLINE_SOURCE_DIR "/data") / name, folder / "catalog" / name);
  }
}

Mover::Outcome Mover::Loadline(const std::vector<std::string>& arguments) const {
  Process run({.binary = Binary("loadline"), .arguments = arguments, .folder = folder.path()});
  return Finish(run);
}

ProcessOptions Mover::MigrateProcess(const std::string& source, const std::vector<std::string>& more) const {
  std::vector<std::string> arguments = {"migrate-data", "--output",     "json",      "--from", source,
                                        "--to",         database.url(), "--catalog", "catalog"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return {.binary = Binary("loadline"), .arguments = arguments, .folder = folder.path()};
}

Mover::Outcome Mover::Migrate(const std::string& source, const std::vector<std::string>& more) const {
  Process run(MigrateProcess(source, more));
  return Finish(run);
}

Mover::Outcome Mover::MakeSchema() const {
  Process run({.binary = Binary("benchmark-store"),
               .arguments = {"migrate"},
               .environment = {{"BENCHMARK_SOURCE", "postgresql"}, {"DATABASE_URL", database.url()}}});
  return Finish(run);
}

fs::path Mover::JsonData(const std::string& name, int rows) const {
  const auto draft = folder / (name + ".draft");
  fs::copy(folder / "catalog", draft);
  auto document = nlohmann::json{{"benchmarks", nlohmann::json::array()}, {"quarantined", nlohmann::json::array()}};
  for (int row = 0; row < rows; ++row) {
    document["benchmarks"].push_back(json::WriteMeasurement(store::Sample(OptionsOf(row))));
  }
  for (int variant = 0; variant < 5; ++variant) document["quarantined"].push_back(QuarantinedSample(variant));
  std::ofstream(draft / "benchmarks.json") << document;
  const auto exported = Loadline({"export", "--from", "json:" + draft.string(), "--to", "json:" + name});
  if (exported.status != 0) throw std::runtime_error("no JSON data: " + exported.error);
  return folder / name;
}

void Mover::MakeSummaries(int rows) const {
  database.Psql(
      fmt::format("CREATE TABLE exported_summaries ({}); INSERT INTO exported_summaries ({}) {}; "
                  "ALTER TABLE exported_summaries OWNER TO loadline",
                  kSummaryTypes, kSummaryColumns, SummaryRows(fmt::format("generate_series(0, {}) i", rows))));
}

std::string Mover::SummariesHash() const {
  return database.Psql("SELECT md5(string_agg(e::text, ',' ORDER BY ctid)) FROM exported_summaries e");
}

std::string DifferenceOf(const fs::path& a, const fs::path& b) {
  for (const auto* name : {"benchmarks.json", "hardware.json", "models.json", "use_cases.json"}) {
    if (ReadFile(a / name) != ReadFile(b / name)) return name;
  }
  return "";
}

}  // namespace loadline::testing
