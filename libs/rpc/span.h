#pragma once

#include <grpcpp/client_context.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "libs/rpc/trace_context.h"

namespace loadline::rpc {

/// The numbers are OTLP's.
enum class SpanKind { kInternal = 1, kServer = 2, kClient = 3 };

using SpanAttribute = std::pair<std::string_view, std::variant<std::string, std::int64_t>>;

/// Some work that has ended, as a trace shows it. Holds no secrets: it leaves
/// the program.
struct Span {
  TraceContext context = {};
  /// Nullopt where the trace begins.
  std::optional<SpanId> parent = {};
  std::string name = {};
  SpanKind kind = SpanKind::kInternal;
  std::chrono::system_clock::time_point start = {};
  std::chrono::system_clock::time_point end = {};
  /// The keys live for ever: they are literals.
  std::vector<SpanAttribute> attributes = {};
  /// What went wrong, such as "UNAVAILABLE"; empty where nothing did.
  std::string error = {};
};

/// Where spans go. Thread-safe; never blocks.
class SpanSink {
 public:
  virtual ~SpanSink() = default;
  virtual void Record(Span span) = 0;
};

/// A trace that work is part of, and where its spans go: null where they are
/// not kept. The sink must outlive the work.
struct Trace {
  TraceContext context = {};
  SpanSink* spans = nullptr;
};

/// The trace that this thread works for; nullopt for none. Work that is handed
/// to another thread takes a copy along, for a TraceScope there.
const std::optional<Trace>& CurrentTrace();

/// Has this thread work for `trace` until destroyed. Scopes nest.
class TraceScope {
 public:
  explicit TraceScope(std::optional<Trace> trace);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  std::optional<Trace> before_;
};

/// A part of the current trace, from here until destroyed; what begins meanwhile
/// is part of it. Costs next to nothing where spans are not kept. Use in one
/// thread.
class ScopedSpan {
 public:
  ScopedSpan(std::string_view name, SpanKind kind);
  ~ScopedSpan();
  ScopedSpan(const ScopedSpan&) = delete;
  ScopedSpan& operator=(const ScopedSpan&) = delete;

  void Fail(std::string_view error);

 private:
  std::optional<Span> span_;
  std::optional<TraceScope> scope_;
};

/// Sends the current trace along with a call that was not started yet.
void PropagateTrace(grpc::ClientContext& context);

}  // namespace loadline::rpc
