#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/importers/identity.h"
#include "cli/importers/llmd_report/statistics.h"
#include "cli/importers/llmd_report/versions.h"
#include "cli/importers/row_reader.h"
#include "libs/json/scalar.h"
#include "libs/json/timestamp.h"

namespace loadline::cli {
namespace {

using domain::TokenLengths;
using Json = nlohmann::json;

const std::string kResults = "/results/request_performance/aggregate";
const std::string kLoad = "/scenario/load/standardized";
const std::string kServer = "/scenario/load/native/config/server";

/// The standardised parts of the components that serve the model.
std::vector<const Json*> EnginesOf(const Json& report) {
  std::vector<const Json*> engines;
  const Json* stack = ValueAt(report, "/scenario/stack");
  if (stack == nullptr || !stack->is_array()) return engines;
  for (const Json& component : *stack) {
    const Json* standardized = ValueAt(component, "/standardized");
    const bool serves = standardized != nullptr && FirstTextAt(*standardized, {"/kind"}) == "inference_engine";
    if (serves) engines.push_back(standardized);
  }
  return engines;
}

class ReportReader {
 public:
  explicit ReportReader(const Json& report) : report_(report), fields_(report, row_) {}

  ImportedRow Read(ItlFrom itl_from) {
    ReadConfiguration();
    ReadLoad();
    ReadLlmdRequests(fields_, kResults + "/requests");
    ReadAsked("input", &domain::Measurement::input_lengths);
    ReadAsked("output", &domain::Measurement::output_lengths);
    ReadLlmdLatencies(fields_, kResults + "/latency", itl_from, row_);
    row_.measurement.measured_at = json::ParseTimestamp(fields_.Text({"/run/time/start"}));
    row_.measurement.provenance.tool_version = fields_.Text({kLoad + "/tool_version"});
    return std::move(row_);
  }

 private:
  void ReadConfiguration() {
    auto& configuration = row_.measurement.configuration;
    configuration.hardware_count = 0;
    const auto engines = EnginesOf(report_);
    if (!engines.empty()) ReadEngine(*engines.front(), configuration);
    std::int64_t gpus = 0;
    for (const Json* engine : engines) gpus += GpusOf(*engine);
    SetHardwareCount(row_, gpus);
    if (configuration.model.empty() || configuration.model == "unknown") {
      configuration.model = fields_.Text({kServer + "/model_name"});
    }
    if (configuration.framework.empty()) configuration.framework = fields_.Text({kServer + "/type"});
  }

  static void ReadEngine(const Json& engine, domain::Configuration& configuration) {
    const std::string version = FirstTextAt(engine, {"/tool_version"});
    const bool is_image = version.find_first_of(":/") != std::string::npos;
    configuration.model = FirstTextAt(engine, {"/model/name"});
    configuration.precision = FirstTextAt(engine, {"/model/quantization"});
    configuration.hardware = FirstTextAt(engine, {"/accelerator/model"});
    configuration.framework = FirstTextAt(engine, {"/tool"});
    configuration.framework_version = is_image ? VersionOfImage(version) : version;
  }

  /// 0 where nobody knows, as in a run against an endpoint.
  std::int64_t GpusOf(const Json& engine) {
    constexpr std::int64_t kMax = 100'000;
    RowReader fields(engine, row_, "scenario.stack.standardized");
    const std::int64_t count = fields.Count({"/accelerator/count"}).value_or(0);
    const std::int64_t replicas = fields.Count({"/replicas"}).value_or(1);
    const bool fits = count >= 0 && count <= kMax && replicas >= 0 && replicas <= kMax;
    return fits ? count * std::max<std::int64_t>(replicas, 1) : 0;
  }

  void ReadLoad() {
    fields_.Read(kOfferedRps, kLoad + "/rate_qps");
    const Json* concurrency = ValueAt(report_, kLoad + "/concurrency");
    const bool unlimited = concurrency != nullptr && json::NumberIn(*concurrency) > 1e15;
    if (!unlimited) fields_.Read(kConcurrency, kLoad + "/concurrency");
    ReadLlmdRate(fields_, kAchievedRps, kResults + "/throughput/request_rate");
    ReadLlmdRate(fields_, kTokensPerSecond, kResults + "/throughput/output_token_rate");
  }

  void ReadAsked(const std::string& side, LengthsOf lengths) {
    const std::string path = kLoad + "/" + side + "_seq_len";
    fields_.Read({lengths, &TokenLengths::nominal}, path + "/value");
    fields_.Read({lengths, &TokenLengths::stdev}, path + "/std_dev");
  }

  const Json& report_;
  ImportedRow row_;
  RowReader fields_;
};

}  // namespace

ImportedRow ReadLlmdReport02(const Json& report, ItlFrom itl_from) { return ReportReader(report).Read(itl_from); }

}  // namespace loadline::cli
