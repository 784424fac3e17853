#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "libs/telemetry/http_post.h"
#include "libs/telemetry/otlp_json.h"
#include "libs/testing/http_receiver.h"
#include "libs/testing/matchers.h"

namespace loadline::telemetry {
namespace {

using ::testing::ElementsAre;
using testing::Fails;
using ::testing::HasSubstr;
using testing::HttpReceiver;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::StartsWith;

rpc::Span SampleSpan() {
  const auto context = *rpc::ParseTraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "congo=t61");
  const std::chrono::system_clock::time_point start{std::chrono::nanoseconds(1'767'225'600'000'000'001)};
  return {.context = context,
          .parent = rpc::ParseTraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-b7ad6b7169203331-01", "")->span_id,
          .name = "a.Service/Method",
          .kind = rpc::SpanKind::kServer,
          .start = start,
          .end = start + std::chrono::nanoseconds(5),
          .attributes = {{"rpc.system", "grpc"}, {"rpc.grpc.status_code", std::int64_t{14}}},
          .error = "STORE_UNREACHABLE"};
}

TEST(OtlpJsonTest, SpansAreWrittenAsOtlpHasThemInJson) {
  const auto body = OtlpJson({.service_name = "planner", .service_version = "1.2.3"}, {SampleSpan()});
  EXPECT_EQ(nlohmann::json::parse(body), nlohmann::json::parse(R"({"resourceSpans": [{
    "resource": {"attributes": [
      {"key": "service.name", "value": {"stringValue": "planner"}},
      {"key": "service.version", "value": {"stringValue": "1.2.3"}}]},
    "scopeSpans": [{"scope": {"name": "loadline"}, "spans": [{
      "traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "spanId": "00f067aa0ba902b7",
      "parentSpanId": "b7ad6b7169203331", "traceState": "congo=t61", "flags": 1,
      "name": "a.Service/Method", "kind": 2,
      "startTimeUnixNano": "1767225600000000001", "endTimeUnixNano": "1767225600000000006",
      "attributes": [
        {"key": "rpc.system", "value": {"stringValue": "grpc"}},
        {"key": "rpc.grpc.status_code", "value": {"intValue": "14"}}],
      "status": {"code": 2, "message": "STORE_UNREACHABLE"}}]}]}]})"));
}

TEST(OtlpJsonTest, ASpanThatBeginsItsTraceHasNoParentAndOneThatWentWellNoStatus) {
  auto span = SampleSpan();
  span.parent = std::nullopt;
  span.error = "";
  const auto body = nlohmann::json::parse(OtlpJson({}, {span}));
  const auto& written = body["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
  EXPECT_FALSE(written.contains("parentSpanId"));
  EXPECT_FALSE(written.contains("status"));
}

TEST(HttpPostTest, JsonIsPostedWithTheHeaders) {
  const HttpReceiver receiver("200 OK");
  HttpPost post({.url = TracesUrl(receiver.url() + "/"), .headers = {"x-token: secret"}});
  EXPECT_THAT(post.Send("{\"a\":1}"), IsOk());
  EXPECT_THAT(post.Send("{}"), IsOk());
  const auto requests = receiver.requests();
  ASSERT_EQ(requests.size(), 2);
  EXPECT_THAT(requests[0].head, StartsWith("POST /v1/traces HTTP/1.1"));
  EXPECT_THAT(requests[0].head, HasSubstr("Content-Type: application/json"));
  EXPECT_THAT(requests[0].head, HasSubstr("x-token: secret"));
  EXPECT_EQ(requests[0].body, "{\"a\":1}");
}

TEST(HttpPostTest, WhatIsNotTakenIsAnErrorThatSaysWhy) {
  const HttpReceiver receiver("429 Too Many Requests");
  HttpPost post({.url = receiver.url()});
  const auto sent = post.Send("{}");
  EXPECT_THAT(sent, Fails(base::ErrorCode::kUnavailable, "POST_FAILED"));
  EXPECT_EQ(sent.error().message, "HTTP status 429");
}

TEST(HttpPostTest, OnlyHttpIsSpoken) {
  HttpPost post({.url = "file:///etc/passwd"});
  EXPECT_THAT(post.Send("{}"), Fails(base::ErrorCode::kUnavailable, "POST_FAILED"));
}

TEST(HttpPostTest, AnAnswerIsNotWaitedForLongerThanAllowed) {
  const HttpReceiver receiver("");
  HttpPost post({.url = receiver.url(), .timeout = std::chrono::milliseconds(50)});
  EXPECT_THAT(post.Send("{}"), Fails(base::ErrorCode::kUnavailable, "POST_FAILED"));
}

TEST(ParseHeadersTest, HeadersAreReadAsOpenTelemetryWritesThem) {
  EXPECT_THAT(ParseHeaders("api-key=abc%20d , x=1=2"), ElementsAre("api-key: abc d", "x: 1=2"));
  EXPECT_THAT(ParseHeaders(""), IsEmpty());
}

TEST(ParseHeadersTest, WhatIsNoHeaderIsLeftOut) {
  EXPECT_THAT(ParseHeaders("novalue,=x,a=1%0d%0aB: 2,b=100%,c=%zz"), ElementsAre("b: 100%", "c: %zz"));
}

}  // namespace
}  // namespace loadline::telemetry
