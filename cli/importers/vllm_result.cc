#include "cli/importers/vllm_result.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "cli/importers/field_reader.h"
#include "cli/importers/vllm_detail.h"
#include "libs/json/scalar.h"
#include "libs/json/timestamp.h"

namespace loadline::cli {
namespace {

using domain::LatencySummary;
using domain::Reading;
using domain::Statistic;
using Json = nlohmann::json;

constexpr double kMsPerSecond = 1000;

/// What people pass by `--metadata`.
const std::vector<std::string> kHardware = {"/hardware", "/gpu", "/gpu_type"};
const std::vector<std::string> kHardwareCount = {"/hardware_count", "/gpu_count", "/tensor_parallel_size", "/tp"};
const std::vector<std::string> kFramework = {"/framework", "/engine"};
const std::vector<std::string> kFrameworkVersion = {"/framework_version", "/version"};
const std::vector<std::string> kPrecision = {"/precision", "/quantization"};

/// Gaps between chunks differ from the time per token by more than this where
/// a chunk holds several tokens.
constexpr double kMinItlOverTpot = 0.8;
constexpr double kMaxItlOverTpot = 1.25;
constexpr double kMinMedianOverMean = 0.2;

bool HasAny(const Json& value, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (value.contains(key)) return true;
  }
  return false;
}

bool IsInSeconds(const Json& result) { return result.contains("median_ttft"); }

/// The time that "20260301-123000" names: the local time of a machine that is
/// not known, read as UTC.
std::optional<base::Timestamp> ParseDate(std::string_view text) {
  constexpr std::size_t kLength = 15;
  if (text.size() != kLength || text[8] != '-') return std::nullopt;
  return json::ParseTimestamp(fmt::format("{}-{}-{}T{}:{}:{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2),
                                          text.substr(9, 2), text.substr(11, 2), text.substr(13, 2)));
}

class ResultReader {
 public:
  explicit ResultReader(const Json& result) : result_(result), fields_(result, row_.problems) {}

  ImportedRow Read() {
    ReadConfiguration();
    ReadRequests();
    ReadLoad();
    if (row_.measurement.completed_requests != 0) ReadMeasured();
    ReadTime();
    return std::move(row_);
  }

 private:
  void ReadConfiguration() {
    auto& configuration = row_.measurement.configuration;
    configuration.model = ModelOfVllm(FirstTextAt(result_, {"/model_id"}));
    if (configuration.model.empty()) configuration.model = ModelOfVllm(FirstTextAt(result_, {"/tokenizer_id"}));
    configuration.hardware = FirstTextAt(result_, kHardware);
    configuration.framework = FirstTextAt(result_, kFramework);
    configuration.framework_version = FirstTextAt(result_, kFrameworkVersion);
    configuration.precision = FirstTextAt(result_, kPrecision);
    const auto count = fields_.FirstCount(kHardwareCount).value_or(0);
    const bool fits = std::abs(count) <= std::numeric_limits<int>::max();
    configuration.hardware_count = fits ? static_cast<int>(count) : 0;
  }

  void ReadRequests() {
    auto& m = row_.measurement;
    m.completed_requests = fields_.Count("/completed");
    m.failed_requests = fields_.Count("/failed");
    const auto sent = fields_.Count("/num_prompts");
    if (m.failed_requests || !sent || !m.completed_requests) return;
    if (*sent >= *m.completed_requests && *m.completed_requests >= 0) m.failed_requests = *sent - *m.completed_requests;
  }

  /// Without a limit of requests in flight, an infinite rate sends everything
  /// at once, which is no point of a capacity.
  void ReadLoad() {
    auto& load = row_.measurement.load;
    load.concurrency = fields_.Number("/max_concurrency");
    const Json* rate = ValueAt(result_, "/request_rate");
    const auto number = rate == nullptr ? std::nullopt : json::NumberIn(*rate);
    if (number && std::isinf(*number) && *number > 0) {
      load.saturated = !load.concurrency;
    } else {
      load.offered_rps = fields_.Number("/request_rate");
    }
  }

