#pragma once

#include "cli/importers/importer.h"

namespace loadline::cli {

/// The lifecycle metrics that inference-perf writes for each stage of a run, as
/// JSON or YAML; one row. Model, engine and hardware are taken from
/// `config.yaml` and `manifests.yaml` beside it, if there are any. The summary
/// of all stages is no point of a load and is not needed beside them.
class InferencePerfImporter final : public Importer {
 public:
  std::string_view name() const override { return "inference-perf stage JSON or YAML"; }
  bool Recognises(const Document& document) const override;
  base::Result<ImportedReport> Read(const Document& document, const ImportOptions& options) const override;
};

}  // namespace loadline::cli
