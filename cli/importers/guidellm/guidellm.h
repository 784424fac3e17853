#pragma once

#include "cli/importers/importer.h"

namespace loadline::cli {

/// GuideLLM: JSON and YAML of its report formats 0 (up to 0.3), 1 (0.4 to 0.6)
/// and 2 (from 0.7); CSV of all versions, and CSV rows up to 0.3 as a JSON
/// array. One row for each benchmark; only successful requests count. Hardware
/// and framework are in labels (format 2), if anywhere.
class GuidellmImporter final : public Importer {
 public:
  std::string_view name() const override { return "GuideLLM JSON, YAML or CSV"; }
  std::vector<std::string> SkippedParts() const override { return {"/benchmarks/*/requests"}; }
  bool Recognises(const Document& document) const override;
  base::Result<ImportedReport> Read(const Document& document, const ImportOptions& options) const override;
};

}  // namespace loadline::cli
