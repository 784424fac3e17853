#pragma once

#include "cli/importers/importer.h"

namespace loadline::cli {

/// What AIPerf and GenAI-Perf export of a run, as JSON or CSV. A CSV names
/// neither model nor load. Their ITL is the time per output token of each
/// request; `inter_chunk_latency` holds the raw gaps. A GPU's name is taken
/// from the telemetry, but not the count: it lists all GPUs of the machine.
class AiperfImporter final : public Importer {
 public:
  std::string_view name() const override { return "AIPerf or GenAI-Perf JSON or CSV"; }
  bool Recognises(const Document& document) const override;
  base::Result<ImportedReport> Read(const Document& document, const ImportOptions& options) const override;
};

}  // namespace loadline::cli
