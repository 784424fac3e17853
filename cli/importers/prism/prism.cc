#include "cli/importers/prism/prism.h"

#include <string>
#include <utility>

#include "cli/importers/document.h"
#include "cli/importers/elements.h"
#include "cli/importers/identity.h"
#include "cli/importers/row_reader.h"

namespace loadline::cli {
namespace {

using domain::Measurement;
using domain::Statistic;
using Json = nlohmann::json;

bool IsEntry(const Json& value) {
  return value.is_object() && value.contains("accelerator_count") && ValueAt(value, "/metrics/request_rate") != nullptr;
}

class EntryReader {
 public:
  explicit EntryReader(const Json& entry) : entry_(entry), fields_(entry, row_) {}

  ImportedRow Read() {
    ReadConfiguration();
    ReadLoad();
    ReadLatencies();
    row_.measurement.failed_requests = fields_.Count({"/metrics/error_count"});
    row_.measurement.measured_at = ParseCompactTime(FirstTextAt(entry_, {"/timestamp"}));
    row_.measurement.provenance.source = FirstTextAt(entry_, {"/source"});
    return std::move(row_);
  }

 private:
  void ReadConfiguration() {
    auto& configuration = row_.measurement.configuration;
    configuration.model = FirstTextAt(entry_, {"/model_name", "/model"});
    configuration.precision = FirstTextAt(entry_, {"/metadata/precision"});
    configuration.hardware = FirstTextAt(entry_, {"/hardware", "/accelerator_type"});
    configuration.framework = FirstTextAt(entry_, {"/metadata/backend"});
    configuration.framework_version = FirstTextAt(entry_, {"/configuration"});
    SetHardwareCount(row_, fields_.Count({"/accelerator_count"}));
  }

  void ReadLoad() {
    fields_.Read(kAchievedRps, "/metrics/request_rate");
    fields_.Read(kConcurrency, "/workload/concurrency");
    fields_.Read(kMeanInput, "/workload/input_tokens");
    fields_.Read(kMeanOutput, "/workload/output_tokens");
    ReadOffered();
    const auto& m = row_.measurement;
    if (!m.load.achieved_rps || !m.output_lengths.mean) return;
    fields_.Derive(kTokensPerSecond, *m.load.achieved_rps * *m.output_lengths.mean,
                   "derived: metrics.request_rate x workload.output_tokens");
  }

  /// Where nothing was offered, the target is what was achieved.
  void ReadOffered() {
    const auto target = fields_.Number("/workload/target_qps");
    if (target && *target > 0 && target != row_.measurement.load.achieved_rps) {
      fields_.Read(kOfferedRps, "/workload/target_qps");
    }
  }

  void ReadLatencies() {
    ReadPositive({&Measurement::ttft, Statistic::kMean}, "/metrics/ttft/mean");
    ReadPositive({&Measurement::ttft, Statistic::kP50}, "/metrics/ttft/p50");
    ReadPositive({&Measurement::e2e, Statistic::kMean}, "/metrics/latency/mean");
    ReadPositive({&Measurement::e2e, Statistic::kP50}, "/metrics/latency/p50");
    ReadPositive({&Measurement::e2e, Statistic::kP99}, "/metrics/latency/p99");
    ReadPositive({&Measurement::itl, Statistic::kMean}, "/metrics/itl");
    ReadPositive({&Measurement::tpot, Statistic::kMean}, "/metrics/tpot");
  }

  /// 0 stands for what was not measured.
  void ReadPositive(const Field& field, const std::string& pointer) {
    if (fields_.Number(pointer) != domain::Reading(0.0)) fields_.Read(field, pointer);
  }

  const Json& entry_;
  ImportedRow row_;
  RowReader fields_;
};

}  // namespace

bool PrismImporter::Recognises(const Document& document) const { return AnyElement(document, IsEntry); }

base::Result<ImportedReport> PrismImporter::Read(const Document& document, const ImportOptions& /*options*/) const {
  const auto read = [](const Json& entry) { return EntryReader(entry).Read(); };
  return ImportedReport{.format = "prism/archive",
                        .rows = ReadElements(document, IsEntry, read, "an entry of a Prism archive")};
}

}  // namespace loadline::cli
