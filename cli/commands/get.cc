#include <memory>
#include <string>

#include "cli/commands/arguments.h"
#include "cli/commands/commands.h"
#include "cli/output/benchmark_view.h"

namespace loadline::cli {
namespace {

ExitStatus Get(Session& session, const std::string& id) {
  benchmark_api::GetBenchmarkRequest request;
  request.set_id(id);
  return Show(session, Store(session).Send(request), FilterNames(),
              [](const auto& response, std::ostream& out) { PrintBenchmark(response.benchmark(), out); });
}

}  // namespace

void AddGet(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("get", "Show all of one benchmark");
  const auto id = std::make_shared<std::string>();
  command->add_option("BENCHMARK_ID", *id, "Its id, as `list benchmarks` shows it")->required()->type_name("");
  AddExample(*command, "loadline get b-0123456789abcdef01234567");
  command->callback([&session, id] { session.command = [&session, id] { return Get(session, *id); }; });
}

}  // namespace loadline::cli
