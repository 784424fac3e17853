#include "cli/commands/import_run.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands/failure.h"
#include "cli/commands/import_preview.h"
#include "cli/commands/prepared_report.h"
#include "cli/commands/report_search.h"
#include "cli/output/import_view.h"
#include "cli/output/progress_bar.h"
#include "cli/output/text.h"
#include "libs/wire/benchmark_wire.h"

namespace loadline::cli {
namespace {

using Response = benchmark_api::ImportBenchmarksResponse;

void FillRow(const ImportedRow& from, benchmark_api::ImportRow* to) {
  wire::ToProto(from.measurement, to->mutable_benchmark());
  to->set_location(from.location);
  to->mutable_problems()->Assign(from.problems.begin(), from.problems.end());
}

benchmark_api::Origin OriginOf(const ImportedRow& row) {
  benchmark_api::Benchmark message;
  wire::ToProto(row.measurement, &message);
  return message.provenance().origin();
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// A warning without its numbers, so that those that differ in them only are
/// one kind.
std::string KindOf(const std::string& warning) {
  std::string kind;
  for (std::size_t i = 0; i < warning.size(); ++i) {
    const bool in_number =
        IsDigit(warning[i]) || (warning[i] == '.' && i + 1 < warning.size() && IsDigit(warning[i + 1]));
    if (!in_number) {
      kind += warning[i];
    } else if (!kind.ends_with('#')) {
      kind += '#';
    }
  }
  return kind;
}

void AddWarnings(const ImportedRow& row, std::map<std::string, ImportWarning>& warnings) {
  for (const std::string& text : row.warnings) {
    ImportWarning& warning = warnings[KindOf(text)];
    if (warning.rows++ == 0) warning.text = text;
  }
}

class ImportRun {
 public:
  ImportRun(Session& session, const ImportArguments& arguments)
      : session_(session), arguments_(arguments), reader_(arguments), store_(Store(session, kImportTimeout)) {}

  ExitStatus Run() {
    const SearchResult search = FindReports(arguments_.paths);
    many_ = search.found.size() + search.missing.size() > 1;
    for (const MissingPath& missing : search.missing) Fail(missing.path, missing.error);
    std::vector<PreparedReport> reports = Prepare(search.found);
    ReportProblems(reports);
    SendAll(reports);
    if (many_ && IsTable()) PrintImports(outcomes_, session_.out);
    return worst_;
  }

 private:
  bool IsTable() const { return session_.format == OutputFormat::kTable; }

  std::vector<PreparedReport> Prepare(const std::vector<FoundReport>& files) {
    ProgressBar bar("reading", files.size(), many_ && session_.error_is_terminal, session_.error, "files");
    std::vector<PreparedReport> reports;
    for (const FoundReport& file : files) {
      reports.push_back(reader_.Prepare(file));
      bar.Update(reports.size());
    }
    return reports;
  }

  /// Settings that several files lack are asked for once for all of them.
  void ReportProblems(const std::vector<PreparedReport>& reports) {
    const auto lacking =
        std::count_if(reports.begin(), reports.end(), [](const auto& r) { return r.lacks_settings(); });
    for (const PreparedReport& report : reports) {
      if (!report.failure) continue;
      if (report.skipped()) {
        Skip(report);
      } else if (lacking > 1 && report.lacks_settings()) {
        outcomes_.push_back({.file = {.path = report.file.path}, .refusal = "a setting is missing"});
      } else {
        Fail(report.file.path, *report.failure);
      }
    }
    if (lacking > 1) Note(Report(base::InvalidArgument(MissingSettings(reports)), {}, session_.error));
  }

  void Skip(const PreparedReport& report) {
    if (!many_) return static_cast<void>(Fail(report.file.path, *report.failure));
    outcomes_.push_back({.file = {.path = report.file.path}, .refusal = report.failure->message, .skipped = true});
    if (!IsTable())
      PrintJson({{"path", report.file.path}, {"skipped", report.failure->message}}, session_.format, session_.out);
  }

  /// Failures that are alike are told a few times only.
  void Fail(const std::string& path, const base::Error& failure) {
    constexpr int kTold = 10;
    outcomes_.push_back({.file = {.path = path}, .refusal = failure.message});
    if (++told_[failure.message] <= kTold) {
      Note(Report(failure, {}, session_.error, path));
    } else {
      Note(StatusOf(failure));
    }
    if (many_ && !IsTable()) PrintJson({{"path", path}, {"error", failure.message}}, session_.format, session_.out);
  }

  void Note(ExitStatus status) { worst_ = std::max(worst_, status); }

  void SendAll(std::vector<PreparedReport>& reports) {
    ProgressBar bar("importing", reports.size(), many_ && session_.error_is_terminal, session_.error, "files");
    for (std::size_t i = 0; i < reports.size(); ++i) {
      if (!reports[i].failure && !Send(reports[i])) return NoteNotTried(reports, i + 1);
      reports[i].report.reset();
      bar.Update(i + 1);
    }
  }

  /// So that the summary has every file.
  void NoteNotTried(const std::vector<PreparedReport>& reports, std::size_t first) {
    constexpr char kWhy[] = "not tried, since the store cannot be reached";
    for (std::size_t i = first; i < reports.size(); ++i) {
      if (reports[i].failure) continue;
      outcomes_.push_back({.file = {.path = reports[i].file.path}, .refusal = kWhy});
      if (!IsTable()) PrintJson({{"path", reports[i].file.path}, {"error", kWhy}}, session_.format, session_.out);
    }
  }

  /// False where no other file need be tried.
  bool Send(PreparedReport& prepared) {
    auto report =
        prepared.report ? base::Result<ImportedReport>(*std::move(prepared.report)) : reader_.Read(prepared.file);
    if (!report) {
      Fail(prepared.file.path, report.error());
      return true;
    }
    const std::string& path = prepared.file.path;
    const auto response = SendRows(path, *report);
    if (response) {
      Show(path, *report, *response);
      return true;
    }
    Fail(path, response.error());
    return StatusOf(response.error()) != ExitStatus::kUnreachable;
  }

  base::Result<Response> SendRows(const std::string& path, const ImportedReport& report) {
    ImportBar bar(path, report.rows.size(), !many_ && session_.error_is_terminal, session_.error);
    return store_.Import(
        {.row_count = report.rows.size(),
         .fill_row = [&](std::size_t i, benchmark_api::ImportRow* row) { FillRow(report.rows[i], row); },
         .on_progress = [&](const ImportStep& step) { bar.Update(step.merging, step.rows); },
         .validate_only = arguments_.dry_run});
  }

  ImportedFile Describe(const std::string& path, const ImportedReport& report) const {
    ImportedFile file = {
        .path = path, .format = report.format, .row_count = report.rows.size(), .dry_run = arguments_.dry_run};
    for (const ImportedRow& row : report.rows) {
      ++file.origins[OriginOf(row)];
      AddWarnings(row, file.warnings);
    }
    return file;
  }

  void Show(const std::string& path, const ImportedReport& report, const Response& response) {
    outcomes_.push_back({.file = Describe(path, report), .response = response});
    if (IsTable()) {
      ShowTable(outcomes_.back(), report);
    } else {
      ShowJson(outcomes_.back(), report);
    }
  }

  void ShowTable(const ImportOutcome& outcome, const ImportedReport& report) {
    const bool preview = arguments_.dry_run || arguments_.options.explain;
    if (many_ && preview) session_.out << Printable(outcome.file.path) << ": " << report.format << '\n';
    if (arguments_.dry_run) PrintRows(report, session_.out);
    if (arguments_.options.explain) PrintSources(report, session_.out);
    if (preview) session_.out << '\n';
    if (!many_) PrintImport(outcome.file, *outcome.response, session_.out);
  }

  void ShowJson(const ImportOutcome& outcome, const ImportedReport& report) {
    nlohmann::ordered_json json = {{"path", outcome.file.path},
                                   {"format", outcome.file.format},
                                   {"row_count", outcome.file.row_count},
                                   {"dry_run", arguments_.dry_run}};
    json.update(JsonOf(*outcome.response));
    for (const auto& [kind, warning] : outcome.file.warnings) json["warnings"].push_back(warning.text);
    if (arguments_.dry_run || arguments_.options.explain) json["rows"] = RowsAsJson(report);
    PrintJson(json, session_.format, session_.out);
  }

  Session& session_;
  const ImportArguments& arguments_;
  ReportReader reader_;
  StoreClient store_;
  bool many_ = false;
  ExitStatus worst_ = ExitStatus::kDone;
  std::map<std::string, int> told_;
  std::vector<ImportOutcome> outcomes_;
};

}  // namespace

ExitStatus RunImport(Session& session, const ImportArguments& arguments) { return ImportRun(session, arguments).Run(); }

}  // namespace loadline::cli
