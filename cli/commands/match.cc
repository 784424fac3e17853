#include <memory>

#include "cli/commands/arguments.h"
#include "cli/commands/commands.h"
#include "cli/output/benchmark_view.h"

namespace loadline::cli {
namespace {

struct MatchArguments {
  ShapeArguments shape = {};
  FilterArguments filter = {};
  std::optional<double> rps = {};
};

ExitStatus Match(Session& session, const MatchArguments& arguments) {
  planner_api::MatchBenchmarkRequest request;
  *request.mutable_shape() = arguments.shape.ToMessage();
  *request.mutable_filter() = arguments.filter.ToMessage();
  if (arguments.rps) request.set_requests_per_second(*arguments.rps);
  return Show(session, Planner(session).Send(request), FilterNames(),
              [&](const auto& response, std::ostream& out) { PrintMatch(request.shape(), response, out); });
}

}  // namespace

void AddMatch(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("match", "Find the benchmark nearest to some traffic");
  const auto arguments = std::make_shared<MatchArguments>();
  AddShape(*command, &arguments->shape, true);
  AddNumber(*command, "--rps", &arguments->rps, "Among equally near ones, prefer this rate in requests/s");
  AddFilter(*command, &arguments->filter);
  AddExample(*command, "loadline match --input-tokens 600 --output-tokens 200 --hardware H100");
  command->callback(
      [&session, arguments] { session.command = [&session, arguments] { return Match(session, *arguments); }; });
}

}  // namespace loadline::cli
