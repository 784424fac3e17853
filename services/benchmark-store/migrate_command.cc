#include "services/benchmark-store/migrate_command.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "libs/base/termination.h"
#include "libs/rpc/log.h"
#include "services/benchmark-store/repository/postgres/migrate.h"
#include "services/benchmark-store/repository/postgres/older_table.h"
#include "services/benchmark-store/repository/postgres/retry.h"

namespace loadline::store {
namespace {

using postgres::Connection;
using postgres::MigrationStatus;

// For a database that starts beside us.
constexpr std::chrono::seconds kConnectPatience{30};
// Migrations may move much data, and wait for others that migrate.
constexpr std::chrono::hours kMigratePatience{1};
constexpr int kLongestPause = 5;

struct Arguments {
  bool status = false;
  postgres::MigrateOptions options = {};
};

CallScope Within(std::chrono::milliseconds patience, std::function<bool()> cancelled = base::TerminationPending) {
  return {.deadline = std::chrono::steady_clock::now() + patience, .cancelled = std::move(cancelled)};
}

base::Result<std::unique_ptr<Connection>> Connect(const DatabaseConfig& config) {
  const auto scope = Within(kConnectPatience);
  while (true) {
    auto connection = Connection::Open(config.url, scope);
    if (connection || !postgres::MayRetry(connection.error())) return connection;
    if (!postgres::AwaitRetry(kLongestPause, scope)) return connection;
  }
}

std::optional<int> WholeNumber(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

base::Error Strange(const std::string& argument) {
  return base::InvalidArgument(
      "migrate", fmt::format("does not take `{}`; it takes --status, --dry-run and --to NUMBER", argument));
}

base::Result<Arguments> Parse(const std::vector<std::string>& arguments) {
  Arguments parsed;
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    if (*argument == "--status") {
      parsed.status = true;
    } else if (*argument == "--dry-run") {
      parsed.options.dry_run = true;
    } else if (*argument == "--to" && argument + 1 != arguments.end()) {
      parsed.options.to = WholeNumber(*++argument);
      if (!parsed.options.to) return base::Fail(Strange("--to " + *argument));
    } else {
      return base::Fail(Strange(*argument));
    }
  }
  return parsed;
}

std::string NameOf(const MigrationStatus& migration) {
  return fmt::format("{:04}_{}", migration.number, migration.name);
}

void Print(const std::vector<MigrationStatus>& status, std::ostream& out) {
  for (const auto& each : status) {
    const auto* unknown = each.unknown ? " (not known to this program, which is older)" : "";
    out << NameOf(each) << "  " << (each.applied_at ? "applied " + *each.applied_at : "pending") << unknown << '\n';
  }
}

}  // namespace

base::Status MigrateOnStart(const DatabaseConfig& config, const std::function<bool()>& cancelled) {
  LOADLINE_ASSIGN_OR_RETURN(const auto connection, Connection::Open(config.url, Within(kConnectPatience, cancelled)));
  LOADLINE_ASSIGN_OR_RETURN(const auto applied, postgres::Migrate(*connection, postgres::EmbeddedMigrations(), {},
                                                                  Within(kMigratePatience, cancelled)));
  for (const auto& each : applied) rpc::Log(rpc::LogLevel::kInfo, "migrated", {{"migration", NameOf(each)}});
  LOADLINE_ASSIGN_OR_RETURN(const bool adoptable,
                            postgres::AwaitsAdoption(*connection, Within(kConnectPatience, cancelled)));
  if (adoptable) rpc::Log(rpc::LogLevel::kWarning, "exported_summaries_found", {{"message", postgres::kHowToAdopt}});
  return {};
}

base::Status RunMigrate(const DatabaseConfig& config, const std::vector<std::string>& arguments, std::ostream& out) {
  LOADLINE_ASSIGN_OR_RETURN(const auto parsed, Parse(arguments));
  LOADLINE_ASSIGN_OR_RETURN(const auto connection, Connect(config));
  const auto migrations = postgres::EmbeddedMigrations();
  const auto scope = Within(kMigratePatience);
  if (parsed.status) {
    LOADLINE_ASSIGN_OR_RETURN(const auto status, postgres::ReadMigrationStatus(*connection, migrations, scope));
    Print(status, out);
    return {};
  }
  LOADLINE_ASSIGN_OR_RETURN(const auto applied, postgres::Migrate(*connection, migrations, parsed.options, scope));
  const auto* what = parsed.options.dry_run ? "would apply " : "applied ";
  for (const auto& each : applied) out << what << NameOf(each) << '\n';
  if (applied.empty()) out << "nothing to apply\n";
  LOADLINE_ASSIGN_OR_RETURN(const bool adoptable, postgres::AwaitsAdoption(*connection, scope));
  if (adoptable) out << postgres::kHowToAdopt << '\n';
  return {};
}

}  // namespace loadline::store
