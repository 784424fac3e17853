#pragma once

#include "cli/importers/importer.h"

namespace loadline::cli {

/// What SGLang's `bench_serving --output-file` appends: JSON lines, one run
/// each, with a bare `Infinity` where there was no rate limit. Of `server_info`,
/// which holds all settings of the server and its key, only the model, the
/// parallelism, the quantisation and the version are looked at.
class SglangImporter final : public Importer {
 public:
  std::string_view name() const override { return "SGLang bench_serving JSON lines"; }
  std::vector<std::string> SkippedParts() const override { return {"/generated_texts", "/*/generated_texts"}; }
  bool Recognises(const Document& document) const override;
  base::Result<ImportedReport> Read(const Document& document, const ImportOptions& options) const override;
};

}  // namespace loadline::cli
