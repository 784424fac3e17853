#include "cli/importers/aiperf/profile.h"

#include <string>
#include <utility>

#include "cli/importers/identity.h"
#include "cli/importers/plausibility.h"
#include "cli/importers/row_reader.h"
#include "cli/importers/units.h"
#include "libs/json/timestamp.h"

namespace loadline::cli {
namespace {

using domain::Measurement;
using domain::TokenLengths;
using Json = nlohmann::json;

/// The generations keep the same thing in different places; no place means two
/// things, so the first that is filled is right.
const Pointers kModel = {"/input_config/endpoint/model_names/0", "/input_config/models/items/0/name",
                         "/input_config/model_names/0", "/input_config/model/0", "/input_config/model"};
const Pointers kTokenizer = {"/input_config/tokenizer/name", "/input_config/tokenizer"};
const Pointers kStreaming = {"/input_config/endpoint/streaming", "/input_config/streaming"};
const Pointers kConcurrencies = {"/input_config/loadgen/concurrency",
                                 "/input_config/perf_analyzer/stimulus/concurrency", "/input_config/concurrency"};
const Pointers kRates = {"/input_config/loadgen/request_rate", "/input_config/perf_analyzer/stimulus/request_rate",
                         "/input_config/request_rate"};
const Pointers kPhases = {"/input_config/phases", "/input_config/loadgen/phases"};

/// Where the length of one side was asked for: the mean, then its deviation.
struct AskedLength {
  const char* mean;
  const char* deviation;
};
constexpr AskedLength kAskedInput[] = {
    {"/input_config/input/prompt/input_tokens/mean", "/input_config/input/prompt/input_tokens/stddev"},
    {"/input_config/input/synthetic_tokens/mean", "/input_config/input/synthetic_tokens/stddev"},
    {"/input_config/datasets/0/prompt/input_tokens/mean", "/input_config/datasets/0/prompt/input_tokens/stddev"},
    {"/input_config/datasets/0/input_tokens/mean", "/input_config/datasets/0/input_tokens/stddev"},
    {"/input_config/synthetic_input_tokens_mean", "/input_config/synthetic_input_tokens_stddev"}};
constexpr AskedLength kAskedOutput[] = {
    {"/input_config/input/prompt/output_tokens/mean", "/input_config/input/prompt/output_tokens/stddev"},
    {"/input_config/input/output_tokens/mean", "/input_config/input/output_tokens/stddev"},
    {"/input_config/datasets/0/prompt/output_tokens/mean", "/input_config/datasets/0/prompt/output_tokens/stddev"},
    {"/input_config/datasets/0/output_tokens/mean", "/input_config/datasets/0/output_tokens/stddev"},
    {"/input_config/output_tokens_mean", "/input_config/output_tokens_stddev"}};

bool HasUnit(const Json& profile, const std::string& metric) { return ValueAt(profile, metric + "/unit") != nullptr; }

/// A served alias says less than the tokenizer's repository.
std::string ModelOf(const Json& profile) {
  const std::string model = ModelFromPath(FirstTextAt(profile, kModel));
  const std::string tokenizer = ModelFromPath(FirstTextAt(profile, kTokenizer));
  const bool is_alias = model.find('/') == std::string::npos && tokenizer.find('/') != std::string::npos;
  return is_alias ? tokenizer : model;
}

/// The name of the first GPU of the machine.
std::string GpuOf(const Json& profile) {
  const Json* endpoints = ValueAt(profile, "/telemetry_data/endpoints");
  if (endpoints == nullptr || !endpoints->is_object()) return {};
  for (const Json& endpoint : *endpoints) {
    const Json* gpus = ValueAt(endpoint, "/gpus");
    if (gpus == nullptr || !gpus->is_object()) continue;
    for (const Json& gpu : *gpus) {
      if (std::string name = FirstTextAt(gpu, {"/gpu_name"}); !name.empty()) return name;
    }
  }
  return {};
}

/// The phase whose results the report holds.
const Json* ProfilingPhase(const Json& profile) {
  const Json* phases = FirstAt(profile, kPhases);
  if (phases == nullptr || !phases->is_array()) return nullptr;
  for (const Json& phase : *phases) {
    const Json* excluded = ValueAt(phase, "/exclude_from_results");
    if (FirstTextAt(phase, {"/name"}) == "profiling" && (excluded == nullptr || *excluded != true)) return &phase;
  }
  return nullptr;
}

class ProfileReader {
 public:
  explicit ProfileReader(const Json& profile) : profile_(profile), fields_(profile, row_) {}

