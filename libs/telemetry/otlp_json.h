#pragma once

#include <string>
#include <vector>

#include "libs/rpc/span.h"

namespace loadline::telemetry {

/// Who the spans are of: the resource attributes `service.name` and
/// `service.version`.
struct SpanResource {
  std::string service_name;
  std::string service_version;
};

/// `spans` as the body of an OTLP/HTTP request in JSON (OTLP 1.0): names in
/// lowerCamelCase, ids in hexadecimal, times as strings of nanoseconds since
/// 1970. Bytes that are not UTF-8 are replaced.
std::string OtlpJson(const SpanResource& resource, const std::vector<rpc::Span>& spans);

}  // namespace loadline::telemetry
