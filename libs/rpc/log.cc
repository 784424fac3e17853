#include "libs/rpc/log.h"

#include <grpc/support/log.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include "libs/rpc/debounce.h"
#include "libs/rpc/span.h"

namespace loadline::rpc {
namespace {

// Callers choose what ends up in messages, so they must not choose how much.
constexpr std::size_t kMaxValueBytes = 4096;
constexpr char kTime[] = "%Y-%m-%dT%H:%M:%S.%eZ";

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarning: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::info;
}

bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }

// `text` in quotes, with everything escaped that JSON wants escaped, bytes that
// are not UTF-8 replaced, and cut if it is very long. Nearly all text needs none
// of that, and plans log a line a call.
std::string Quoted(std::string_view text) {
  const auto as_it_is = [](char c) { return IsPrintable(c) && c != '"' && c != '\\'; };
  if (text.size() <= kMaxValueBytes && std::all_of(text.begin(), text.end(), as_it_is)) {
    return std::string("\"").append(text).append("\"");
  }
  const auto kept = std::string(text.substr(0, kMaxValueBytes)).append(text.size() > kMaxValueBytes ? "..." : "");
  return nlohmann::json(kept).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool IsPlain(std::string_view text) {
  const auto plain = [](char c) { return IsPrintable(c) && c != ' ' && c != '"' && c != '=' && c != '\\'; };
  return !text.empty() && text.size() <= kMaxValueBytes && std::all_of(text.begin(), text.end(), plain);
}

/// The process's log. Set up once, before the first thread.
struct Sink {
  std::shared_ptr<spdlog::logger> logger;
  std::string service;
  bool json = false;

  std::string Line(std::string_view event, const LogFields& fields) const {
    return json ? JsonLine(event, fields) : TextLine(event, fields);
  }

  // Continues the object that the pattern opens with time and level.
  std::string JsonLine(std::string_view event, const LogFields& fields) const {
    std::string line = "\"service\":" + Quoted(service) + ",\"event\":" + Quoted(event);
    for (const auto& [name, value] : fields) line.append(",").append(Quoted(name)).append(":").append(Quoted(value));
    if (const auto& trace = CurrentTrace()) {
      line.append(",\"trace_id\":\"").append(trace->context.trace_id.text()).append("\"");
    }
    return line.append("}");
  }

  std::string TextLine(std::string_view event, const LogFields& fields) const {
    std::string line = service;
    line.append(service.empty() ? "" : " ").append(event);
    for (const auto& [name, value] : fields) {
      line.append(" ").append(name).append("=").append(IsPlain(value) ? value : Quoted(value));
    }
    if (const auto& trace = CurrentTrace()) line.append(" trace_id=").append(trace->context.trace_id.text());
    return line;
  }
};

std::string Pattern(bool json) {
  return json ? std::string("{\"time\":\"") + kTime + "\",\"level\":\"%l\",%v" : std::string(kTime) + " %l %v";
}

Sink MakeSink(const std::string& service, bool json, spdlog::level::level_enum level) {
  auto logger = std::make_shared<spdlog::logger>("loadline", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern(Pattern(json), spdlog::pattern_time_type::utc);
  logger->set_level(level);
  return {.logger = std::move(logger), .service = service, .json = json};
}

// Never destroyed: gRPC's threads may log while the process exits.
Sink& ProcessSink() {
  static Sink& sink = *new Sink(MakeSink("", false, spdlog::level::info));
  return sink;
}

/// What the log did so far.
struct Counters {
  std::array<std::atomic<std::int64_t>, 4> lines = {};
  std::atomic<std::int64_t> suppressed = 0;

  std::int64_t Of(LogLevel level) const { return lines[static_cast<std::size_t>(level)]; }
};

Counters& ProcessCounters() {
  static Counters& counters = *new Counters();
  return counters;
}

Debounce& ProcessDebounce() {
  static Debounce& debounce = *new Debounce();
  return debounce;
}

std::size_t KeyOf(std::string_view event, const LogFields& fields) {
  std::string text(event);
  for (const auto& [name, value] : fields) text.append("\n").append(name).append("=").append(value);
  return std::hash<std::string>()(text);
}

void LogFromGrpc(gpr_log_func_args* entry) {
  const auto level = entry->severity == GPR_LOG_SEVERITY_ERROR ? LogLevel::kWarning : LogLevel::kDebug;
  Log(level, "grpc", {{"message", entry->message}});
}

}  // namespace

void ConfigureLog(const std::string& service, const std::string& format, const std::string& level) {
  ProcessSink() = MakeSink(service, format == "json", spdlog::level::from_str(level));
  gpr_set_log_function(LogFromGrpc);
}

void Log(LogLevel level, std::string_view event, const LogFields& fields) {
  if (!LogEnabled(level)) return;
  if (level < LogLevel::kWarning) return LogEach(level, event, fields);
  const auto unwritten = ProcessDebounce().Admit(KeyOf(event, fields), std::chrono::steady_clock::now());
  if (!unwritten) {
    ++ProcessCounters().suppressed;
    return;
  }
  auto said = fields;
  if (*unwritten > 0) said.emplace_back("repeated", std::to_string(*unwritten));
  LogEach(level, event, said);
}

void LogEach(LogLevel level, std::string_view event, const LogFields& fields) {
  if (!LogEnabled(level)) return;
  ++ProcessCounters().lines[static_cast<std::size_t>(level)];
  const auto& sink = ProcessSink();
  // Passed as an argument: the text of a value is never a format.
  sink.logger->log(ToSpdlog(level), spdlog::string_view_t(sink.Line(event, fields)));
}

LogCounts CountLogLines() {
  const auto& counters = ProcessCounters();
  return {.debug = counters.Of(LogLevel::kDebug),
          .info = counters.Of(LogLevel::kInfo),
          .warning = counters.Of(LogLevel::kWarning),
          .error = counters.Of(LogLevel::kError),
          .suppressed = counters.suppressed};
}

bool LogEnabled(LogLevel level) { return ProcessSink().logger->should_log(ToSpdlog(level)); }

}  // namespace loadline::rpc
