#include "cli/importers/guidellm/benchmark.h"

#include <chrono>
#include <cmath>
#include <string>
#include <utility>

#include "cli/importers/guidellm/tokens.h"
#include "cli/importers/row_reader.h"
#include "libs/json/row_origin.h"
#include "libs/json/scalar.h"
#include "libs/json/timestamp.h"

namespace loadline::cli {
namespace {

using domain::Measurement;
using Json = nlohmann::json;

/// The generations keep the same thing in different places; no place means two
/// things, so the first that is filled is right.
const Pointers kModel = {"/config/backend/model", "/worker/backend_model"};
const Pointers kModelOfReport = {"/args/model", "/config/spec/backend/model"};
const Pointers kStrategy = {"/config/strategy", "/args/strategy"};
const Pointers kSuccessful = {"/metrics/request_totals/successful", "/request_totals/successful",
                              "/metrics/request_latency/successful/count"};
const Pointers kErrored = {"/metrics/request_totals/errored", "/request_totals/errored"};
const Pointers kTokensOfReport = {"/args/data/0", "/args/data", "/config/spec/data/0"};

/// What people put into `--label` (format 2).
const std::string kLabels = "/config/metadata/labels";
const Pointers kHardwareLabels = {"/hardware", "/gpu"};

class BenchmarkReader {
 public:
  BenchmarkReader(const Json& report, const Json& benchmark)
      : report_(report), benchmark_(benchmark), fields_(benchmark, row_) {}

  ImportedRow Read() {
    if (!benchmark_.is_object()) {
      row_.problems.emplace_back("not a JSON object");
      return std::move(row_);
    }
    ReadConfiguration();
    ReadLengths();
    ReadLoad();
    ReadLatencies();
    ReadTime();
    row_.measurement.completed_requests = fields_.Count(kSuccessful);
    row_.measurement.failed_requests = fields_.Count(kErrored);
    row_.measurement.provenance.tool_version = FirstTextAt(report_, {"/metadata/guidellm_version"});
    return std::move(row_);
  }

 private:
  void ReadConfiguration() {
    auto& configuration = row_.measurement.configuration;
    configuration.model = FirstTextAt(benchmark_, kModel);
    if (configuration.model.empty()) configuration.model = FirstTextAt(report_, kModelOfReport);
    configuration.hardware_count = 0;
    const Json* labels = ValueAt(report_, kLabels);
    if (labels == nullptr) return;
    ReadLabels(*labels, configuration);
    auto& origin = row_.measurement.provenance.origin;
    origin = json::StatedOrigin(*labels).value_or(origin);
  }

  void ReadLabels(const Json& labels, domain::Configuration& configuration) {
    configuration.hardware = FirstTextAt(labels, kHardwareLabels);
    configuration.framework = FirstTextAt(labels, {"/framework"});
    configuration.framework_version = FirstTextAt(labels, {"/framework_version"});
    configuration.precision = FirstTextAt(labels, {"/precision"});
    SetHardwareCount(row_, RowReader(labels, row_, "config.metadata.labels").GpuCount());
  }

  void ReadLengths() {
    if (const Json* data = ValueAt(benchmark_, "/request_loader/data")) {
      ReadGuidellmTokens(*data, "request_loader.data", row_);
    } else if (const Json* of_report = FirstAt(report_, kTokensOfReport)) {
      ReadGuidellmTokens(*of_report, "data", row_);
    }
    ReadMean(kMeanInput, "prompt_token_count");
    ReadMean(kMeanOutput, "output_token_count");
  }

  void ReadLoad() {
    ReadMean(kAchievedRps, "requests_per_second");
    ReadMean(kConcurrency, "request_concurrency");
    ReadMean(kTokensPerSecond, "output_tokens_per_second");
    if (const Json* strategy = FirstAt(benchmark_, kStrategy)) ReadStrategy(*strategy);
  }

  /// `throughput` sends as fast as it can, which is no point of a capacity;
  /// `synchronous` and `concurrent` wait for answers and so offer no rate.
  void ReadStrategy(const Json& strategy) {
    const std::string type = FirstTextAt(strategy, {"/type_"});
    auto& load = row_.measurement.load;
    load.saturated = type == "throughput";
    RowReader fields(strategy, row_, "strategy");
    if (type == "constant" || type == "poisson" || type == "async") fields.Read(kOfferedRps, "/rate");
    if (type == "concurrent" && !load.concurrency) fields.ReadFirst(kConcurrency, {"/streams", "/max_concurrency"});
  }

  void ReadLatencies() {
    ReadLatency(&Measurement::ttft, "time_to_first_token_ms", 1);
    ReadLatency(&Measurement::itl, "inter_token_latency_ms", 1);
    ReadLatency(&Measurement::tpot, TpotHasTtft() ? "inter_token_latency_ms" : "time_per_output_token_ms", 1);
    ReadLatency(&Measurement::e2e, "request_latency", kMsPerSecond);
  }

  /// From 0.4 on their TPOT starts at the request, and ITL is what all others
  /// call TPOT.
  bool TpotHasTtft() const { return FirstAt(report_, {"/metadata", "/args", "/config"}) != nullptr; }

  void ReadTime() {
    const Json* start = ValueAt(benchmark_, "/start_time");
    if (start == nullptr) return;
    constexpr double kYear9999 = 253402300799;  // in seconds since 1970
    const auto seconds = json::NumberIn(*start);
    if (seconds && *seconds >= 0 && *seconds <= kYear9999) {
      row_.measurement.measured_at = base::Timestamp(std::chrono::milliseconds(std::llround(*seconds * kMsPerSecond)));
    } else if (start->is_string()) {
      row_.measurement.measured_at = json::ParseTimestamp(start->get_ref<const std::string&>());
    }
    if (!row_.measurement.measured_at) fields_.Problem("/start_time", "not a time", *start);
  }

  static std::string Successful(const std::string& metric) { return "/metrics/" + metric + "/successful"; }

  /// Nothing was measured: all of it is written as 0.
  bool IsEmpty(const std::string& metric) const {
    const Json* count = ValueAt(benchmark_, Successful(metric) + "/count");
    return count != nullptr && json::NumberIn(*count) == 0.0;
  }

  void ReadMean(const Field& field, const std::string& metric) {
    if (!IsEmpty(metric)) fields_.Read(field, Successful(metric) + "/mean");
  }

  void ReadLatency(LatencyOf latency, const std::string& metric, double scale) {
    static const StatisticNames kNames = {
        {{"mean"}, {"median"}, {"percentiles/p90"}, {"percentiles/p95"}, {"percentiles/p99"}}};
    if (!IsEmpty(metric)) fields_.ReadLatency(latency, Successful(metric) + "/{}", kNames, scale);
  }

  const Json& report_;
  const Json& benchmark_;
  ImportedRow row_;
  RowReader fields_;
};

}  // namespace

ImportedRow ReadGuidellmBenchmark(const Json& report, const Json& benchmark) {
  return BenchmarkReader(report, benchmark).Read();
}

}  // namespace loadline::cli
