#include "libs/telemetry/trace_stage.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace loadline::telemetry {
namespace {

using rpc::Trace;
using rpc::TraceContext;
using std::chrono::system_clock;

using Headers = std::multimap<grpc::string_ref, grpc::string_ref>;

std::string_view ViewOf(const grpc::string_ref& text) { return {text.data(), text.size()}; }

// A list may come as several headers.
std::string TracestateOf(const Headers& headers) {
  std::string joined;
  const auto [from, to] = headers.equal_range("tracestate");
  for (auto header = from; header != to; ++header)
    joined.append(joined.empty() ? "" : ",").append(ViewOf(header->second));
  return joined;
}

// Two are as good as none: nobody could say which is right.
std::optional<TraceContext> ParentOf(const Headers& headers) {
  const auto [from, to] = headers.equal_range("traceparent");
  if (from == to || std::next(from) != to) return std::nullopt;
  return rpc::ParseTraceContext(ViewOf(from->second), TracestateOf(headers));
}

// By the conventions of OpenTelemetry, what callers do wrong is no error of the
// server's span.
bool IsOurs(base::ErrorCode code) {
  return code == base::ErrorCode::kDeadlineExceeded || code == base::ErrorCode::kInternal ||
         code == base::ErrorCode::kUnavailable;
}

class TraceStage final : public rpc::Stage {
 public:
  TraceStage(const std::vector<Method>& methods, const Sampling& sampling, rpc::SpanSink* spans)
      : sampling_(sampling), spans_(spans) {
    for (const auto& method : methods) services_.emplace(method.name, method.service);
  }

  std::string_view name() const override { return "trace"; }

  base::Status Handle(rpc::Call& call, const Next& next) const override {
    const auto parent = ParentOf(call.context.client_metadata());
    const auto trace = Continued(parent);
    const rpc::TraceScope scope(trace);
    const auto start = system_clock::now();
    auto outcome = next(call);
    if (!outcome) outcome.error().metadata.emplace("trace_id", trace.context.trace_id.text());
    if (trace.spans != nullptr) Record(call, outcome, trace.context, parent, start);
    return outcome;
  }

 private:
  Trace Continued(const std::optional<TraceContext>& parent) const {
    Trace trace;
    if (parent) {
      trace.context = *parent;
    } else {
      trace.context.trace_id = rpc::NewTraceId();
    }
    if (!parent || (!sampling_.caller_decides && spans_ != nullptr)) {
      trace.context.sampled = spans_ != nullptr && rpc::IsSampled(trace.context.trace_id, sampling_.ratio);
    }
    trace.context.span_id = rpc::NewSpanId();
    trace.spans = trace.context.sampled ? spans_ : nullptr;
    return trace;
  }

  std::string ServiceOf(std::string_view method) const {
    const auto found = services_.find(method);
    return found == services_.end() ? "" : found->second;
  }

  void Record(const rpc::Call& call, const base::Status& outcome, const TraceContext& context,
              const std::optional<TraceContext>& parent, system_clock::time_point start) const {
    const std::string method(call.method);
    const auto service = ServiceOf(method);
    rpc::Span span{.context = context, .name = service + "/" + method, .kind = rpc::SpanKind::kServer};
    if (parent) span.parent = parent->span_id;
    span.start = start;
    span.end = system_clock::now();
    span.attributes = {{"rpc.system", "grpc"},
                       {"rpc.service", service},
                       {"rpc.method", method},
                       {"rpc.grpc.status_code", std::int64_t{outcome ? 0 : static_cast<int>(outcome.error().code)}}};
    if (!outcome && IsOurs(outcome.error().code)) span.error = outcome.error().reason;
    spans_->Record(std::move(span));
  }

  const Sampling sampling_;
  rpc::SpanSink* const spans_;
  std::map<std::string, std::string, std::less<>> services_;
};

}  // namespace

std::shared_ptr<const rpc::Stage> TraceCalls(const std::vector<Method>& methods, const Sampling& sampling,
                                             rpc::SpanSink* spans) {
  return std::make_shared<TraceStage>(methods, sampling, spans);
}

}  // namespace loadline::telemetry
