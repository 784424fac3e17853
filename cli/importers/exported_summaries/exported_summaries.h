#pragma once

#include "cli/importers/importer.h"

namespace loadline::cli {

/// Rows with the field names of libs/json/benchmark_json.h: an array, one
/// object, JSON lines, or an object with `benchmarks` and perhaps `_metadata`
/// or `metadata`; or a table with a header of such names, divided by commas,
/// tabs or, as `psql -A` prints it, by bars. What the metadata state of origin
/// and source holds for every row that says nothing itself, so that simulated
/// and interpolated numbers are never taken for measured ones.
class ExportedSummariesImporter final : public Importer {
 public:
  std::string_view name() const override { return "exported_summaries JSON, CSV or psql -A"; }
  bool Recognises(const Document& document) const override;
  base::Result<ImportedReport> Read(const Document& document, const ImportOptions& options) const override;
};

}  // namespace loadline::cli
