#pragma once

#include <cstdint>
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

/// Writes one line, with the id of the trace that the thread works for
/// (`trace_id`). Thread-safe. Values are escaped and cut at 4 KiB; cheap when
/// `level` is off. Of warnings and errors that repeat, not all are written: see
/// Debounce. The next one that is says how many were not (`repeated`).
void Log(LogLevel level, std::string_view event, const LogFields& fields = {});
/// The same, but writes it however often it repeats.
void LogEach(LogLevel level, std::string_view event, const LogFields& fields);

/// Lines since the start.
struct LogCounts {
  std::int64_t debug = 0;
  std::int64_t info = 0;
  std::int64_t warning = 0;
  std::int64_t error = 0;
  /// Repeated ones that were not written.
  std::int64_t suppressed = 0;
};
LogCounts CountLogLines();

/// True when lines of `level` are written.
bool LogEnabled(LogLevel level);

}  // namespace loadline::rpc
