#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loadline::rpc {

/// Fields of a log line, in order.
using LogFields = std::vector<std::pair<std::string_view, std::string>>;

enum class LogLevel { kDebug, kInfo, kWarning, kError };

/// Sets up the process's log on stderr: one line an event, as
/// `format` "json" ({"time":...,"level":...,"service":...,"event":...,fields}) or
/// "text". `level` is debug, info, warning or error.
void ConfigureLog(const std::string& service, const std::string& format, const std::string& level);

/// Writes one line. Thread-safe. Values are escaped and cut at 4 KiB; cheap when `level` is off.
void Log(LogLevel level, std::string_view event, const LogFields& fields = {});

/// True when lines of `level` are written.
bool LogEnabled(LogLevel level);

}  // namespace loadline::rpc