  /// What is 0 for want of any measurement where no request completed.
  void ReadMeasured() {
    auto& m = row_.measurement;
    m.load.achieved_rps = fields_.Number("/request_throughput");
    m.tokens_per_second = fields_.Number("/output_throughput");
    m.input_lengths.mean = MeanLength("/total_input_tokens");
    m.output_lengths.mean = MeanLength("/total_output_tokens");
    m.ttft = Latency("ttft");
    m.tpot = Latency("tpot");
    m.itl = Latency("itl");
    m.e2e = Latency("e2el");
    if (!m.e2e[Statistic::kMean]) m.e2e[Statistic::kMean] = fields_.Number("/mean_latency_ms");
    FillInFromVllmDetail(result_, m, row_.problems);
    if (GapsAreOfChunks()) m.itl = m.tpot;
  }

  Reading MeanLength(const std::string& total) {
    const Reading tokens = fields_.Number(total);
    const auto completed = row_.measurement.completed_requests;
    if (!tokens || !completed || *completed <= 0) return {};
    return *tokens / static_cast<double>(*completed);
  }

  LatencySummary Latency(const std::string& metric) {
    const bool seconds = IsInSeconds(result_);
    const std::string suffix = "_" + metric + (seconds ? "" : "_ms");
    const double scale = seconds ? kMsPerSecond : 1;
    LatencySummary latency;
    for (const Statistic statistic : domain::kStatistics) {
      latency[statistic] = fields_.Number("/" + std::string(domain::Name(statistic)) + suffix, scale);
    }
    if (!latency[Statistic::kP50]) latency[Statistic::kP50] = fields_.Number("/median" + suffix, scale);
    return latency;
  }

  bool GapsAreOfChunks() const {
    const auto& m = row_.measurement;
    if (m.tpot.empty()) return false;
    const Reading itl = m.itl[Statistic::kMean];
    const Reading tpot = m.tpot[Statistic::kMean];
    const Reading median = m.itl[Statistic::kP50];
    if (itl && median && *median < kMinMedianOverMean * *itl) return true;
    if (!itl || !tpot || !(*tpot > 0)) return m.itl.empty();
    const double ratio = *itl / *tpot;
    return ratio < kMinItlOverTpot || ratio > kMaxItlOverTpot;
  }

  void ReadTime() {
    const std::string date = FirstTextAt(result_, {"/date"});
    if (date.empty()) return;
    row_.measurement.measured_at = ParseDate(date);
    if (!row_.measurement.measured_at) fields_.Problem("/date", "not a date such as 20260301-123000", date);
  }

  const Json& result_;
  ImportedRow row_;
  FieldReader fields_;
};

}  // namespace

bool IsVllmResult(const Json& value) {
  // SGLang's results have `median_e2e_latency_ms` and mean other things.
  if (!value.is_object() || !value.contains("model_id") || value.contains("median_e2e_latency_ms")) return false;
  if (IsInSeconds(value)) return value.contains("total_output_tokens");
  return HasAny(value, {"mean_ttft_ms", "mean_e2el_ms", "mean_latency_ms"});
}

ImportedRow ReadVllmResult(const Json& result) { return ResultReader(result).Read(); }

std::string ModelOfVllm(std::string_view model_id) {
  constexpr std::string_view kCacheFolder = "models--";
  const std::size_t cache = model_id.find(kCacheFolder);
  if (cache != std::string_view::npos && (cache == 0 || model_id[cache - 1] == '/')) {
    const std::string_view folder = model_id.substr(cache + kCacheFolder.size());
    std::string name(folder.substr(0, folder.find('/')));
    if (const std::size_t separator = name.find("--"); separator != std::string::npos) name.replace(separator, 2, "/");
    return name;
  }
  const bool is_path = model_id.starts_with('/') || model_id.starts_with('.') || model_id.starts_with('~');
  return is_path ? std::string() : std::string(model_id);
}

}  // namespace loadline::cli
