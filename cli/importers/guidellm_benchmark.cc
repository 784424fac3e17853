#include "cli/importers/guidellm_benchmark.h"

#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

#include "cli/importers/field_reader.h"
#include "cli/importers/guidellm_tokens.h"
#include "libs/json/row_origin.h"
#include "libs/json/scalar.h"
#include "libs/json/timestamp.h"

namespace loadline::cli {
namespace {

using domain::LatencySummary;
using domain::Reading;
using domain::Statistic;
using Json = nlohmann::json;

constexpr double kMsPerSecond = 1000;

/// The generations keep the same thing in different places; no place means two
/// things, so the first that is filled is right.
const std::vector<std::string> kModel = {"/config/backend/model", "/worker/backend_model"};
const std::vector<std::string> kModelOfReport = {"/args/model", "/config/spec/backend/model"};
const std::vector<std::string> kStrategy = {"/config/strategy", "/args/strategy"};
const std::vector<std::string> kSuccessful = {"/metrics/request_totals/successful", "/request_totals/successful",
                                              "/metrics/request_latency/successful/count"};
const std::vector<std::string> kErrored = {"/metrics/request_totals/errored", "/request_totals/errored"};
const std::vector<std::string> kTokensOfReport = {"/args/data/0", "/args/data", "/config/spec/data/0"};

/// What people put into `--label` (format 2).
const std::string kLabels = "/config/metadata/labels";
const std::vector<std::string> kHardwareLabels = {"/hardware", "/gpu"};
const std::vector<std::string> kHardwareCountLabels = {"/hardware_count", "/gpu_count", "/tp"};

const Json* FirstAt(const Json& value, const std::vector<std::string>& pointers) {
  for (const std::string& pointer : pointers) {
    if (const Json* found = ValueAt(value, pointer)) return found;
  }
  return nullptr;
}

class BenchmarkReader {
 public:
  BenchmarkReader(const Json& report, const Json& benchmark)
      : report_(report), benchmark_(benchmark), fields_(benchmark, row_.problems) {}

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
    row_.measurement.completed_requests = fields_.FirstCount(kSuccessful);
    row_.measurement.failed_requests = fields_.FirstCount(kErrored);
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
    const auto count = FieldReader(labels, row_.problems).FirstCount(kHardwareCountLabels).value_or(0);
    if (std::abs(count) <= std::numeric_limits<int>::max()) configuration.hardware_count = static_cast<int>(count);
  }

  void ReadLengths() {
    auto& m = row_.measurement;
    const Json* data = ValueAt(benchmark_, "/request_loader/data");
    if (data == nullptr) data = FirstAt(report_, kTokensOfReport);
    if (data != nullptr) ReadGuidellmTokens(*data, m.input_lengths, m.output_lengths, row_.problems);
    m.input_lengths.mean = Mean("prompt_token_count");
    m.output_lengths.mean = Mean("output_token_count");
  }

  void ReadLoad() {
    auto& load = row_.measurement.load;
    load.achieved_rps = Mean("requests_per_second");
    load.concurrency = Mean("request_concurrency");
    row_.measurement.tokens_per_second = Mean("output_tokens_per_second");
    if (const Json* strategy = FirstAt(benchmark_, kStrategy)) ReadStrategy(*strategy);
  }

  /// `throughput` sends as fast as it can, which is no point of a capacity;
  /// `synchronous` and `concurrent` wait for answers and so offer no rate.
  void ReadStrategy(const Json& strategy) {
    const std::string type = FirstTextAt(strategy, {"/type_"});
    auto& load = row_.measurement.load;
    load.saturated = type == "throughput";
    FieldReader fields(strategy, row_.problems);
    if (type == "constant" || type == "poisson" || type == "async") load.offered_rps = fields.Number("/rate");
    if (type == "concurrent" && !load.concurrency) load.concurrency = fields.Number("/streams");
  }

  void ReadLatencies() {
    auto& m = row_.measurement;
    m.ttft = Latency("time_to_first_token_ms", 1);
    m.itl = Latency("inter_token_latency_ms", 1);
    m.tpot = Latency("time_per_output_token_ms", 1);
    m.e2e = Latency("request_latency", kMsPerSecond);
  }

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

  Reading Mean(const std::string& metric) {
    return IsEmpty(metric) ? Reading() : fields_.Number(Successful(metric) + "/mean");
  }

  LatencySummary Latency(const std::string& metric, double scale) {
    LatencySummary latency;
    if (IsEmpty(metric)) return latency;
    const std::string successful = Successful(metric);
    latency[Statistic::kMean] = fields_.Number(successful + "/mean", scale);
    latency[Statistic::kP50] = fields_.Number(successful + "/median", scale);
    for (const Statistic statistic : {Statistic::kP90, Statistic::kP95, Statistic::kP99}) {
      latency[statistic] = fields_.Number(successful + "/percentiles/" + std::string(domain::Name(statistic)), scale);
    }
    return latency;
  }

  const Json& report_;
  const Json& benchmark_;
  ImportedRow row_;
  FieldReader fields_;
};

}  // namespace

ImportedRow ReadGuidellmBenchmark(const Json& report, const Json& benchmark) {
  return BenchmarkReader(report, benchmark).Read();
}

}  // namespace loadline::cli
