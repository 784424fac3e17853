#include <fmt/format.h>

#include "libs/json/parse.h"
#include "services/benchmark-store/repository/postgres/benchmark_row.h"
#include "services/benchmark-store/repository/postgres/queries.h"
#include "services/benchmark-store/repository/quarantine_json.h"

namespace loadline::store::postgres {
namespace {

const Statement kQuarantined = {.name = "list_quarantined",
                                .sql =
                                    "SELECT revision, id, document::text FROM benchmark_quarantine "
                                    "WHERE revision <= $1 AND (revision, id) > ($2, $3) "
                                    "ORDER BY revision, id LIMIT $4"};

const Statement kSnapshots = {.name = "snapshots",
                              .sql =
                                  "SELECT s.revision, s.catalog_revision, r.snapshot_id::text, "
                                  "(SELECT o.snapshot_id::text FROM revisions o WHERE o.revision = $1) "
                                  "FROM store_state s JOIN revisions r ON r.revision = s.revision"};
const Statement kChangedModels = {
    .name = "changed_models",
    .sql = "SELECT DISTINCT model FROM change_log WHERE revision > $1 AND revision <= $2 ORDER BY model"};

const Statement kModels = {.name = "models",
                           .sql =
                               "SELECT m.name, count(*)::int4, sum(k.benchmark_count)::int8 FROM configurations k "
                               "JOIN model_versions v ON v.id = k.model_version_id "
                               "JOIN models m ON m.id = v.model_id GROUP BY m.name ORDER BY m.name"};

std::string NameOf(const QuarantinedRow& row) { return fmt::format("{} {}", row.revision, row.id.ToString()); }

/// A place in the order of quarantined rows.
struct Position {
  domain::Revision revision = -1;
  std::string id = {};
};

/// Reads what `NameOf` wrote.
base::Result<Position> ParsePosition(const std::string& name) {
  if (name.empty()) return Position{};
  const auto space = name.find(' ');
  const auto digits = name.substr(0, space);
  const bool numeric = !digits.empty() && digits.size() < 19 && digits.find_first_not_of("0123456789") == digits.npos;
  if (space == name.npos || !numeric) return base::Fail(StrangePosition());
  const auto id = domain::BenchmarkId::Parse(name.substr(space + 1));
  if (!id) return base::Fail(StrangePosition());
  return Position{.revision = std::stoll(digits), .id = std::string(BytesOf(*id))};
}

base::Result<QuarantinedRow> QuarantinedIn(const Rows& rows, int row) {
  const auto document = json::Parse(rows.View(row, 2));
  if (!document || !document->is_object()) return base::Fail(base::Internal("a quarantined row is not an object"));
  auto quarantined = ReadQuarantined(*document);
  quarantined.revision = rows.BigInteger(row, 0);
  quarantined.id = IdFrom(rows.Bytes(row, 1));
  return quarantined;
}

}  // namespace

base::Result<Page<QuarantinedRow>> ListQuarantined(PostgresStore& store, const PageRequest& page,
                                                   const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto pin, PinRevision(store, page.revision, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto after, ParsePosition(page.after));
  Parameters parameters;
  parameters.BigInteger(pin.revision).BigInteger(after.revision).Bytes(after.id).BigInteger(page.size + 1);
  LOADLINE_ASSIGN_OR_RETURN(const auto rows, RunRepeatable(*pin.pool, scope, [&](Connection& connection) {
                              return connection.Run(kQuarantined, parameters, scope);
                            }));
  Page<QuarantinedRow> result = {.items = {}, .next = {}, .revision = pin.revision};
  for (int row = 0; row < std::min(rows.size(), page.size); ++row) {
    LOADLINE_ASSIGN_OR_RETURN(auto quarantined, QuarantinedIn(rows, row));
    result.items.push_back(std::move(quarantined));
  }
  if (rows.size() > page.size) result.next = NameOf(result.items.back());
  return result;
}

base::Result<Changes> ChangesSince(PostgresStore& store, domain::Revision after, const std::string& snapshot_id,
                                   const CallScope& scope) {
  return RunRepeatable(store.primary(), scope, [&](Connection& connection) -> base::Result<Changes> {
    LOADLINE_ASSIGN_OR_RETURN(const auto now, connection.Run(kSnapshots, Parameters().BigInteger(after), scope));
    if (now.empty()) return base::Fail(base::Internal("the current revision is not in revisions"));
    Changes changes = {.revision = now.BigInteger(0, 0),
                       .snapshot_id = now.Text(0, 2),
                       .models = {},
                       .catalog = false,
                       .reset = false};
    const bool other = !snapshot_id.empty() && snapshot_id != now.Text(0, 3);
    changes.reset = after > changes.revision || other;
    changes.catalog = changes.reset || now.BigInteger(0, 1) > after;
    const auto first = changes.reset ? 0 : after;
    LOADLINE_ASSIGN_OR_RETURN(
        const auto models,
        connection.Run(kChangedModels, Parameters().BigInteger(first).BigInteger(changes.revision), scope));
    for (int row = 0; row < models.size(); ++row) changes.models.push_back(models.Text(row, 0));
    return changes;
  });
}

base::Result<std::vector<domain::Model>> ListModels(PostgresStore& store, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(
      const auto rows, store.Read(scope, [&](Connection& connection) { return connection.Run(kModels, {}, scope); }));
  std::vector<domain::Model> models;
  for (int row = 0; row < rows.size(); ++row) {
    models.push_back({.name = rows.Text(row, 0),
                      .configuration_count = rows.Integer(row, 1),
                      .benchmark_count = static_cast<int>(rows.BigInteger(row, 2))});
  }
  return models;
}

}  // namespace loadline::store::postgres
