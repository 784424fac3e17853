#include "cli/importers/sglang/sglang.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "cli/importers/document.h"
#include "cli/importers/elements.h"
#include "cli/importers/identity.h"
#include "cli/importers/itl_rule.h"
#include "cli/importers/row_reader.h"
#include "libs/json/scalar.h"

namespace loadline::cli {
namespace {

using domain::Measurement;
using Json = nlohmann::json;

bool IsResult(const Json& value) { return HasAll(value, {"median_e2e_latency_ms", "mean_ttft_ms"}); }

/// The client speaks the dialect of the engine that it measures.
std::string EngineOf(const Json& result) {
  const std::string backend = FirstTextAt(result, {"/backend"});
  if (backend.starts_with("vllm")) return "vllm";
  return backend.starts_with("sglang") || result.contains("server_info") ? "sglang" : "";
}

class ResultReader {
 public:
  explicit ResultReader(const Json& result) : result_(result), fields_(result, row_) {}

  ImportedRow Read(ItlFrom itl_from) {
    ReadConfiguration();
    row_.measurement.completed_requests = fields_.Count({"/completed"});
    ReadLoad();
    if (row_.measurement.completed_requests != 0) ReadMeasured(itl_from);
    return std::move(row_);
  }

 private:
  void ReadConfiguration() {
    auto& configuration = row_.measurement.configuration;
    configuration.model = ModelFromPath(FirstTextAt(result_, {"/server_info/model_path"}));
    if (configuration.model.empty()) {
      configuration.model = ModelFromPath(FirstTextAt(result_, {"/server_info/served_model_name"}));
    }
    configuration.precision = FirstTextAt(result_, {"/server_info/quantization"});
    configuration.framework = EngineOf(result_);
    configuration.framework_version = FirstTextAt(result_, {"/server_info/version"});
    SetHardwareCount(row_, GpuCount());
  }

  /// With attention in data parallel, its ranks share the GPUs of the
  /// tensor-parallel group.
  std::optional<std::int64_t> GpuCount() {
    auto gpus = fields_.Count({"/server_info/tp_size"});
    const Json* shared = ValueAt(result_, "/server_info/enable_dp_attention");
    const bool dp_shares = shared != nullptr && *shared == true;
    Multiply(gpus, fields_.Count({"/server_info/pp_size"}));
    if (!dp_shares) Multiply(gpus, fields_.Count({"/server_info/dp_size"}));
    return gpus;
  }

  static void Multiply(std::optional<std::int64_t>& gpus, std::optional<std::int64_t> by) {
    constexpr std::int64_t kMax = 100'000;
    if (!gpus || !by) return;
    const bool fits = *gpus >= 0 && *gpus <= kMax && *by >= 0 && *by <= kMax;
    gpus = fits ? std::optional(*gpus * *by) : std::nullopt;
  }

  /// Without a limit of requests in flight, an infinite rate sends everything
  /// at once, which is no point of a capacity. "trace" is no rate.
  void ReadLoad() {
    fields_.ReadFirst(kConcurrency, {"/concurrency", "/max_concurrency"});
    const Json* rate = ValueAt(result_, "/request_rate");
    const auto number = rate == nullptr ? std::nullopt : json::NumberIn(*rate);
    if (number && std::isfinite(*number)) fields_.Read(kOfferedRps, "/request_rate");
    const bool limited = ValueAt(result_, "/max_concurrency") != nullptr;
    row_.measurement.load.saturated = number && std::isinf(*number) && !limited;
  }

  void ReadMeasured(ItlFrom itl_from) {
    fields_.Read(kAchievedRps, "/request_throughput");
    fields_.Read(kTokensPerSecond, "/output_throughput");
    ReadLengths(kMeanInput, kNominalInput, "input");
    ReadLengths(kMeanOutput, kNominalOutput, "output");
    ReadLatency(&Measurement::ttft, "ttft");
    ReadLatency(&Measurement::tpot, "tpot");
    ReadLatency(&Measurement::itl, "itl");
    ReadLatency(&Measurement::e2e, "e2e_latency");
    ChooseItl(itl_from, row_);
  }

  /// Random lengths go from the ratio to the whole of what was asked for, so it
  /// is the length of requests only where the ratio is 1.
  void ReadLengths(const Field& mean, const Field& nominal, const std::string& side) {
    const auto total = fields_.Number("/total_" + side + "_tokens");
    const auto completed = row_.measurement.completed_requests;
    if (total && completed && *completed > 0) {
      fields_.Derive(mean, *total / static_cast<double>(*completed), "total_" + side + "_tokens / completed");
    }
    if (fields_.Number("/random_range_ratio") == domain::Reading(1.0)) {
      fields_.Read(nominal, "/random_" + side + "_len");
    }
  }

  void ReadLatency(LatencyOf latency, const std::string& metric) {
    fields_.ReadLatency(latency, "/{}_" + metric + "_ms", kUsualNames, 1);
  }

  const Json& result_;
  ImportedRow row_;
  RowReader fields_;
};

}  // namespace

bool SglangImporter::Recognises(const Document& document) const { return AnyElement(document, IsResult); }

base::Result<ImportedReport> SglangImporter::Read(const Document& document, const ImportOptions& options) const {
  const auto read = [&](const Json& result) { return ResultReader(result).Read(options.itl_from); };
  return ImportedReport{.format = "sglang/bench-serving",
                        .rows = ReadElements(document, IsResult, read, "a result of SGLang bench_serving")};
}

}  // namespace loadline::cli
