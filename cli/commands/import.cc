#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/report_file.h"
#include "cli/importers/importer.h"
#include "cli/output/import_view.h"
#include "cli/output/progress_bar.h"
#include "libs/wire/benchmark_wire.h"

namespace loadline::cli {
namespace {

struct ImportArguments {
  std::vector<std::string> files = {};
  ImportOverrides overrides = {};
  bool dry_run = false;
};

void FillRow(const ImportedRow& from, benchmark_api::ImportRow* to) {
  wire::ToProto(from.measurement, to->mutable_benchmark());
  to->set_location(from.location);
  to->mutable_problems()->Assign(from.problems.begin(), from.problems.end());
}

base::Result<benchmark_api::ImportBenchmarksResponse> SendReport(Session& session, const ImportArguments& arguments,
                                                                 const std::string& path,
                                                                 const ImportedReport& report) {
  ProgressBar bar(path, report.rows.size(), session.error_is_terminal, session.error);
  return Store(session, kImportTimeout)
      .Import({.row_count = report.rows.size(),
               .fill_row = [&](std::size_t i, benchmark_api::ImportRow* row) { FillRow(report.rows[i], row); },
               .on_progress = [&](std::size_t sent) { bar.Update(sent); },
               .validate_only = arguments.dry_run});
}

benchmark_api::Origin OriginOf(const ImportedRow& row) {
  benchmark_api::Benchmark message;
  wire::ToProto(row.measurement, &message);
  return message.provenance().origin();
}

ImportedFile Describe(const ImportArguments& arguments, const std::string& path, const ImportedReport& report) {
  ImportedFile file = {
      .path = path, .format = report.format, .row_count = report.rows.size(), .dry_run = arguments.dry_run};
  for (const auto& row : report.rows) ++file.origins[OriginOf(row)];
  return file;
}

// Problems of one file name the file, so that they can be found among many.
ExitStatus ImportFile(Session& session, const ImportArguments& arguments, const std::string& path) {
  const auto file = ReadReportFile(path);
  if (!file) return Report(file.error(), {}, session.error, path);
  const auto report = ReadReport(*file, arguments.overrides);
  if (!report) return Report(report.error(), {}, session.error, path);
  const auto summary = SendReport(session, arguments, path, *report);
  if (!summary) return Report(summary.error(), {}, session.error, path);
  return Show(session, summary, {}, [&](const auto& response, std::ostream& out) {
    PrintImport(Describe(arguments, path, *report), response, out);
  });
}

// One file's failure does not stop the others; the worst status is returned.
ExitStatus Import(Session& session, const ImportArguments& arguments) {
  ExitStatus worst = ExitStatus::kDone;
  for (const auto& path : arguments.files) {
    const bool first = &path == &arguments.files.front();
    if (!first && session.format == OutputFormat::kTable) session.out << '\n';
    worst = std::max(worst, ImportFile(session, arguments, path));
  }
  return worst;
}

void AddOverrides(CLI::App& command, ImportOverrides* overrides) {
  command.add_option("--model", overrides->model, "The model, as its Hugging Face repository")->type_name("NAME");
  command.add_option("--hardware", overrides->hardware, "The GPU type, such as H100")->type_name("NAME");
  command
      .add_option_function<std::string>(
          "--hardware-count",
          [=](const std::string& text) { overrides->hardware_count = ParseWholeNumber(text, "--hardware-count"); },
          "GPUs per replica")
      ->type_name("COUNT");
  command.add_option("--framework", overrides->framework, "The inference framework, such as vllm")->type_name("NAME");
  command.add_option("--framework-version", overrides->framework_version, "Its version")->type_name("TEXT");
  command.add_option("--precision", overrides->precision, "The precision of the weights, such as fp8")
      ->type_name("NAME");
}

}  // namespace

void AddImport(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("import", "Import benchmark reports");
  const auto arguments = std::make_shared<ImportArguments>();
  command
      ->add_option("FILE", arguments->files,
                   "Reports: GuideLLM JSON, YAML or CSV; vLLM bench JSON or JSONL; exported summaries JSON")
      ->required()
      ->type_name("");
  AddOverrides(*command, &arguments->overrides);
  command->add_flag("--dry-run", arguments->dry_run, "Judge and count, but store nothing");
  AddExample(*command, "loadline import report.json --hardware H100 --hardware-count 2 --dry-run");
  command->callback(
      [&session, arguments] { session.command = [&session, arguments] { return Import(session, *arguments); }; });
}

}  // namespace loadline::cli
