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

void PrintWarnings(const std::map<std::string, ImportWarning>& warnings, std::ostream& out) {
  for (const auto& [kind, warning] : warnings) {
    const auto rows = static_cast<std::int64_t>(warning.rows);
    const std::string more = rows > 1 ? fmt::format(" (and alike in {} more rows)", FormatCount(rows - 1)) : "";
    out << "Note: " << Printable(warning.text) << more << ".\n";
  }
}

void PrintNotes(const ImportedFile& file, std::int64_t quarantined, std::ostream& out) {
  const std::string origin = OriginNote(file.origins, "data in this file");
  if (!origin.empty()) out << origin << '\n';
  PrintWarnings(file.warnings, out);
  if (file.dry_run) {
    out << "Dry run: nothing was stored.\n";
  } else if (quarantined > 0) {
    out << "Quarantined rows take no part in plans: loadline list quarantined\n";
  }
}

/// What stands in the table for one file, or for all of them.
struct Sums {
  std::int64_t rows = 0;
  std::int64_t accepted = 0;
  std::int64_t saturated = 0;
  std::int64_t present = 0;
  std::int64_t quarantined = 0;

  void Add(const ImportOutcome& outcome) {
    if (!outcome.response) return;
    rows += static_cast<std::int64_t>(outcome.file.row_count);
    accepted += outcome.response->accepted_count();
    saturated += outcome.response->saturated_count();
    present += outcome.response->already_present_count();
    quarantined += outcome.response->quarantined_count();
  }
};

std::vector<std::string> Line(const std::string& name, const std::string& format, const Sums& sums) {
  return {name,
          format,
          FormatCount(sums.rows),
          FormatCount(sums.accepted),
          FormatCount(sums.saturated),
          FormatCount(sums.present),
          FormatCount(sums.quarantined)};
}

std::vector<std::string> LineOf(const ImportOutcome& outcome) {
  if (!outcome.response) return {outcome.file.path, outcome.skipped ? "skipped" : "failed", "", "", "", "", ""};
  Sums sums;
  sums.Add(outcome);
  return Line(outcome.file.path, outcome.file.format, sums);
}

void PrintFiles(const std::vector<ImportOutcome>& outcomes, const Sums& sums, std::ostream& out) {
  Table table = {.columns = {{"File", Align::kLeft, true},
                             {"Format"},
                             {"Rows", Align::kRight},
                             {"Accepted", Align::kRight},
                             {"of them\nsaturated", Align::kRight},
                             {"Already\npresent", Align::kRight},
                             {"Quarantined", Align::kRight}},
                 .rows = {}};
  for (const auto& outcome : outcomes) table.rows.push_back(LineOf(outcome));
  const auto files = static_cast<std::int64_t>(outcomes.size());
  table.rows.push_back(Line(fmt::format("{} files", FormatCount(files)), "", sums));
  Print(table, out);
}

/// How often something happened, and where for example.
struct Example {
  std::int64_t count = 0;
  std::string where;
};
using Examples = std::map<std::string, Example>;

void Count(Examples& examples, const std::string& what, std::int64_t count, const std::string& where) {
  Example& example = examples[what];
  example.count += count;
  if (example.where.empty()) example.where = where;
}

void PrintExamples(const std::string& title, const std::string& unit, const Examples& examples, std::ostream& out) {
  if (examples.empty()) return;
  out << '\n' << title << '\n';
  Table table = {.columns = {{unit, Align::kRight}, {"Why", Align::kLeft, true}, {"For example", Align::kLeft, true}},
                 .rows = {}};
  for (const auto& [what, example] : examples) {
    table.rows.push_back({FormatCount(example.count), what, example.where});
  }
  Print(table, out);
}

/// The reasons that `outcome` has, each with the first row that has it.
void CountReasons(const ImportOutcome& outcome, Examples& examples) {
  std::map<std::string, std::string> first;
  for (const auto& row : outcome.response->quarantined()) {
    for (const auto& reason : row.reasons()) {
      first.emplace(reason.reason(), fmt::format("{} {}: {}", outcome.file.path, row.location(), reason.message()));
    }
  }
  for (const auto& count : outcome.response->quarantine_counts()) {
    Count(examples, count.reason(), count.row_count(), first[count.reason()]);
  }
}

ImportedFile Together(const std::vector<ImportOutcome>& outcomes) {
  ImportedFile all;
  for (const auto& outcome : outcomes) {
    if (!outcome.response) continue;
    all.dry_run = all.dry_run || outcome.file.dry_run;
    for (const auto& [origin, rows] : outcome.file.origins) all.origins[origin] += rows;
  }
  return all;
}

}  // namespace

void PrintImport(const ImportedFile& file, const benchmark_api::ImportBenchmarksResponse& summary, std::ostream& out) {
  out << fmt::format("{}: {}\n", Printable(file.path), file.format);
  PrintCounts(file, summary, out);
  if (summary.quarantined_count() > 0) PrintQuarantine(summary, out);
  PrintNotes(file, summary.quarantined_count(), out);
}

void PrintImports(const std::vector<ImportOutcome>& outcomes, std::ostream& out) {
  Sums sums;
  Examples reasons;
  Examples passed_over;
  Examples warnings;
  for (const auto& outcome : outcomes) {
    sums.Add(outcome);
    if (outcome.response) CountReasons(outcome, reasons);
    if (outcome.skipped) Count(passed_over, outcome.refusal, 1, outcome.file.path);
    for (const auto& [kind, warning] : outcome.file.warnings) {
      Count(warnings, kind, static_cast<std::int64_t>(warning.rows), outcome.file.path + ": " + warning.text);
    }
  }
  PrintFiles(outcomes, sums, out);
  PrintExamples("Quarantined rows, by reason:", "Rows", reasons, out);
  PrintExamples("Files that were passed over:", "Files", passed_over, out);
  PrintExamples("Worth knowing:", "Rows", warnings, out);
  out << '\n';
  PrintNotes(Together(outcomes), sums.quarantined, out);
}

}  // namespace loadline::cli
