#pragma once

#include "cli/importers/importer.h"

namespace loadline::cli {

/// The summaries of LLMPerf: one object, an array, or an object of summaries
/// under their concurrency. Times are in seconds. Its inter-token latency
/// includes the time to the first token, so ITL follows from the means of E2E,
/// TTFT and output length, and has no percentiles.
class LlmperfImporter final : public Importer {
 public:
  std::string_view name() const override { return "LLMPerf summary JSON"; }
  bool Recognises(const Document& document) const override;
  base::Result<ImportedReport> Read(const Document& document, const ImportOptions& options) const override;
};

}  // namespace loadline::cli
