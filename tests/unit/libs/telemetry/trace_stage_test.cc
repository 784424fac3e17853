#include "libs/telemetry/trace_stage.h"

#include <gmock/gmock.h>
#include <grpcpp/test/server_context_test_spouse.h>
#include <gtest/gtest.h>

#include "tests/unit/libs/telemetry/contract.h"

namespace loadline::telemetry {
namespace {

using ::testing::Contains;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr char kService[] = "loadline.planner.v1.PlannerService";
constexpr char kSampled[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr char kNotSampled[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

class KeptSpans final : public rpc::SpanSink {
 public:
  void Record(rpc::Span span) override { spans.push_back(std::move(span)); }
  std::vector<rpc::Span> spans;
};

class TraceStageTest : public ::testing::Test {
 protected:
  void Header(const std::string& name, const std::string& value) { spouse_.AddClientMetadata(name, value); }
  // What the call sees.
  rpc::Trace Run(double ratio, rpc::SpanSink* sink, const base::Status& outcome = {}, bool caller_decides = true) {
    const Sampling sampling{.ratio = ratio, .caller_decides = caller_decides};
    rpc::Call call{.method = "PlanCapacity", .context = context_, .deadline = base::Instant::max()};
    rpc::Trace seen;
    ended_ = TraceCalls(testing::LinkedMethodsOf({kService}), sampling, sink)->Handle(call, [&](rpc::Call&) {
      seen = *rpc::CurrentTrace();
      return outcome;
    });
    return seen;
  }

  grpc::ServerContext context_;
  grpc::testing::ServerContextTestSpouse spouse_{&context_};
  KeptSpans kept_;
  base::Status ended_;
};

TEST_F(TraceStageTest, ACallWithoutATraceBeginsOne) {
  const auto first = Run(1, &kept_);
  EXPECT_NE(first.context.trace_id, Run(1, &kept_).context.trace_id);
  ASSERT_THAT(kept_.spans, SizeIs(2));
  EXPECT_FALSE(kept_.spans[0].parent);
  EXPECT_EQ(kept_.spans[0].context, first.context);
}

TEST_F(TraceStageTest, ACallersTraceGoesOn) {
  Header("traceparent", kSampled);
  Header("tracestate", "congo=t61");
  Header("tracestate", "rojo=1");
  const auto seen = Run(0, &kept_);
  EXPECT_EQ(seen.context.trace_id.text(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_NE(seen.context.span_id.text(), "00f067aa0ba902b7");
  EXPECT_EQ(seen.context.tracestate, "congo=t61,rojo=1");
  ASSERT_THAT(kept_.spans, SizeIs(1));
  EXPECT_EQ(kept_.spans[0].parent->text(), "00f067aa0ba902b7");
  EXPECT_EQ(kept_.spans[0].name, std::string(kService) + "/PlanCapacity");
  EXPECT_EQ(kept_.spans[0].kind, rpc::SpanKind::kServer);
}

TEST_F(TraceStageTest, ACallerDecidesThatItsTraceIsNotKept) {
  Header("traceparent", kNotSampled);
  EXPECT_EQ(Run(1, &kept_).spans, nullptr);
  EXPECT_THAT(kept_.spans, SizeIs(0));
}

TEST_F(TraceStageTest, ACallersDecisionMayBeOverruled) {
  Header("traceparent", kNotSampled);
  EXPECT_EQ(Run(1, &kept_, {}, false).context.trace_id.text(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_THAT(kept_.spans, SizeIs(1));
}

TEST_F(TraceStageTest, WhereSpansGoNowhereACallersDecisionIsPassedOn) {
  Header("traceparent", kSampled);
  const auto seen = Run(1, nullptr);
  EXPECT_TRUE(seen.context.sampled);
  EXPECT_EQ(seen.spans, nullptr);
}

TEST_F(TraceStageTest, TwoHeadersOrAWrongOneBeginANewTrace) {
  Header("traceparent", kSampled);
  Header("traceparent", kNotSampled);
  EXPECT_NE(Run(0, nullptr).context.trace_id.text(), "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST_F(TraceStageTest, AnErrorNamesItsTrace) {
  const auto seen = Run(0, nullptr, base::Fail(base::InvalidArgument("slo", "is wrong.")));
  ASSERT_FALSE(ended_);
  EXPECT_THAT(ended_.error().metadata, Contains(Pair("trace_id", std::string(seen.context.trace_id.text()))));
}

TEST_F(TraceStageTest, ASpanSaysHowItsCallEnded) {
  Run(1, &kept_, base::Fail(base::Internal("broke")));
  Run(1, &kept_, base::Fail(base::InvalidArgument("slo", "is wrong.")));
  ASSERT_THAT(kept_.spans, SizeIs(2));
  EXPECT_THAT(kept_.spans[0].attributes, Contains(Pair("rpc.grpc.status_code", rpc::SpanAttribute::second_type(13))));
  EXPECT_EQ(kept_.spans[0].error, base::Internal("").reason);
  EXPECT_EQ(kept_.spans[1].error, "") << "what callers do wrong is no error of ours";
}

TEST_F(TraceStageTest, AfterTheCallTheThreadHasNoTrace) {
  Run(1, &kept_);
  EXPECT_FALSE(rpc::CurrentTrace());
}

}  // namespace
}  // namespace loadline::telemetry
