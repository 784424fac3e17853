#include <memory>
#include <string>

#include "cli/commands/arguments.h"
#include "cli/commands/commands.h"
#include "cli/moving/moving_view.h"
#include "cli/moving/stage_bar.h"
#include "cli/moving/summary_reader.h"

namespace loadline::cli {
namespace {

using store::moving::MoveOptions;
using store::moving::ParsePlace;

struct MigrateArguments {
  std::string from;
  std::string to;
  std::string catalog_folder = "data";
  std::int64_t batch_rows = MoveOptions().batch_rows;
  bool verify_only = false;
};

base::Result<MoveOptions> OptionsOf(const MigrateArguments& arguments) {
  LOADLINE_ASSIGN_OR_RETURN(auto from, ParsePlace(arguments.from, "--from"));
  LOADLINE_ASSIGN_OR_RETURN(auto to, ParsePlace(arguments.to, "--to"));
  return MoveOptions{.from = std::move(from),
                     .to = std::move(to),
                     .catalog_folder = arguments.catalog_folder,
                     .batch_rows = arguments.batch_rows,
                     .verify_only = arguments.verify_only,
                     .summaries = ReadSummaryRow,
                     .on_stage = {},
                     .on_progress = {}};
}

ExitStatus Show(Session& session, const MoveOptions& options, const store::moving::MoveReport& report) {
  if (session.format == OutputFormat::kTable) {
    PrintMove(options, report, session.out);
  } else {
    PrintJson(MoveAsJson(options, report), session.format, session.out);
  }
  PrintDifferences(report, session.error);
  return report.same() ? ExitStatus::kDone : ExitStatus::kDifferent;
}

ExitStatus MigrateData(Session& session, const MigrateArguments& arguments) {
  auto options = OptionsOf(arguments);
  if (!options) return Report(options.error(), {}, session.error);
  StageBar bar(session.error_is_terminal, session.error);
  options->on_stage = [&](const auto& stage) { bar.Begin(stage); };
  options->on_progress = [&](auto rows) { bar.Update(rows); };
  const auto report = store::moving::Move(*options);
  bar.End();
  if (!report) return Report(report.error(), {}, session.error);
  return Show(session, *options, *report);
}

}  // namespace

void AddMigrateData(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("migrate-data", "Move data into PostgreSQL, and compare both sides");
  const auto arguments = std::make_shared<MigrateArguments>();
  command
      ->add_option("--from", arguments->from,
                   "json:PATH (a folder as DATA_DIR, or a file of benchmarks), sqlite:PATH with a table "
                   "exported_summaries, or postgresql:URL with either our tables or that one")
      ->required()
      ->type_name("PLACE");
  command->add_option("--to", arguments->to, "postgresql:URL; its schema is made, or brought up to date")
      ->required()
      ->type_name("PLACE");
  command
      ->add_option("--catalog", arguments->catalog_folder,
                   "Folder of the catalogue, for a database and a source without one")
      ->type_name("PATH")
      ->capture_default_str();
  command->add_option("--batch-rows", arguments->batch_rows, "Rows that are committed at a time")
      ->type_name("COUNT")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_flag("--verify-only", arguments->verify_only, "Only compare both sides");
  AddExample(*command,
             "loadline migrate-data --from json:data --to postgresql://loadline@localhost/loadline\n\n"
             "Run it again where it was cut off: it goes on from its last commit. Rows that are there are not\n"
             "added again. It ends with exit status 4 where the destination lacks something or has it otherwise.");
  command->callback(
      [&session, arguments] { session.command = [&session, arguments] { return MigrateData(session, *arguments); }; });
}

}  // namespace loadline::cli
