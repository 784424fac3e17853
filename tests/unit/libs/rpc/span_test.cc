#include "libs/rpc/span.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "libs/rpc/log.h"

namespace loadline::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class KeptSpans final : public SpanSink {
 public:
  void Record(Span span) override { spans.push_back(std::move(span)); }
  std::vector<Span> spans;
};

Trace NewTrace(SpanSink* sink) {
  return {.context = {.trace_id = NewTraceId(), .span_id = NewSpanId(), .sampled = sink != nullptr}, .spans = sink};
}

std::string LogLine(const std::string& format) {
  ConfigureLog("test", format, "info");
  ::testing::internal::CaptureStderr();
  Log(LogLevel::kInfo, "event");
  return ::testing::internal::GetCapturedStderr();
}

TEST(SpanTest, AThreadHasNoTraceUntilAScopeGivesItOne) {
  EXPECT_FALSE(CurrentTrace());
  {
    const auto trace = NewTrace(nullptr);
    const TraceScope scope(trace);
    EXPECT_EQ(CurrentTrace()->context, trace.context);
    std::thread([] { EXPECT_FALSE(CurrentTrace()); }).join();
  }
  EXPECT_FALSE(CurrentTrace());
}

TEST(SpanTest, ScopesNest) {
  const auto outer = NewTrace(nullptr);
  const TraceScope scope(outer);
  {
    const TraceScope inner(NewTrace(nullptr));
    EXPECT_NE(CurrentTrace()->context, outer.context);
  }
  EXPECT_EQ(CurrentTrace()->context, outer.context);
}

TEST(SpanTest, EveryLogLineNamesTheTrace) {
  const auto trace = NewTrace(nullptr);
  const TraceScope scope(trace);
  const std::string id(trace.context.trace_id.text());
  EXPECT_THAT(LogLine("json"), HasSubstr("\"trace_id\":\"" + id + "\""));
  EXPECT_THAT(LogLine("text"), HasSubstr(" trace_id=" + id));
}

TEST(SpanTest, WithoutATraceALineNamesNone) { EXPECT_THAT(LogLine("json"), Not(HasSubstr("trace_id"))); }

TEST(SpanTest, SpansAreRecordedWithWhatTheyArePartOf) {
  KeptSpans kept;
  const auto trace = NewTrace(&kept);
  const TraceScope scope(trace);
  {
    ScopedSpan outer("outer", SpanKind::kClient);
    ScopedSpan inner("inner", SpanKind::kInternal);
    inner.Fail("UNAVAILABLE");
  }
  ASSERT_EQ(kept.spans.size(), 2);
  const auto& [inner, outer] = std::tie(kept.spans[0], kept.spans[1]);
  EXPECT_EQ(outer.name, "outer");
  EXPECT_EQ(outer.parent, trace.context.span_id);
  EXPECT_EQ(outer.kind, SpanKind::kClient);
  EXPECT_EQ(outer.error, "");
  EXPECT_EQ(inner.parent, outer.context.span_id);
  EXPECT_EQ(inner.context.trace_id, trace.context.trace_id);
  EXPECT_EQ(inner.error, "UNAVAILABLE");
  EXPECT_LE(outer.start, inner.start);
  EXPECT_LE(inner.end, outer.end);
  EXPECT_EQ(CurrentTrace()->context, trace.context);
}

TEST(SpanTest, WhereSpansAreNotKeptTheTraceGoesOn) {
  const auto trace = NewTrace(nullptr);
  const TraceScope scope(trace);
  const ScopedSpan span("nothing", SpanKind::kInternal);
  EXPECT_EQ(CurrentTrace()->context, trace.context);
}

}  // namespace
}  // namespace loadline::rpc
