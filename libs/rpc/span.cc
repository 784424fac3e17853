#include "libs/rpc/span.h"

namespace loadline::rpc {
namespace {

using std::chrono::system_clock;

std::optional<Trace>& ThreadsTrace() {
  thread_local std::optional<Trace> trace;
  return trace;
}

}  // namespace

const std::optional<Trace>& CurrentTrace() { return ThreadsTrace(); }

TraceScope::TraceScope(std::optional<Trace> trace) : before_(std::exchange(ThreadsTrace(), std::move(trace))) {}

TraceScope::~TraceScope() { ThreadsTrace() = std::move(before_); }

ScopedSpan::ScopedSpan(std::string_view name, SpanKind kind) {
  const auto& current = CurrentTrace();
  if (!current || current->spans == nullptr) return;
  auto inner = *current;
  inner.context.span_id = NewSpanId();
  span_ = Span{.context = inner.context,
               .parent = current->context.span_id,
               .name = std::string(name),
               .kind = kind,
               .start = system_clock::now()};
  scope_.emplace(std::move(inner));
}

ScopedSpan::~ScopedSpan() {
  if (!span_) return;
  scope_.reset();
  span_->end = system_clock::now();
  CurrentTrace()->spans->Record(std::move(*span_));
}

void ScopedSpan::Fail(std::string_view error) {
  if (span_) span_->error = error;
}

void PropagateTrace(grpc::ClientContext& context) {
  const auto& trace = CurrentTrace();
  if (!trace) return;
  context.AddMetadata("traceparent", Traceparent(trace->context));
  if (!trace->context.tracestate.empty()) context.AddMetadata("tracestate", trace->context.tracestate);
}

}  // namespace loadline::rpc
