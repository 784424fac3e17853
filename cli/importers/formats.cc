#include "cli/importers/formats.h"

#include <utility>

#include "cli/importers/aiperf/aiperf.h"
#include "cli/importers/exported_summaries/exported_summaries.h"
#include "cli/importers/exported_summaries/sql_dump.h"
#include "cli/importers/guidellm/guidellm.h"
#include "cli/importers/inference_perf/inference_perf.h"
#include "cli/importers/inferencemax/inferencemax.h"
#include "cli/importers/llmd_report/llmd_report.h"
#include "cli/importers/llmperf/llmperf.h"
#include "cli/importers/prism/prism.h"
#include "cli/importers/sglang/sglang.h"
#include "cli/importers/vllm/vllm.h"

namespace loadline::cli {

// What is told by a few keys comes before what has many of the same keys.
Formats::Formats() {
  all_.push_back(std::make_unique<SqlDumpImporter>());
  all_.push_back(std::make_unique<LlmdReportImporter>());
  all_.push_back(std::make_unique<GuidellmImporter>());
  all_.push_back(std::make_unique<ExportedSummariesImporter>());
  all_.push_back(std::make_unique<InferenceMaxImporter>());
  all_.push_back(std::make_unique<LlmperfImporter>());
  all_.push_back(std::make_unique<InferencePerfImporter>());
  all_.push_back(std::make_unique<AiperfImporter>());
  all_.push_back(std::make_unique<SglangImporter>());
  all_.push_back(std::make_unique<VllmImporter>());
  all_.push_back(std::make_unique<PrismImporter>());
}

const Importer* Formats::For(const Document& document) const {
  for (const auto& importer : all_) {
    if (importer->Recognises(document)) return importer.get();
  }
  return nullptr;
}

std::vector<std::string> Formats::SkippedParts() const {
  std::vector<std::string> all;
  for (const auto& importer : all_) {
    for (std::string& part : importer->SkippedParts()) all.push_back(std::move(part));
  }
  return all;
}

std::string Formats::Names() const {
  std::string names;
  for (const auto& importer : all_) names += (names.empty() ? "" : "; ") + std::string(importer->name());
  return names;
}

}  // namespace loadline::cli
