#include <chrono>
#include <cmath>
#include <string>
#include <utility>

#include "cli/importers/llmd_report/statistics.h"
#include "cli/importers/llmd_report/versions.h"
#include "cli/importers/row_reader.h"

namespace loadline::cli {
namespace {

using domain::TokenLengths;
using Json = nlohmann::json;

/// What the load generator was told.
const std::string kArguments = "/scenario/load/args";

class ReportReader {
 public:
  explicit ReportReader(const Json& report) : report_(report), fields_(report, row_) {}

  ImportedRow Read(ItlFrom itl_from) {
    ReadConfiguration();
    ReadLoad();
    ReadLlmdRequests(fields_, "/metrics/requests");
    ReadAsked("input", &domain::Measurement::input_lengths);
    ReadAsked("output", &domain::Measurement::output_lengths);
    ReadLlmdLatencies(fields_, "/metrics/latency", itl_from, row_);
    ReadTime();
    return std::move(row_);
  }

 private:
  void ReadConfiguration() {
    auto& configuration = row_.measurement.configuration;
    configuration.model = fields_.Text({"/scenario/model/name"});
    if (configuration.model.empty() || configuration.model == "unknown") {
      configuration.model =
          fields_.Text({kArguments + "/server/model_name", kArguments + "/tokenizer/pretrained_model_name_or_path"});
    }
    configuration.precision = fields_.Text({"/scenario/model/quantization"});
    configuration.hardware = fields_.Text({"/scenario/host/accelerator/0/model"});
    configuration.framework = fields_.Text({"/scenario/platform/engine/0/name", kArguments + "/server/type"});
    configuration.framework_version = fields_.Text({"/scenario/platform/engine/0/version"});
    SetHardwareCount(row_, CountGpus());
  }

  std::int64_t CountGpus() {
    constexpr std::int64_t kMax = 100'000;
    const Json* hosts = ValueAt(report_, "/scenario/host/accelerator");
    std::int64_t gpus = 0;
    for (std::size_t i = 0; hosts != nullptr && hosts->is_array() && i < hosts->size(); ++i) {
      const auto count = fields_.Count({"/scenario/host/accelerator/" + std::to_string(i) + "/count"});
      if (count && *count > 0 && *count <= kMax) gpus += *count;
    }
    return gpus;
  }

  void ReadLoad() {
    fields_.Read(kAchievedRps, "/metrics/throughput/requests_per_sec");
    fields_.Read(kTokensPerSecond, "/metrics/throughput/output_tokens_per_sec");
    const std::string stage =
        kArguments + "/load/stages" + ElementPointer(fields_.Text({"/scenario/load/metadata/stage"}));
    fields_.Read(kOfferedRps, stage + "/rate");
    fields_.Read(kConcurrency, stage + "/concurrency_level");
  }

  void ReadAsked(const std::string& side, LengthsOf lengths) {
    const std::string path = kArguments + "/data/" + side + "_distribution/";
    fields_.Read({lengths, &TokenLengths::nominal}, path + "mean");
    fields_.ReadFirst({lengths, &TokenLengths::stdev}, {path + "std_dev", path + "std"});
  }

  void ReadTime() {
    constexpr double kYear2200 = 7.26e9;  // in seconds since 1970
    const auto start = fields_.Number("/metrics/time/start");
    if (!start || !(*start > 0 && *start < kYear2200)) return;
    row_.measurement.measured_at = base::Timestamp(std::chrono::milliseconds(std::llround(*start * kMsPerSecond)));
  }

  const Json& report_;
  ImportedRow row_;
  RowReader fields_;
};

}  // namespace

ImportedRow ReadLlmdReport01(const Json& report, ItlFrom itl_from) { return ReportReader(report).Read(itl_from); }

}  // namespace loadline::cli
