#include "cli/output/import_view.h"

#include <fmt/format.h>

#include <vector>

#include "cli/output/number.h"
#include "cli/output/table.h"
#include "cli/output/text.h"

namespace loadline::cli {
namespace {

void PrintCounts(const ImportedFile& file, const benchmark_api::ImportBenchmarksResponse& summary, std::ostream& out) {
  const auto rows = static_cast<std::int64_t>(file.row_count);
  Print({.columns = {{"Rows", Align::kRight},
                     {"Accepted", Align::kRight},
                     {"of them saturated", Align::kRight},
                     {"Already present", Align::kRight},
                     {"Quarantined", Align::kRight},
                     {"Store revision", Align::kRight}},
         .rows = {{FormatCount(rows), FormatCount(summary.accepted_count()), FormatCount(summary.saturated_count()),
                   FormatCount(summary.already_present_count()), FormatCount(summary.quarantined_count()),
                   FormatCount(summary.revision())}}},
        out);
}

void AddReasons(const benchmark_api::QuarantinedRow& row, Table* table) {
  for (const auto& reason : row.reasons()) {
    const bool first = &reason == &row.reasons(0);
    const std::string message = reason.field().empty() ? reason.message() : reason.field() + ": " + reason.message();
    table->rows.push_back({first ? row.location() : "", reason.reason(), message});
  }
}

void PrintQuarantine(const benchmark_api::ImportBenchmarksResponse& summary, std::ostream& out) {
  std::vector<std::string> counts;
  for (const auto& count : summary.quarantine_counts()) {
    counts.push_back(fmt::format("{} {}", FormatCount(count.row_count()), count.reason()));
  }
  out << fmt::format("\nQuarantined: {}\n", Join(counts));
  Table table = {.columns = {{"Row", Align::kLeft, true}, {"Reason"}, {"Message", Align::kLeft, true}}, .rows = {}};
  for (const auto& row : summary.quarantined()) AddReasons(row, &table);
  Print(table, out);
  const std::int64_t more = summary.quarantined_count() - summary.quarantined_size();
  if (more > 0) out << fmt::format("... and {} more.\n", FormatCount(more));
}

void PrintNotes(const ImportedFile& file, const benchmark_api::ImportBenchmarksResponse& summary, std::ostream& out) {
  const std::string origin = OriginNote(file.origins, "data in this file");
  if (!origin.empty()) out << origin << '\n';
  if (file.dry_run) {
    out << "Dry run: nothing was stored.\n";
  } else if (summary.quarantined_count() > 0) {
    out << "Quarantined rows take no part in plans: loadline list quarantined\n";
  }
}

}  // namespace

void PrintImport(const ImportedFile& file, const benchmark_api::ImportBenchmarksResponse& summary, std::ostream& out) {
  out << fmt::format("{}: {}\n", Printable(file.path), file.format);
  PrintCounts(file, summary, out);
  if (summary.quarantined_count() > 0) PrintQuarantine(summary, out);
  PrintNotes(file, summary, out);
}

}  // namespace loadline::cli
