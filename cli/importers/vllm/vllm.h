#pragma once

#include "cli/importers/importer.h"

namespace loadline::cli {

/// What `vllm bench serve` writes: one JSON object, JSON lines, or an array
/// (`vllm bench sweep`). `backend` in it is the dialect that the client spoke,
/// not the engine, so the framework is taken from `--metadata` only. Results of
/// `vllm bench throughput` are refused.
class VllmImporter final : public Importer {
 public:
  std::string_view name() const override { return "vLLM bench serve JSON, JSON lines or array"; }
  std::vector<std::string> SkippedParts() const override { return {"/generated_texts", "/*/generated_texts"}; }
  bool Recognises(const Document& document) const override;
  base::Result<ImportedReport> Read(const Document& document, const ImportOptions& options) const override;
};

}  // namespace loadline::cli
