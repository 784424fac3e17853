#include "cli/commands/run.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/commands/arguments.h"
#include "cli/commands/commands.h"
#include "cli/output/text.h"
#include "libs/base/suggest.h"
#include "libs/rpc/span.h"

namespace loadline::cli {
namespace {

constexpr char kDefaultStore[] = "127.0.0.1:50051";
constexpr char kDefaultPlanner[] = "127.0.0.1:50052";

std::string Setting(const Surroundings& surroundings, const std::string& name, const char* fallback) {
  return surroundings.variable(name).value_or(fallback);
}

void SetTimeout(Session& session, const std::string& text) {
  constexpr double kLongest = 86'400;
  const double seconds = ParseNumber(text, "--timeout");
  if (!(seconds > 0 && seconds <= kLongest)) {
    throw CLI::ValidationError("--timeout", "`" + text + "` is out of range; give 0.001 to 86400 seconds");
  }
  session.timeout =
      std::max(std::chrono::milliseconds(1), std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
}

void AddTls(CLI::App& app, TlsOptions& tls) {
  const auto add = [&](const char* name, std::string& value, const char* what, const char* type) {
    app.add_option(name, value, what)->type_name(type);
  };
  add("--tls-ca", tls.ca, "Calls by TLS: the CA of the services' certificates, PEM; also LOADLINE_TLS_CA", "FILE");
  add("--tls-cert", tls.certificate, "Your certificate, PEM; also LOADLINE_TLS_CERT", "FILE");
  add("--tls-key", tls.key, "Its key, PEM; also LOADLINE_TLS_KEY", "FILE");
  add("--tls-server-name", tls.server_name,
      "The name in the services' certificates, if not that of their addresses; also LOADLINE_TLS_SERVER_NAME", "NAME");
}

void AddGlobals(CLI::App& app, Session& session) {
  static const std::map<std::string, OutputFormat> kFormats = {
      {"table", OutputFormat::kTable}, {"json", OutputFormat::kJson}, {"yaml", OutputFormat::kYaml}};
  app.add_option("--planner", session.planner_address, "Address of planner; also LOADLINE_PLANNER")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_option("--store", session.store_address, "Address of benchmark-store; also LOADLINE_STORE")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  AddTls(app, session.tls);
  app.add_option_function<std::string>(
         "--timeout", [&](const std::string& text) { SetTimeout(session, text); },
         "How long a call may take (default 30; 600 for an import)")
      ->type_name("SECONDS");
  app.add_option_function<std::string>(
         "--output,-o", [&](const std::string& text) { session.format = kFormats.at(text); },
         "table for people; json or yaml for the exact answer (default table)")
      ->check(CLI::IsMember({"table", "json", "yaml"}))
      ->type_name("FORMAT");
  app.add_flag("--trace", session.trace, "Trace the calls, and print the id to look for in logs and spans");
}

void AddCommands(CLI::App& app, Session& session) {
  AddImport(app, session);
  AddPlan(app, session);
  AddPredict(app, session);
  AddTraffic(app, session);
  AddMatch(app, session);
  AddList(app, session);
  AddSearch(app, session);
  AddGet(app, session);
  AddHardware(app, session);
  AddMigrateData(app, session);
  AddExport(app, session);
}

void Describe(CLI::App& app) {
  app.name("loadline");
  app.description("Which model, on which GPUs, how many replicas keep my latency promises, at the lowest cost?");
  app.set_version_flag("--version", std::string("loadline ") + LOADLINE_VERSION);
  app.require_subcommand(1);
  app.fallthrough();  // Commands inherit it: global options may stand behind a command too.
  app.footer(
      "Example:\n"
      "  loadline import report.json --hardware H100 --hardware-count 1\n"
      "  loadline plan --input-tokens 512 --output-tokens 256 --rps 20 --slo 'ttft:p95<500ms;itl:p95<40ms'\n\n"
      "Exit status: 0 done, 1 no feasible plan, 2 bad input, 3 service unreachable, 4 moved data differs.\n");
}

// The command that the arguments got to.
const CLI::App& Deepest(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : Deepest(*chosen.front());
}

// "loadline list models".
std::string CommandLine(const CLI::App& command) {
  return command.get_parent() == nullptr ? command.get_name()
                                         : CommandLine(*command.get_parent()) + " " + command.get_name();
}

// The names that could stand where `word` stands.
std::vector<std::string> Expected(const CLI::App& command, const std::string& word) {
  std::vector<std::string> names;
  if (word.starts_with('-')) {
    for (const auto* option : command.get_options()) names.push_back(option->get_name());
  } else {
    for (const auto* other : command.get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(other->get_name());
    }
  }
  return names;
}

// What is wrong with the arguments, in our words where CLI11 only lists words.
std::string Explain(const CLI::App& app, const CLI::App& command, const CLI::ParseError& problem) {
  const auto unknown = app.remaining(true);
  const bool missing_command = command.get_subcommands().empty() && command.get_require_subcommand_min() > 0;
  if (!unknown.empty() && (missing_command || dynamic_cast<const CLI::ExtrasError*>(&problem) != nullptr)) {
    const std::string& word = unknown.front();
    return "`" + word + "` is not known here." + base::DidYouMean(word, Expected(command, word));
  }
  return missing_command ? "A command is missing." : std::string(problem.what()) + ".";
}

ExitStatus RefuseArguments(const CLI::App& app, const CLI::ParseError& problem, std::ostream& error) {
  const CLI::App& command = Deepest(app);
  std::string text = Printable(Explain(app, command, problem));
  std::replace(text.begin(), text.end(), '\n', ' ');
  error << "error: " << text << " Run `" << CommandLine(command) << " --help` to see what is possible.\n";
  return ExitStatus::kBadInput;
}

// A trace of the command's own, for all its calls.
std::optional<rpc::Trace> TraceOf(const Session& session) {
  if (!session.trace) return std::nullopt;
  const rpc::TraceContext context{.trace_id = rpc::NewTraceId(), .span_id = rpc::NewSpanId(), .sampled = true};
  session.error << "trace: " << context.trace_id.text() << '\n';
  return rpc::Trace{.context = context};
}

ExitStatus RunApp(CLI::App& app, Session& session, std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back.
  try {
    app.parse(arguments);
  } catch (const CLI::Success& help) {
    app.exit(help, session.out, session.error);
    return ExitStatus::kDone;
  } catch (const CLI::ParseError& problem) {
    return RefuseArguments(app, problem, session.error);
  }
  auto security = OpenSecurity(session.tls);
  if (!security) return Report(security.error(), {}, session.error);
  session.security = std::move(*security);
  const rpc::TraceScope trace(TraceOf(session));
  return session.command();
}

TlsOptions TlsFrom(const Surroundings& surroundings) {
  return {.ca = Setting(surroundings, "LOADLINE_TLS_CA", ""),
          .certificate = Setting(surroundings, "LOADLINE_TLS_CERT", ""),
          .key = Setting(surroundings, "LOADLINE_TLS_KEY", ""),
          .server_name = Setting(surroundings, "LOADLINE_TLS_SERVER_NAME", "")};
}

}  // namespace

int Run(const std::vector<std::string>& arguments, const Surroundings& surroundings, std::ostream& out,
        std::ostream& error) {
  Session session = {.out = out,
                     .error = error,
                     .error_is_terminal = surroundings.error_is_terminal,
                     .store_address = Setting(surroundings, "LOADLINE_STORE", kDefaultStore),
                     .planner_address = Setting(surroundings, "LOADLINE_PLANNER", kDefaultPlanner),
                     .tls = TlsFrom(surroundings)};
  CLI::App app;
  Describe(app);
  AddGlobals(app, session);
  AddCommands(app, session);
  return static_cast<int>(RunApp(app, session, arguments));
}

}  // namespace loadline::cli
