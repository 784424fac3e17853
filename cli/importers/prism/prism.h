#pragma once

#include "cli/importers/importer.h"

namespace loadline::cli {

/// An archive of Prism: an array of results in ms. Its throughput counts inputs
/// too, so output tokens/s follow from the rate. How the GPUs are arranged
/// ("1P-TP4 3D-TP4", "2 TP4") is kept as the framework version, so that
/// arrangements of as many GPUs stay configurations of their own.
class PrismImporter final : public Importer {
 public:
  std::string_view name() const override { return "Prism archive JSON"; }
  bool Recognises(const Document& document) const override;
  base::Result<ImportedReport> Read(const Document& document, const ImportOptions& options) const override;
};

}  // namespace loadline::cli
