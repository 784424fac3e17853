#include "cli/moving/moving_view.h"

#include <fmt/format.h>

#include "cli/output/number.h"
#include "cli/output/table.h"
#include "cli/output/text.h"

namespace loadline::cli {
namespace {

using store::moving::MoveOptions;
using store::moving::MoveReport;
using store::moving::NameOf;
using store::moving::TableVerdict;

/// Enough of a hash to compare by eye.
constexpr std::size_t kShownHash = 16;

void PrintCounts(const MoveReport& report, std::ostream& out) {
  const auto& progress = report.progress;
  if (report.adopted) out << "The table exported_summaries was adopted; it stays as it is.\n";
  if (progress.merges) out << "The destination held rows already: what is new was added to them.\n";
  if (report.resumed_rows > 0) {
    out << fmt::format("Went on after {} rows that an earlier run had moved.\n", FormatCount(report.resumed_rows));
  }
  out << fmt::format("{} rows in: {} new benchmarks, {} there already, {} in quarantine.\n", FormatCount(progress.read),
                     FormatCount(progress.accepted), FormatCount(progress.already_present),
                     FormatCount(progress.quarantined));
}

std::vector<std::string> RowOf(const TableVerdict& table) {
  return {table.table,
          FormatCount(table.source_rows),
          FormatCount(table.destination_rows),
          table.source_sha256.substr(0, kShownHash),
          table.destination_sha256.substr(0, kShownHash),
          table.same() ? "same" : FormatCount(table.differing) + " differ"};
}

void PrintComparison(const MoveReport& report, std::ostream& out) {
  Table table = {.columns = {{"table"},
                             {"rows in source", Align::kRight},
                             {"in destination", Align::kRight},
                             {"SHA-256 of source"},
                             {"of destination"},
                             {"result"}},
                 .rows = {}};
  for (const auto& each : report.tables) table.rows.push_back(RowOf(each));
  Print(table, out);
}

nlohmann::ordered_json AsJson(const TableVerdict& table) {
  return {{"table", table.table},
          {"source_rows", table.source_rows},
          {"destination_rows", table.destination_rows},
          {"source_sha256", table.source_sha256},
          {"destination_sha256", table.destination_sha256},
          {"differing_rows", table.differing},
          {"examples", table.examples}};
}

}  // namespace

void PrintMove(const MoveOptions& options, const MoveReport& report, std::ostream& out) {
  out << Printable(fmt::format("From {} to {}.\n", NameOf(options.from), NameOf(options.to)));
  if (!options.verify_only) PrintCounts(report, out);
  out << '\n';
  PrintComparison(report, out);
  if (report.same()) out << "\nAll that the source holds is in the destination.\n";
}

nlohmann::ordered_json MoveAsJson(const MoveOptions& options, const MoveReport& report) {
  const auto& progress = report.progress;
  nlohmann::ordered_json json = {{"from", NameOf(options.from)},
                                 {"to", NameOf(options.to)},
                                 {"adopted", report.adopted},
                                 {"merged", progress.merges},
                                 {"resumed_row_count", report.resumed_rows},
                                 {"row_count", progress.read},
                                 {"accepted_count", progress.accepted},
                                 {"already_present_count", progress.already_present},
                                 {"quarantined_count", progress.quarantined},
                                 {"same", report.same()},
                                 {"tables", nlohmann::ordered_json::array()}};
  for (const auto& each : report.tables) json["tables"].push_back(AsJson(each));
  return json;
}

void PrintDifferences(const MoveReport& report, std::ostream& error) {
  for (const auto& table : report.tables) {
    if (table.same()) continue;
    error << Printable(fmt::format("error: {}: {} of {} rows are missing in the destination or differ, such as {}",
                                   table.table, FormatCount(table.differing), FormatCount(table.source_rows),
                                   Join(table.examples)))
          << '\n';
  }
}

void PrintExport(const store::moving::ExportReport& report, std::ostream& out) {
  out << fmt::format("Wrote {} benchmarks and {} rows of quarantine.\n", FormatCount(report.benchmarks),
                     FormatCount(report.quarantined));
  for (const auto& file : report.files) out << "  " << Printable(file.string()) << '\n';
}

nlohmann::ordered_json ExportAsJson(const store::moving::ExportReport& report) {
  nlohmann::ordered_json json = {{"benchmark_count", report.benchmarks},
                                 {"quarantined_count", report.quarantined},
                                 {"files", nlohmann::ordered_json::array()}};
  for (const auto& file : report.files) json["files"].push_back(file.string());
  return json;
}

}  // namespace loadline::cli
