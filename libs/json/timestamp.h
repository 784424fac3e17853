#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.h"

namespace loadline::json {

/// "2026-03-01T12:30:00.250Z". For years 0 to 9999.
std::string FormatTimestamp(base::Timestamp time);

/// Reads ISO 8601: a date, and optionally a time after `T` or a space, with
/// seconds, a fraction (cut to milliseconds) and an offset (`Z`, `+02`,
/// `+0200`, `+02:00`). Without an offset it is UTC. nullopt: not such a text,
/// no such day, or not in the years 0 to 9999.
std::optional<base::Timestamp> ParseTimestamp(std::string_view text);

}  // namespace loadline::json
