#include <memory>
#include <string>

#include "cli/commands/arguments.h"
#include "cli/commands/commands.h"
#include "cli/moving/moving_view.h"
#include "cli/moving/stage_bar.h"
#include "cli/moving/store_source.h"
#include "services/benchmark-store/moving/places.h"

namespace loadline::cli {
namespace {

using store::moving::PlaceKind;
using store::moving::Source;

struct ExportArguments {
  std::string from;
  std::string to;
  bool force = false;
};

base::Result<std::string> JsonPath(const std::string& text) {
  LOADLINE_ASSIGN_OR_RETURN(auto place, store::moving::ParsePlace(text, "--to"));
  if (place.kind == PlaceKind::kJson) return std::move(place.where);
  return base::Fail(base::InvalidArgument("--to", "must be json:PATH; `loadline migrate-data` fills databases"));
}

base::Result<std::unique_ptr<Source>> OpenSource(const ExportArguments& arguments, const StoreClient& store) {
  if (arguments.from.empty()) return OpenStore(store);
  LOADLINE_ASSIGN_OR_RETURN(const auto place, store::moving::ParsePlace(arguments.from, "--from"));
  return store::moving::OpenSource(place);
}

base::Result<store::moving::ExportReport> RunExport(Session& session, const ExportArguments& arguments) {
  LOADLINE_ASSIGN_OR_RETURN(const auto path, JsonPath(arguments.to));
  const auto store = Store(session);
  LOADLINE_ASSIGN_OR_RETURN(const auto source, OpenSource(arguments, store));
  StageBar bar(session.error_is_terminal, session.error);
  bar.Begin({.name = "exporting", .total = source->row_count()});
  return store::moving::Export(
      *source, {.to = path, .force = arguments.force, .on_progress = [&](auto rows) { bar.Update(rows); }});
}

ExitStatus Export(Session& session, const ExportArguments& arguments) {
  const auto report = RunExport(session, arguments);
  if (!report) return Report(report.error(), {}, session.error);
  if (session.format == OutputFormat::kTable) {
    PrintExport(*report, session.out);
  } else {
    PrintJson(ExportAsJson(*report), session.format, session.out);
  }
  return ExitStatus::kDone;
}

}  // namespace

void AddExport(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("export", "Write all data as the JSON files that a store reads");
  const auto arguments = std::make_shared<ExportArguments>();
  command
      ->add_option("--to", arguments->to,
                   "json:PATH: a folder, for the benchmarks and the catalogue, or a file FILE.json, for the benchmarks")
      ->required()
      ->type_name("PLACE");
  command->add_option("--from", arguments->from, "postgresql:URL or json:PATH instead of the running store (--store)")
      ->type_name("PLACE");
  command->add_flag("--force", arguments->force, "Replace files that are there");
  AddExample(*command, "loadline export --to json:backup");
  command->callback(
      [&session, arguments] { session.command = [&session, arguments] { return Export(session, *arguments); }; });
}

}  // namespace loadline::cli
