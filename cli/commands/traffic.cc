#include <memory>
#include <string>

#include "cli/commands/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/traffic_request.h"
#include "cli/output/traffic_view.h"

namespace loadline::cli {
namespace {

// What a plan would ask for, so that it can be sent as it is.
planner_api::PlanCapacityRequest RequestFor(const TrafficProfile& profile) {
  planner_api::PlanCapacityRequest request;
  SetTraffic(profile, &request);
  return request;
}

ExitStatus Traffic(Session& session, const std::string& path) {
  const auto profile = ReadTraceFile(path);
  if (!profile) return Report(profile.error(), {}, session.error, path);
  if (session.format == OutputFormat::kTable) {
    PrintTraffic(*profile, session.out);
  } else {
    PrintMessage(RequestFor(*profile), session.format, session.out);
  }
  return ExitStatus::kDone;
}

}  // namespace

void AddTraffic(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("traffic", "Show what a trace of requests says of its traffic");
  const auto path = std::make_shared<std::string>();
  command->add_option("FILE", *path, "A trace of Azure, BurstGPT or Mooncake")->required()->type_name("");
  AddExample(*command, "loadline traffic trace.csv");
  command->callback([&session, path] { session.command = [&session, path] { return Traffic(session, *path); }; });
}

}  // namespace loadline::cli