  ImportedRow Read(ItlFrom itl_from) {
    row_.measurement.configuration.model = ModelOf(profile_);
    row_.measurement.configuration.hardware = GpuOf(profile_);
    row_.measurement.configuration.hardware_count = 0;
    row_.measurement.provenance.tool_version = FirstTextAt(profile_, {"/aiperf_version"});
    ReadLoad();
    ReadLengths();
    ReadMeasured(itl_from);
    ReadRun();
    return std::move(row_);
  }

 private:
  void ReadLoad() {
    fields_.ReadFirst(kConcurrency, kConcurrencies);
    fields_.ReadFirst(kOfferedRps, kRates);
    if (const Json* phase = ProfilingPhase(profile_)) {
      RowReader fields(*phase, row_, "input_config.phases");
      fields.Read(kConcurrency, "/concurrency");
      fields.Read(kOfferedRps, "/rate");
    }
    fields_.Read(kAchievedRps, "/request_throughput/avg");
    fields_.Read(kTokensPerSecond, "/output_token_throughput/avg");
  }

  void ReadLengths() {
    fields_.ReadFirst(kMeanInput, {"/input_sequence_length/avg", "/num_input_token/avg"});
    fields_.ReadFirst(kMeanOutput, {"/output_sequence_length/avg", "/num_output_token/avg"});
    for (const AskedLength& asked : kAskedInput) ReadAsked(asked, &Measurement::input_lengths);
    for (const AskedLength& asked : kAskedOutput) ReadAsked(asked, &Measurement::output_lengths);
  }

  /// Where a data set was sent, the mean is 0 or absent.
  void ReadAsked(const AskedLength& asked, LengthsOf side) {
    const auto mean = fields_.Number(asked.mean);
    if (!mean || !(*mean > 0)) return;
    fields_.Read({side, &TokenLengths::nominal}, asked.mean);
    fields_.Read({side, &TokenLengths::stdev}, asked.deviation);
  }

  void ReadMeasured(ItlFrom itl_from) {
    const bool gaps = itl_from == ItlFrom::kGaps && HasUnit(profile_, "/inter_chunk_latency");
    ReadLatency(&Measurement::e2e, "/request_latency");
    ReadLatency(&Measurement::tpot, "/inter_token_latency");
    ReadLatency(&Measurement::itl, gaps ? "/inter_chunk_latency" : "/inter_token_latency");
    if (!gaps) ReadLatency(&Measurement::chunk_gap, "/inter_chunk_latency");
    ReadLatency(&Measurement::ttft, "/time_to_first_token");
    const Json* streaming = FirstAt(profile_, kStreaming);
    if (streaming != nullptr && *streaming == false) DropStreamingLatencies(row_);
  }

  void ReadLatency(LatencyOf latency, const std::string& metric) {
    static const StatisticNames kNames = {{{"avg"}, {"p50"}, {"p90"}, {"p95"}, {"p99"}}};
    if (ValueAt(profile_, metric) == nullptr) return;
    const auto ms = MsPer(FirstTextAt(profile_, {metric + "/unit"}));
    if (ms) return fields_.ReadLatency(latency, metric + "/{}", kNames, *ms);
    const Json* unit = ValueAt(profile_, metric + "/unit");
    fields_.Problem(metric + "/unit", "not a unit of time", unit == nullptr ? Json() : *unit);
  }

  void ReadRun() {
    row_.measurement.completed_requests = fields_.Count({"/request_count/avg"});
    row_.measurement.failed_requests = fields_.Count({"/error_request_count/avg"});
    row_.measurement.measured_at = json::ParseTimestamp(FirstTextAt(profile_, {"/start_time"}));
    const Json* cancelled = ValueAt(profile_, "/was_cancelled");
    if (cancelled != nullptr && *cancelled == true) fields_.Warn("the run was cancelled before its end");
  }

  const Json& profile_;
  ImportedRow row_;
  RowReader fields_;
};

}  // namespace

bool IsAiperfProfile(const Json& value) {
  return value.is_object() && (HasUnit(value, "/request_latency") || HasUnit(value, "/request_throughput"));
}

ImportedRow ReadAiperfProfile(const Json& profile, const ImportOptions& options) {
  return ProfileReader(profile).Read(options.itl_from);
}

}  // namespace loadline::cli
