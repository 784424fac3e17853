#include "services/planner/api/planner_handler.h"

#include <gmock/gmock.h>

#include "libs/rpc/channel.h"
#include "libs/rpc/server.h"
#include "libs/rpc/status.h"
#include "libs/testing/matchers.h"
#include "libs/wire/benchmark_wire.h"
#include "tests/unit/services/planner/cache_fixture.h"

namespace loadline::planner {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::HasViolation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The planner's service in this process, over gRPC, on a fake store.
class PlannerHandlerTest : public testing::CacheTest {
 protected:
  void SetUp() override {
    for (int i = 0; i < 5; ++i) store.Import(testing::BenchmarksOf("acme/m" + std::to_string(i), 3));
    StartAndCatchUp();
    server = rpc::Server::Start({}, {&handler}).value();
    stub = v1::PlannerService::NewStub(rpc::MakeChannel("127.0.0.1:" + std::to_string(server->port())));
  }

  /// 10 requests/s within what no benchmark keeps.
  static v1::PlanCapacityRequest Impossible() {
    v1::PlanCapacityRequest request;
    request.mutable_shape()->set_input_tokens(512);
    request.mutable_shape()->set_output_tokens(256);
    request.set_requests_per_second(10);
    request.set_slo("ttft:p95<1ms");
    request.set_rejection_page_size(2);
    return request;
  }
  grpc::Status Plan(const v1::PlanCapacityRequest& request) {
    grpc::ClientContext context;
    rpc::SetDeadline(context, std::chrono::seconds(20));
    response.Clear();
    return stub->PlanCapacity(&context, request, &response);
  }
  base::Error PlanError(const v1::PlanCapacityRequest& request) { return rpc::FromGrpcStatus(Plan(request)); }

