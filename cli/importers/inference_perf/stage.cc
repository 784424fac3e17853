#include "cli/importers/inference_perf/stage.h"

#include <string>
#include <utility>

#include "cli/importers/inference_perf/manifests.h"
#include "cli/importers/itl_rule.h"
#include "cli/importers/row_reader.h"
#include "cli/importers/yaml.h"

namespace loadline::cli {
namespace {

using domain::Measurement;
using domain::TokenLengths;
using Json = nlohmann::json;

/// The YAML of the neighbour `name`; null where there is none.
Json NeighbourYaml(const Neighbours& neighbours, const std::string& name) {
  const auto text = neighbours.read ? neighbours.read(name) : std::nullopt;
  auto parsed = ParseYaml(text.value_or(""));
  return parsed ? *std::move(parsed) : Json();
}

class StageReader {
 public:
  StageReader(const Document& document, Json config)
      : document_(document), config_(std::move(config)), fields_(document.content, row_) {}

  ImportedRow Read(ItlFrom itl_from) {
    row_.location = "the stage";
    ReadConfiguration();
    ReadLoad();
    ReadLengths();
    ReadLatencies(itl_from);
    return std::move(row_);
  }

 private:
  void ReadConfiguration() {
    auto& configuration = row_.measurement.configuration;
    if (const auto& read = document_.neighbours.read) {
      configuration = ConfigurationOfManifests(read("manifests.yaml").value_or(""));
    } else {
      configuration.hardware_count = 0;
    }
    const std::string model = FirstTextAt(config_, {"/server/model_name", "/tokenizer/pretrained_model_name_or_path"});
    if (!model.empty()) configuration.model = model;
    if (configuration.framework.empty()) configuration.framework = FirstTextAt(config_, {"/server/type"});
  }

  void ReadLoad() {
    fields_.Read(kOfferedRps, "/load_summary/requested_rate");
    fields_.Read(kConcurrency, "/load_summary/concurrency");
    fields_.Read(kAchievedRps, "/successes/throughput/requests_per_sec");
    fields_.Read(kTokensPerSecond, "/successes/throughput/output_tokens_per_sec");
    row_.measurement.completed_requests = fields_.Count({"/successes/count"});
    row_.measurement.failed_requests = fields_.Count({"/failures/count"});
  }

  void ReadLengths() {
    fields_.ReadFirst(kMeanInput, {"/successes/prompt_len/mean", "/successes/prompt_tokens/total/mean",
                                   "/successes/prompt_tokens/mean"});
    fields_.ReadFirst(kMeanOutput, {"/successes/output_len/mean", "/successes/output_tokens/total/mean",
                                    "/successes/output_tokens/mean"});
    ReadAsked("input", &Measurement::input_lengths);
    ReadAsked("output", &Measurement::output_lengths);
  }

  void ReadAsked(const std::string& side, LengthsOf lengths) {
    RowReader fields(config_, row_, "config.yaml");
    const std::string path = "/data/" + side + "_distribution/";
    fields.Read({lengths, &TokenLengths::nominal}, path + "mean");
    fields.ReadFirst({lengths, &TokenLengths::stdev}, {path + "std_dev", path + "std"});
  }

  void ReadLatencies(ItlFrom itl_from) {
    ReadLatency(&Measurement::ttft, "time_to_first_token");
    ReadLatency(&Measurement::tpot, "time_per_output_token");
    ReadLatency(&Measurement::itl, "inter_token_latency");
    ReadLatency(&Measurement::e2e, "request_latency");
    // Its gaps are always those of chunks.
    ChooseItl(itl_from == ItlFrom::kAuto ? ItlFrom::kTpot : itl_from, row_);
  }

  void ReadLatency(LatencyOf latency, const std::string& metric) {
    fields_.ReadLatency(latency, "/successes/latency/" + metric + "/{}", kUsualNames, kMsPerSecond);
  }

  const Document& document_;
  Json config_;
  ImportedRow row_;
  RowReader fields_;
};

}  // namespace

ImportedRow ReadInferencePerfStage(const Document& document, ItlFrom itl_from) {
  return StageReader(document, NeighbourYaml(document.neighbours, "config.yaml")).Read(itl_from);
}

}  // namespace loadline::cli
