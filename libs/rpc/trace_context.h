#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace loadline::rpc {

/// An id in lower-case hexadecimal digits, not all of them 0.
template <std::size_t kDigits>
struct HexId {
  std::array<char, kDigits> digits = {};

  std::string_view text() const { return {digits.data(), digits.size()}; }
  friend bool operator==(const HexId&, const HexId&) = default;
};
using TraceId = HexId<32>;
using SpanId = HexId<16>;

/// Where some work stands in a trace: what W3C Trace Context sends along.
struct TraceContext {
  TraceId trace_id = {};
  /// The span that the work belongs to.
  SpanId span_id = {};
  /// The spans of the trace are kept.
  bool sampled = false;
  /// What other vendors pass along; empty for nothing.
  std::string tracestate = {};

  friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

/// Random; never all 0. Thread-safe.
TraceId NewTraceId();
SpanId NewSpanId();

/// What the headers `traceparent` and `tracestate` say. Nullopt where
/// `traceparent` is not as W3C Trace Context (level 1, section 3.2) has it: then
/// a new trace begins. A `tracestate` that is wrong or longer than 512 bytes is
/// dropped alone.
std::optional<TraceContext> ParseTraceContext(std::string_view traceparent, std::string_view tracestate);

/// `context` as the header `traceparent`.
std::string Traceparent(const TraceContext& context);

/// Whether a new trace is among the share `ratio` (0 to 1) that is kept. Follows
/// from its id alone, so that programs with the same ratio agree.
bool IsSampled(const TraceId& id, double ratio);

}  // namespace loadline::rpc