  const rpc::Pipeline pipeline = rpc::MakePipeline(clock, std::chrono::seconds(30));
  PlannerHandler handler{*cache, pipeline};
  std::unique_ptr<rpc::Server> server;
  std::unique_ptr<v1::PlannerService::Stub> stub;
  v1::PlanCapacityResponse response;
};

TEST_F(PlannerHandlerTest, RejectionsComeInPagesEachOnce) {
  auto request = Impossible();
  std::vector<std::string> models;
  std::vector<int> sizes;
  do {
    ASSERT_TRUE(Plan(request).ok());
    sizes.push_back(response.rejections_size());
    for (const auto& rejection : response.rejections()) models.push_back(rejection.configuration().model_hf_repo());
    request.set_rejection_page_token(response.next_rejection_page_token());
  } while (!response.next_rejection_page_token().empty());
  EXPECT_THAT(sizes, ElementsAre(2, 2, 1));
  std::sort(models.begin(), models.end());
  EXPECT_THAT(models, ElementsAre("acme/m0", "acme/m1", "acme/m2", "acme/m3", "acme/m4"));
}

TEST_F(PlannerHandlerTest, APageOfAnotherRequestIsRefused) {
  auto request = Impossible();
  ASSERT_TRUE(Plan(request).ok());
  request.set_rejection_page_token(response.next_rejection_page_token());
  request.set_requests_per_second(11);
  EXPECT_THAT(PlanError(request), HasViolation("rejection_page_token"));
}

TEST_F(PlannerHandlerTest, APageOfAnOlderRevisionIsRefused) {
  auto request = Impossible();
  ASSERT_TRUE(Plan(request).ok());
  request.set_rejection_page_token(response.next_rejection_page_token());
  ASSERT_TRUE(Plan(request).ok());
  store.Import(testing::BenchmarksOf("acme/m9", 3));
  CatchUp();
  const auto error = PlanError(request);
  EXPECT_THAT(error, HasViolation("rejection_page_token"));
  EXPECT_THAT(error.message, HasSubstr("start again"));
}

TEST_F(PlannerHandlerTest, TheSameRequestGivesTheSameBytes) {
  auto request = Impossible();
  request.set_slo("ttft:p95<500ms");
  for (const auto* gpu : {"H100", "L4", "B200"}) (*request.mutable_max_gpus())[gpu] = 100;
  ASSERT_TRUE(Plan(request).ok());
  EXPECT_GT(response.options_size(), 0);
  const auto first = response.SerializeAsString();
  clock.Advance(std::chrono::milliseconds(1234));
  ASSERT_TRUE(Plan(request).ok());
  EXPECT_EQ(response.SerializeAsString(), first);
}

TEST_F(PlannerHandlerTest, MistakesArriveWithTheirFields) {
  auto request = Impossible();
  request.set_slo("ttft:p95<1parsec");
  request.set_headroom(-1);
  request.set_match_policy(static_cast<v1::MatchPolicy>(42));
  const auto error = PlanError(request);
  EXPECT_THAT(error, Fails(ErrorCode::kInvalidArgument, "INVALID_REQUEST"));
  for (const auto* field : {"slo", "headroom", "match_policy"}) EXPECT_THAT(error, HasViolation(field));
}

TEST_F(PlannerHandlerTest, AMatchIsTheBenchmarkAsThePlannerKeepsIt) {
  auto benchmark = testing::BenchmarksOf("acme/m3", 3)[1];
  v1::MatchBenchmarkRequest request;
  request.mutable_filter()->set_model_hf_repo("ACME/M3");
  request.mutable_shape()->set_input_tokens(256);
  request.mutable_shape()->set_output_tokens(256);
  request.set_requests_per_second(2.1);
  v1::MatchBenchmarkResponse match;
  grpc::ClientContext context;
  ASSERT_TRUE(stub->MatchBenchmark(&context, request, &match).ok());
  EXPECT_EQ(match.distance(), 1);
  EXPECT_EQ(match.freshness().revision(), store.revision());

  benchmark.revision = match.benchmark().revision();
  benchmark.measurement.input_lengths = {};
  benchmark.measurement.output_lengths = {};
  const auto received = wire::BenchmarkFromProto(match.benchmark());
  ASSERT_TRUE(received.has_value());
  EXPECT_EQ(*received, benchmark);
  EXPECT_FALSE(match.benchmark().has_input_lengths());
}

TEST_F(PlannerHandlerTest, StaleAnswersSaySo) {
  auto request = Impossible();
  ASSERT_TRUE(Plan(request).ok());
  EXPECT_FALSE(response.freshness().stale());
  store.GoAway();
  ASSERT_TRUE(testing::WaitFor([this] { return Fresh().stale; }));
  clock.Advance(std::chrono::milliseconds(77));
  ASSERT_TRUE(Plan(request).ok());
  EXPECT_TRUE(response.freshness().stale());
  EXPECT_EQ(response.freshness().evidence_age_ms(), 77);
}

TEST_F(PlannerHandlerTest, AnExplanationHoldsThePlanAndIsTheSameEachTime) {
  auto request = Impossible();
  request.set_slo("ttft:p95<500ms");
  ASSERT_TRUE(Plan(request).ok());
  v1::ExplainPlanRequest asked;
  *asked.mutable_plan() = request;
  std::string first;
  for (int i = 0; i < 2; ++i) {
    grpc::ClientContext context;
    rpc::SetDeadline(context, std::chrono::seconds(20));
    v1::ExplainPlanResponse explained;
    ASSERT_TRUE(stub->ExplainPlan(&context, asked, &explained).ok());
    EXPECT_EQ(explained.plan().SerializeAsString(), response.SerializeAsString());
    EXPECT_EQ(explained.ranking().options_size(), explained.plan().options_size());
    if (i == 0) first = explained.SerializeAsString();
    EXPECT_EQ(explained.SerializeAsString(), first);
  }
}

TEST_F(PlannerHandlerTest, APredictionArrivesOrSaysWhatIsWrong) {
  v1::PredictPerformanceRequest request;
  const auto predict = [&](v1::PredictPerformanceResponse* prediction) {
    grpc::ClientContext context;
    rpc::SetDeadline(context, std::chrono::seconds(20));
    return stub->PredictPerformance(&context, request, prediction);
  };
  v1::PredictPerformanceResponse prediction;
  EXPECT_THAT(rpc::FromGrpcStatus(predict(&prediction)).violations, ::testing::SizeIs(3));
  request.mutable_configuration()->set_model_hf_repo("ACME/M1");
  request.mutable_shape()->set_input_tokens(512);
  request.mutable_shape()->set_output_tokens(256);
  request.set_requests_per_second(2);
  ASSERT_TRUE(predict(&prediction).ok());
  EXPECT_EQ(prediction.configuration().model_hf_repo(), "acme/m1");
  EXPECT_EQ(prediction.ttft().p95().ms(), 120);
}

}  // namespace
}  // namespace loadline::planner
