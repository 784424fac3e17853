#include "services/benchmark-store/moving/place.h"

#include <algorithm>
#include <optional>

#include "services/benchmark-store/repository/postgres/dial.h"

namespace loadline::store::moving {
namespace {

/// What stands behind `prefix`; nullopt where `text` does not start with it.
std::optional<std::string> Behind(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix)) return std::nullopt;
  return std::string(text.substr(prefix.size()));
}

bool IsUrl(std::string_view text) { return text.starts_with("postgresql://") || text.starts_with("postgres://"); }

base::Error NoPlace(std::string_view field) {
  return base::InvalidArgument(std::string(field),
                               "must be json:PATH, sqlite:PATH or postgresql:URL, such as postgresql://host/database");
}

base::Result<Place> Database(std::string where, std::string_view field) {
  LOADLINE_RETURN_IF_ERROR(postgres::CheckUrl(where, field));
  return Place{PlaceKind::kPostgres, std::move(where)};
}

}  // namespace

base::Result<Place> ParsePlace(std::string_view text, std::string_view field) {
  if (IsUrl(text)) return Database(std::string(text), field);
  if (auto where = Behind("postgresql:", text); where && !where->empty()) return Database(*std::move(where), field);
  if (auto path = Behind("json:", text); path && !path->empty()) return Place{PlaceKind::kJson, *std::move(path)};
  if (auto path = Behind("sqlite:", text); path && !path->empty()) return Place{PlaceKind::kSqlite, *std::move(path)};
  return base::Fail(NoPlace(field));
}

std::string NameOf(const Place& place) {
  if (place.kind == PlaceKind::kJson) return "json:" + place.where;
  if (place.kind == PlaceKind::kSqlite) return "sqlite:" + place.where;
  if (!IsUrl(place.where)) return "a PostgreSQL database";
  const auto start = place.where.find("//") + 2;
  const auto location = place.where.substr(start, place.where.find('?', start) - start);
  const auto at = location.rfind('@');
  return "postgresql://" + (at == std::string::npos ? location : location.substr(at + 1));
}

}  // namespace loadline::store::moving
