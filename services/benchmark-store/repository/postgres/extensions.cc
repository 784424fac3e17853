#include "services/benchmark-store/repository/postgres/extensions.h"

namespace loadline::store::postgres {
namespace {

// It is trusted: whoever may create in the database may create it.
constexpr char kTrigrams[] =
    "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm'), "
    "EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm'), "
    "has_database_privilege(current_database(), 'CREATE')";

base::Error Missing(std::string_view what_to_do) {
  return base::FailedPrecondition("EXTENSION_MISSING",
                                  "The database needs the extension pg_trgm. " + std::string(what_to_do));
}

}  // namespace

base::Status CheckExtensions(Connection& connection, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto found, connection.Run(kTrigrams, {}, scope));
  const bool created = found.Boolean(0, 0);
  const bool available = found.Boolean(0, 1);
  const bool may_create = found.Boolean(0, 2);
  if (created || (available && may_create)) return {};
  if (!available) {
    return base::Fail(
        Missing("Its server does not have it: install PostgreSQL's contrib modules there (a package "
                "such as postgresql-contrib), then migrate again."));
  }
  return base::Fail(
      Missing("This role may not create it: as the database's owner or a superuser, run `CREATE "
              "EXTENSION pg_trgm;` in it, then migrate again."));
}

}  // namespace loadline::store::postgres
