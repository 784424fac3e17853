#include "libs/json/row_fields.h"

#include <utility>

#include "libs/domain/latency.h"

namespace loadline::json {
namespace {

using domain::Measurement;
using domain::Reading;
using domain::Statistic;
using NumberField = RowField<Reading>;
using TextField = RowField<std::string>;
using CountField = RowField<std::optional<std::int64_t>>;

void AddLatency(std::vector<NumberField>& fields, const std::string& metric,
                const std::function<domain::LatencySummary&(Measurement&)>& summary) {
  for (const Statistic statistic : domain::kStatistics) {
    const std::string name = metric + "_" + std::string(domain::Name(statistic));
    fields.push_back({.names = {name, name + "_ms"},
                      .target = [summary, statistic](Measurement& m) -> Reading& { return summary(m)[statistic]; }});
  }
}

void AddLengths(std::vector<NumberField>& fields, const std::string& mean_name, const std::string& nominal_name,
                domain::TokenLengths Measurement::*side) {
  const std::pair<std::string, Reading domain::TokenLengths::*> parts[] = {
      {mean_name, &domain::TokenLengths::mean},
      {nominal_name, &domain::TokenLengths::nominal},
      {nominal_name + "_stdev", &domain::TokenLengths::stdev},
      {nominal_name + "_min", &domain::TokenLengths::min},
      {nominal_name + "_max", &domain::TokenLengths::max}};
  for (const auto& [name, part] : parts) {
    fields.push_back(
        {.names = {name}, .target = [side, part = part](Measurement& m) -> Reading& { return m.*side.*part; }});
  }
}

std::vector<NumberField> MakeNumberFields() {
  std::vector<NumberField> fields = {
      {{"requests_per_second", "max_qps"}, [](Measurement& m) -> Reading& { return m.load.offered_rps; }},
      {{"responses_per_second"}, [](Measurement& m) -> Reading& { return m.load.achieved_rps; }},
      {{"concurrency"}, [](Measurement& m) -> Reading& { return m.load.concurrency; }},
      {{"tokens_per_second", "tokens_per_second_mean", "throughput_tokens_per_sec"},
       [](Measurement& m) -> Reading& { return m.tokens_per_second; }}};
  AddLengths(fields, "mean_input_tokens", "prompt_tokens", &Measurement::input_lengths);
  AddLengths(fields, "mean_output_tokens", "output_tokens", &Measurement::output_lengths);
  AddLatency(fields, "ttft", [](Measurement& m) -> domain::LatencySummary& { return m.ttft; });
  AddLatency(fields, "itl", [](Measurement& m) -> domain::LatencySummary& { return m.itl; });
  AddLatency(fields, "e2e", [](Measurement& m) -> domain::LatencySummary& { return m.e2e; });
  AddLatency(fields, "tpot", [](Measurement& m) -> domain::LatencySummary& { return m.tpot; });
  AddLatency(fields, "chunk_gap", [](Measurement& m) -> domain::LatencySummary& { return m.chunk_gap; });
  return fields;
}

}  // namespace

const std::vector<TextField>& TextFields() {
  static const std::vector<TextField> fields = {
      {{"model_hf_repo", "model_id", "model"}, [](Measurement& m) -> std::string& { return m.configuration.model; }},
      {{"precision"}, [](Measurement& m) -> std::string& { return m.configuration.precision; }},
      {{"hardware", "hardware_type", "gpu_type"},
       [](Measurement& m) -> std::string& { return m.configuration.hardware; }},
      {{"framework"}, [](Measurement& m) -> std::string& { return m.configuration.framework; }},
      {{"framework_version"}, [](Measurement& m) -> std::string& { return m.configuration.framework_version; }},
      {{"source"}, [](Measurement& m) -> std::string& { return m.provenance.source; }},
      {{"confidence_level", "estimation_confidence"},
       [](Measurement& m) -> std::string& { return m.provenance.confidence_level; }},
      {{"report_format"}, [](Measurement& m) -> std::string& { return m.provenance.format; }},
      {{"report_tool_version"}, [](Measurement& m) -> std::string& { return m.provenance.tool_version; }},
      {{"report_sha256"}, [](Measurement& m) -> std::string& { return m.provenance.sha256; }},
      {{"report_path"}, [](Measurement& m) -> std::string& { return m.provenance.path; }}};
  return fields;
}

const std::vector<NumberField>& NumberFields() {
  static const std::vector<NumberField> fields = MakeNumberFields();
  return fields;
}

const std::vector<CountField>& CountFields() {
  static const std::vector<CountField> fields = {
      {{"completed_requests"}, [](Measurement& m) -> std::optional<std::int64_t>& { return m.completed_requests; }},
      {{"failed_requests"}, [](Measurement& m) -> std::optional<std::int64_t>& { return m.failed_requests; }}};
  return fields;
}

}  // namespace loadline::json
