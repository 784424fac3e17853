#include "cli/importers/vllm/result.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>
#include <vector>

#include "cli/importers/identity.h"
#include "cli/importers/itl_rule.h"
#include "cli/importers/row_reader.h"
#include "cli/importers/vllm/detail.h"
#include "libs/json/scalar.h"

namespace loadline::cli {
namespace {

using domain::Measurement;
using domain::Statistic;
using Json = nlohmann::json;

/// What people pass by `--metadata`.
const Pointers kHardware = {"/hardware", "/gpu", "/gpu_type"};
const Pointers kFramework = {"/framework", "/engine"};
const Pointers kFrameworkVersion = {"/framework_version", "/version"};
const Pointers kPrecision = {"/precision", "/quantization"};

bool HasAny(const Json& value, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (value.contains(key)) return true;
  }
  return false;
}

bool IsInSeconds(const Json& result) { return result.contains("median_ttft"); }

class ResultReader {
 public:
  explicit ResultReader(const Json& result) : result_(result), fields_(result, row_) {}

  ImportedRow Read(ItlFrom itl_from) {
    ReadConfiguration();
    ReadRequests();
    ReadLoad();
    if (row_.measurement.completed_requests != 0) ReadMeasured();
    ReadTime();
    ChooseItl(itl_from, row_);
    return std::move(row_);
  }

 private:
  void ReadConfiguration() {
    auto& configuration = row_.measurement.configuration;
    configuration.model = ModelFromPath(FirstTextAt(result_, {"/model_id"}));
    if (configuration.model.empty()) configuration.model = ModelFromPath(FirstTextAt(result_, {"/tokenizer_id"}));
    configuration.hardware = FirstTextAt(result_, kHardware);
    configuration.framework = FirstTextAt(result_, kFramework);
    configuration.framework_version = FirstTextAt(result_, kFrameworkVersion);
    configuration.precision = FirstTextAt(result_, kPrecision);
    SetHardwareCount(row_, fields_.GpuCount());
  }

  void ReadRequests() {
    auto& m = row_.measurement;
    m.completed_requests = fields_.Count({"/completed"});
    m.failed_requests = fields_.Count({"/failed"});
    const auto sent = fields_.Count({"/num_prompts"});
    if (m.failed_requests || !sent || !m.completed_requests) return;
    if (*sent >= *m.completed_requests && *m.completed_requests >= 0) m.failed_requests = *sent - *m.completed_requests;
  }

  /// Without a limit of requests in flight, an infinite rate sends everything
  /// at once, which is no point of a capacity.
  void ReadLoad() {
    fields_.Read(kConcurrency, "/max_concurrency");
    const Json* rate = ValueAt(result_, "/request_rate");
    const auto number = rate == nullptr ? std::nullopt : json::NumberIn(*rate);
    if (number && std::isinf(*number) && *number > 0) {
      row_.measurement.load.saturated = !row_.measurement.load.concurrency;
    } else {
      fields_.Read(kOfferedRps, "/request_rate");
    }
  }

  /// What is 0 for want of any measurement where no request completed.
  void ReadMeasured() {
    fields_.Read(kAchievedRps, "/request_throughput");
    fields_.Read(kTokensPerSecond, "/output_throughput");
    ReadMeanLength(kMeanInput, "total_input_tokens");
    ReadMeanLength(kMeanOutput, "total_output_tokens");
    ReadLatency(&Measurement::ttft, "ttft");
    ReadLatency(&Measurement::tpot, "tpot");
    ReadLatency(&Measurement::itl, "itl");
    ReadLatency(&Measurement::e2e, "e2el");
    if (!row_.measurement.e2e[Statistic::kMean]) {
      fields_.Read({&Measurement::e2e, Statistic::kMean}, "/mean_latency_ms");
    }
    FillInFromVllmDetail(result_, row_);
  }

  void ReadMeanLength(const Field& field, const std::string& total) {
    const auto tokens = fields_.Number("/" + total);
    const auto completed = row_.measurement.completed_requests;
    if (!tokens || !completed || *completed <= 0) return;
    fields_.Derive(field, *tokens / static_cast<double>(*completed), total + " / completed");
  }

  void ReadLatency(LatencyOf latency, const std::string& metric) {
    const bool seconds = IsInSeconds(result_);
    fields_.ReadLatency(latency, "/{}_" + metric + (seconds ? "" : "_ms"), kUsualNames, seconds ? kMsPerSecond : 1);
  }

  void ReadTime() {
    const std::string date = FirstTextAt(result_, {"/date"});
    if (date.empty()) return;
    row_.measurement.measured_at = ParseCompactTime(date);
    if (!row_.measurement.measured_at) fields_.Problem("/date", "not a date such as 20260301-123000", date);
  }

  const Json& result_;
  ImportedRow row_;
  RowReader fields_;
};

}  // namespace

bool IsVllmResult(const Json& value) {
  // SGLang's results have `median_e2e_latency_ms` and mean other things.
  if (!value.is_object() || !value.contains("model_id") || value.contains("median_e2e_latency_ms")) return false;
  if (IsInSeconds(value)) return value.contains("total_output_tokens");
  return HasAny(value, {"mean_ttft_ms", "mean_e2el_ms", "mean_latency_ms"});
}

ImportedRow ReadVllmResult(const Json& result, ItlFrom itl_from) { return ResultReader(result).Read(itl_from); }

}  // namespace loadline::cli
