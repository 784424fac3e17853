#pragma once

#include "cli/importers/importer.h"

namespace loadline::cli {

/// The benchmark report of llm-d, versions 0.1, 0.2 and 0.2.1, as JSON or YAML;
/// one row. Each latency names its unit. GPUs of all engines are counted
/// together, so that the row is of the whole stack.
class LlmdReportImporter final : public Importer {
 public:
  std::string_view name() const override { return "llm-d benchmark report JSON or YAML"; }
  bool Recognises(const Document& document) const override;
  base::Result<ImportedReport> Read(const Document& document, const ImportOptions& options) const override;
};

}  // namespace loadline::cli
