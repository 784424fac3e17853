#pragma once

#include "cli/importers/importer.h"

namespace loadline::cli {

/// A dump of a PostgreSQL database as SQL (`pg_dump`, also with `--inserts` or
/// `--column-inserts`), of which the rows of the table `exported_summaries` are
/// read. A dump in the custom format is refused with the command that makes SQL
/// of it.
class SqlDumpImporter final : public Importer {
 public:
  std::string_view name() const override { return "exported_summaries as a PostgreSQL dump in SQL"; }
  bool Recognises(const Document& document) const override;
  base::Result<ImportedReport> Read(const Document& document, const ImportOptions& options) const override;
};

}  // namespace loadline::cli
