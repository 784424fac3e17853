#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace loadline::store::moving {

enum class PlaceKind { kJson, kSqlite, kPostgres };

/// Where data is.
struct Place {
  PlaceKind kind = PlaceKind::kJson;
  /// A path, or what libpq takes to connect.
  std::string where;
};

/// Reads `json:PATH`, `sqlite:PATH`, `postgresql:CONNECTION` or a URL
/// `postgresql://...`. Fails with a violation on `field`, which never repeats a
/// URL: it may hold a password.
base::Result<Place> ParsePlace(std::string_view text, std::string_view field);

/// What people are told of it: a URL without user, password and options.
std::string NameOf(const Place& place);

}  // namespace loadline::store::moving
