#include <gmock/gmock.h>

#include <functional>
#include <limits>

#include "libs/rpc/channel.h"
#include "libs/rpc/server.h"
#include "libs/rpc/status.h"
#include "libs/testing/matchers.h"
#include "services/planner/api/planner_handler.h"
#include "tests/unit/services/planner/cache_fixture.h"

// Wrong requests as a client sends them and as it sees the answer: each names its
// field.

namespace loadline::planner {
namespace {

using loadline::testing::Fails;
using loadline::testing::HasViolation;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Mistake {
  std::string name;
  std::function<void(v1::PlanCapacityRequest&)> make;
  std::string field;
  friend void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }
};

void AddBin(v1::PlanCapacityRequest& request, double input, double output, double weight) {
  request.clear_shape();
  auto* bin = request.mutable_length_histogram()->add_bins();
  bin->set_input_tokens(input);
  bin->set_output_tokens(output);
  bin->set_weight(weight);
}

class BadRequestTest : public testing::CacheTest, public ::testing::WithParamInterface<Mistake> {
 protected:
  void SetUp() override {
    auto rows = testing::BenchmarksOf("acme/tiny-8b", 4);
    for (auto& row : rows) row.measurement.ttft[domain::Statistic::kP99] = {};
    store.Import(rows);
    StartAndCatchUp();
    server = rpc::Server::Start({}, {&handler}).value();
    stub = v1::PlannerService::NewStub(rpc::MakeChannel("127.0.0.1:" + std::to_string(server->port())));
  }

  static v1::PlanCapacityRequest Valid() {
    v1::PlanCapacityRequest request;
    request.mutable_shape()->set_input_tokens(512);
    request.mutable_shape()->set_output_tokens(256);
    request.set_requests_per_second(10);
    request.set_slo("ttft:p95<500ms;itl:p95<40ms");
    return request;
  }
  grpc::Status Plan(const v1::PlanCapacityRequest& request) {
    grpc::ClientContext context;
    rpc::SetDeadline(context, std::chrono::seconds(20));
    v1::PlanCapacityResponse response;
    return stub->PlanCapacity(&context, request, &response);
  }
  base::Error ExplainError(const v1::PlanCapacityRequest& plan) {
    grpc::ClientContext context;
    rpc::SetDeadline(context, std::chrono::seconds(20));
    v1::ExplainPlanRequest request;
    *request.mutable_plan() = plan;
    v1::ExplainPlanResponse response;
    return rpc::FromGrpcStatus(stub->ExplainPlan(&context, request, &response));
  }

  const rpc::Pipeline pipeline = rpc::MakePipeline(clock, std::chrono::seconds(30));
  PlannerHandler handler{*cache, pipeline};
  std::unique_ptr<rpc::Server> server;
  std::unique_ptr<v1::PlannerService::Stub> stub;
};

TEST_P(BadRequestTest, NamesTheFieldOfAPlanAndOfItsExplanation) {
  auto request = Valid();
  ASSERT_TRUE(Plan(request).ok());
  GetParam().make(request);
  const auto error = rpc::FromGrpcStatus(Plan(request));
  EXPECT_THAT(error, Fails(base::ErrorCode::kInvalidArgument, "INVALID_REQUEST"));
  EXPECT_THAT(error, HasViolation(GetParam().field));
  EXPECT_THAT(ExplainError(request), HasViolation(GetParam().field));
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, BadRequestTest,
    ::testing::Values(
        Mistake{"WeightsThatDoNotAddUp",
                [](auto& r) {
                  AddBin(r, 100, 10, 0.5);
                  AddBin(r, 200, 20, 0.499998);
                },
                "length_histogram.bins"},
        Mistake{"WeightThatIsNoNumber", [](auto& r) { AddBin(r, 100, 10, kNan); }, "length_histogram.bins[0].weight"},
        Mistake{"LengthThatIsNoNumber", [](auto& r) { AddBin(r, kNan, 10, 1); },
                "length_histogram.bins[0].input_tokens"},
        Mistake{"InfiniteLength", [](auto& r) { AddBin(r, 10, kInfinity, 1); },
                "length_histogram.bins[0].output_tokens"},
        Mistake{"NoBins",
                [](auto& r) {
                  r.clear_shape();
                  r.mutable_length_histogram();
                },
                "length_histogram.bins"},
        Mistake{"ConfidenceOfNothing", [](auto& r) { r.set_confidence(0); }, "confidence"},
        Mistake{"FullConfidence", [](auto& r) { r.set_confidence(1); }, "confidence"},
        Mistake{"ConfidenceThatIsNoNumber", [](auto& r) { r.set_confidence(kNan); }, "confidence"},
        Mistake{"PercentileThatNobodyMeasured", [](auto& r) { r.set_slo("ttft:p99<500ms"); }, "slo"},
        Mistake{"PercentileThatIsNone", [](auto& r) { r.set_slo("ttft:p42<500ms"); }, "slo"},
        Mistake{"RateThatIsNoNumber", [](auto& r) { r.set_requests_per_second(kNan); }, "requests_per_second"},
        Mistake{"BurstinessThatIsNoNumber", [](auto& r) { r.mutable_arrivals()->set_inter_arrival_cv(kNan); },
                "arrivals.inter_arrival_cv"},
        Mistake{"NegativeWeight", [](auto& r) { r.mutable_weights()->set_cost(-1); }, "weights.cost"},
        Mistake{"BudgetOfNothing", [](auto& r) { r.set_budget_usd_per_month(0); }, "budget_usd_per_month"}),
    [](const auto& parameter) { return parameter.param.name; });

}  // namespace
}  // namespace loadline::planner
