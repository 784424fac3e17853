#include "libs/telemetry/otlp_json.h"

#include <chrono>
#include <nlohmann/json.hpp>

namespace loadline::telemetry {
namespace {

using nlohmann::json;

constexpr int kStatusError = 2;
constexpr int kSampledFlag = 1;

json ValueOf(const std::variant<std::string, std::int64_t>& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return {{"stringValue", *text}};
  // 64-bit integers are strings in protobuf's JSON.
  return {{"intValue", std::to_string(std::get<std::int64_t>(value))}};
}

json AttributesOf(const std::vector<rpc::SpanAttribute>& attributes) {
  auto list = json::array();
  for (const auto& [key, value] : attributes) list.push_back({{"key", key}, {"value", ValueOf(value)}});
  return list;
}

std::string Nanoseconds(std::chrono::system_clock::time_point time) {
  return std::to_string(std::chrono::nanoseconds(time.time_since_epoch()).count());
}

json JsonOf(const rpc::Span& span) {
  json result = {{"traceId", span.context.trace_id.text()},
                 {"spanId", span.context.span_id.text()},
                 {"name", span.name},
                 {"kind", static_cast<int>(span.kind)},
                 {"startTimeUnixNano", Nanoseconds(span.start)},
                 {"endTimeUnixNano", Nanoseconds(span.end)},
                 {"flags", kSampledFlag},
                 {"attributes", AttributesOf(span.attributes)}};
  if (span.parent) result["parentSpanId"] = span.parent->text();
  if (!span.context.tracestate.empty()) result["traceState"] = span.context.tracestate;
  if (!span.error.empty()) result["status"] = {{"code", kStatusError}, {"message", span.error}};
  return result;
}

}  // namespace

std::string OtlpJson(const SpanResource& resource, const std::vector<rpc::Span>& spans) {
  auto list = json::array();
  for (const auto& span : spans) list.push_back(JsonOf(span));
  const auto who =
      AttributesOf({{"service.name", resource.service_name}, {"service.version", resource.service_version}});
  const json scope = {{"scope", {{"name", "loadline"}}}, {"spans", std::move(list)}};
  const json body = {
      {"resourceSpans", json::array({{{"resource", {{"attributes", who}}}, {"scopeSpans", json::array({scope})}}})}};
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace loadline::telemetry
