#include "cli/importers/llmperf/llmperf.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <string>
#include <utility>

#include "cli/importers/document.h"
#include "cli/importers/elements.h"
#include "cli/importers/failure.h"
#include "cli/importers/row_reader.h"

namespace loadline::cli {
namespace {

using domain::Measurement;
using domain::Statistic;
using domain::TokenLengths;
using Json = nlohmann::json;

/// What stands before the model where a library chooses among providers.
constexpr std::array kProviders = {"together_ai/", "openai/",    "anyscale/",  "fireworks_ai/", "groq/",
                                   "bedrock/",     "vertex_ai/", "replicate/", "perplexity/",   "hosted_vllm/"};

bool IsSummary(const Json& value) {
  return value.is_object() && std::any_of(value.items().begin(), value.items().end(),
                                          [](const auto& field) { return field.key().starts_with("results_ttft_s_"); });
}

/// Summaries under the concurrency that they were measured at.
bool IsMapOfSummaries(const Json& value) {
  return value.is_object() && !value.empty() &&
         std::all_of(value.items().begin(), value.items().end(), [](const auto& field) {
           return field.key().find_first_not_of("0123456789") == std::string::npos && IsSummary(field.value());
         });
}

bool IsRequest(const Json& value) { return HasAll(value, {"ttft_s", "end_to_end_latency_s"}); }

/// The same word is an organisation where only the model follows:
/// "openai/gpt-oss-120b".
std::string WithoutProvider(std::string model) {
  if (model.starts_with("openai/") && std::count(model.begin(), model.end(), '/') == 1) return model;
  const auto* found = std::find_if(kProviders.begin(), kProviders.end(),
                                   [&](const char* provider) { return model.starts_with(provider); });
  return found == kProviders.end() ? model : model.substr(std::string_view(*found).size());
}

class SummaryReader {
 public:
  explicit SummaryReader(const Json& summary) : summary_(summary), fields_(summary, row_) {}

  ImportedRow Read() {
    ReadConfiguration();
    ReadLoad();
    ReadLengths("input", &Measurement::input_lengths);
    ReadLengths("output", &Measurement::output_lengths);
    ReadLatency(&Measurement::ttft, "ttft_s");
    ReadLatency(&Measurement::e2e, "end_to_end_latency_s");
    DeriveItl();
    ReadTime();
    return std::move(row_);
  }

 private:
  /// What people pass by `--metadata` stands beside the results.
  void ReadConfiguration() {
    auto& configuration = row_.measurement.configuration;
    configuration.model = WithoutProvider(FirstTextAt(summary_, {"/model"}));
    configuration.precision = FirstTextAt(summary_, {"/precision", "/quantization"});
    configuration.hardware = FirstTextAt(summary_, {"/hardware", "/gpu"});
    configuration.framework = FirstTextAt(summary_, {"/framework"});
    configuration.framework_version = FirstTextAt(summary_, {"/framework_version"});
    SetHardwareCount(row_, fields_.GpuCount());
    row_.measurement.provenance.tool_version = FirstTextAt(summary_, {"/version"});
  }

  void ReadLoad() {
    constexpr double kSecondsPerMinute = 60;
    fields_.Read(kConcurrency, "/num_concurrent_requests");
    if (const auto per_minute = fields_.Number("/results_num_completed_requests_per_min")) {
      fields_.Derive(kAchievedRps, *per_minute / kSecondsPerMinute, "results_num_completed_requests_per_min / 60");
    }
    fields_.Read(kTokensPerSecond, "/results_mean_output_throughput_token_per_s");
    row_.measurement.completed_requests = fields_.Count({"/results_num_completed_requests"});
    row_.measurement.failed_requests = fields_.Count({"/results_number_errors"});
  }

  void ReadLengths(const std::string& side, LengthsOf lengths) {
    const std::string measured = "/results_number_" + side + "_tokens_";
    fields_.Read({lengths, &TokenLengths::mean}, measured + "mean");
    fields_.Read({lengths, &TokenLengths::min}, measured + "min");
    fields_.Read({lengths, &TokenLengths::max}, measured + "max");
    fields_.Read({lengths, &TokenLengths::nominal}, "/mean_" + side + "_tokens");
    fields_.Read({lengths, &TokenLengths::stdev}, "/stddev_" + side + "_tokens");
  }

  void ReadLatency(LatencyOf latency, const std::string& metric) {
    static const StatisticNames kNames = {
        {{"mean"}, {"quantiles_p50"}, {"quantiles_p90"}, {"quantiles_p95"}, {"quantiles_p99"}}};
    fields_.ReadLatency(latency, "/results_" + metric + "_{}", kNames, kMsPerSecond);
  }

  void DeriveItl() {
    const auto& m = row_.measurement;
    const auto e2e = m.e2e[Statistic::kMean];
    const auto ttft = m.ttft[Statistic::kMean];
    const auto output = m.output_lengths.mean;
    if (!e2e || !ttft || !output || !(*output > 1)) return;
    fields_.Derive({&Measurement::itl, Statistic::kMean}, (*e2e - *ttft) / (*output - 1),
                   "derived: (end_to_end_latency - ttft) / (output tokens - 1), of the means");
  }

  void ReadTime() {
    constexpr double kYear2200 = 7.26e9;  // in seconds since 1970
    const auto seconds = fields_.Number("/timestamp");
    if (!seconds || !(*seconds > 0 && *seconds < kYear2200)) return;
    row_.measurement.measured_at = base::Timestamp(std::chrono::milliseconds(std::llround(*seconds * kMsPerSecond)));
  }

  const Json& summary_;
  ImportedRow row_;
  RowReader fields_;
};

ImportedRow ReadSummary(const Json& summary) { return SummaryReader(summary).Read(); }

std::vector<ImportedRow> ReadMap(const Json& map) {
  std::vector<ImportedRow> rows;
  for (const auto& [concurrency, summary] : map.items()) {
    rows.push_back(ReadSummary(summary));
    rows.back().location = fmt::format("[\"{}\"]", concurrency);
  }
  return rows;
}

}  // namespace

bool LlmperfImporter::Recognises(const Document& document) const {
  return IsMapOfSummaries(document.content) || AnyElement(document, IsSummary) || AnyElement(document, IsRequest);
}

base::Result<ImportedReport> LlmperfImporter::Read(const Document& document, const ImportOptions& /*options*/) const {
  ImportedReport report{.format = "llmperf/summary"};
  if (IsMapOfSummaries(document.content)) {
    report.rows = ReadMap(document.content);
  } else if (AnyElement(document, IsSummary)) {
    report.rows = ReadElements(document, IsSummary, ReadSummary, "a summary of LLMPerf");
  } else {
    return base::Fail(ReportFailure("NOT_NEEDED", "the single requests of a run. Import the summary beside it."));
  }
  return report;
}

}  // namespace loadline::cli
