#include "libs/rpc/trace_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace loadline::rpc {
namespace {

constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kSpanId[] = "00f067aa0ba902b7";

std::string Header(const std::string& version = "00", const std::string& trace_id = kTraceId,
                   const std::string& span_id = kSpanId, const std::string& flags = "01") {
  return version + "-" + trace_id + "-" + span_id + "-" + flags;
}

std::optional<TraceContext> Parse(const std::string& traceparent, const std::string& tracestate = "") {
  return ParseTraceContext(traceparent, tracestate);
}

TEST(TraceContextTest, AHeaderIsRead) {
  const auto context = Parse(Header());
  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace_id.text(), kTraceId);
  EXPECT_EQ(context->span_id.text(), kSpanId);
  EXPECT_TRUE(context->sampled);
}

TEST(TraceContextTest, OnlyTheLowestBitOfTheFlagsSaysSampled) {
  EXPECT_FALSE(Parse(Header("00", kTraceId, kSpanId, "00"))->sampled);
  EXPECT_FALSE(Parse(Header("00", kTraceId, kSpanId, "fe"))->sampled);
  EXPECT_TRUE(Parse(Header("00", kTraceId, kSpanId, "ff"))->sampled);
}

TEST(TraceContextTest, WhatWasReadIsWrittenAlike) {
  EXPECT_EQ(Traceparent(*Parse(Header())), Header());
  EXPECT_EQ(Traceparent(*Parse(Header("00", kTraceId, kSpanId, "00"))), Header("00", kTraceId, kSpanId, "00"));
}

TEST(TraceContextTest, ALaterVersionIsReadAsFarAsItIsKnown) {
  EXPECT_TRUE(Parse(Header("01")));
  EXPECT_TRUE(Parse(Header("cc") + "-what-comes-then"));
  EXPECT_FALSE(Parse(Header("cc") + "what-comes-then"));
}

TEST(TraceContextTest, WhatIsNotAsTheSpecificationHasItIsNoTrace) {
  const std::string zeros(32, '0');
  for (const auto& wrong :
       {std::string(), std::string("00"), Header("ff"), Header("0G"), Header() + "-", Header() + "-00", " " + Header(),
        Header() + " ", Header("00", zeros), Header("00", kTraceId, zeros.substr(0, 16)),
        Header("00", "4BF92F3577B34DA6A3CE929D0E0E4736"), Header("00", kTraceId, "00F067AA0BA902B7"),
        Header("00", kTraceId, kSpanId, "0x"), Header("00", kTraceId, kSpanId, "1"),
        Header("00", std::string(kTraceId).substr(1)), Header("00", std::string(kTraceId) + "0"),
        std::string(Header()).replace(2, 1, "_"), std::string(Header()).replace(35, 1, "_"),
        std::string(Header()).replace(52, 1, "_")}) {
    EXPECT_FALSE(Parse(wrong)) << wrong;
  }
}

TEST(TraceContextTest, TheStateOfOtherVendorsIsKept) {
  for (const auto* state : {"", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "a@b=1, c=2 ,,d=x y", "0-_*/=!"}) {
    EXPECT_EQ(Parse(Header(), state)->tracestate, state);
  }
}

TEST(TraceContextTest, AStateThatIsWrongIsDroppedAlone) {
  std::string many;
  for (int i = 0; i < 33; ++i) many += "k" + std::to_string(i) + "=v,";
  for (const auto& wrong : {std::string("novalue"), std::string("k="), std::string("=v"), std::string("K=v"),
                            std::string("k=v=w"), std::string("k=\x01"), "k=" + std::string(511, 'v'),
                            std::string(257, 'k') + "=v", "k=" + std::string(257, 'v'), many}) {
    const auto context = Parse(Header(), wrong);
    ASSERT_TRUE(context) << wrong;
    EXPECT_EQ(context->tracestate, "") << wrong;
  }
}

TEST(TraceContextTest, NewIdsAreHexadecimalAndDiffer) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    TraceContext context{.trace_id = NewTraceId(), .span_id = NewSpanId()};
    EXPECT_TRUE(Parse(Traceparent(context))) << Traceparent(context);
    ids.emplace(context.trace_id.text());
    ids.emplace(context.span_id.text());
  }
  EXPECT_EQ(ids.size(), 2000);
}

TEST(TraceContextTest, TheRatioOfNewTracesIsSampled) {
  int sampled = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto id = NewTraceId();
    EXPECT_FALSE(IsSampled(id, 0));
    EXPECT_TRUE(IsSampled(id, 1));
    sampled += IsSampled(id, 0.1) ? 1 : 0;
  }
  // 2000 are expected, with a standard deviation of 42.
  EXPECT_NEAR(sampled, 2000, 300);
}

TEST(TraceContextTest, SamplingFollowsFromTheId) {
  TraceId low;
  TraceId high;
  low.digits.fill('0');
  high.digits.fill('f');
  EXPECT_TRUE(IsSampled(low, 0.01));
  EXPECT_FALSE(IsSampled(high, 0.99));
}

}  // namespace
}  // namespace loadline::rpc
