#include <fmt/format.h>
#include <gmock/gmock.h>
#include <rapidcheck.h>

#include <cmath>

#include "libs/testing/matchers.h"
#include "services/planner/api/plan_messages.h"
#include "tests/unit/services/planner/cache_fixture.h"

/// No answer holds a number that is infinite or NaN, however odd the request.
namespace loadline::planner {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using loadline::testing::IsOk;

/// Reads the numbers of a message, fields of fields included.
class Numbers {
 public:
  static void ExpectFinite(const Message& message) {
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const auto* field : fields) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) ExpectNumbersFinite(message, *field);
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) Enter(message, *field);
    }
  }

 private:
  static void ExpectNumbersFinite(const Message& message, const FieldDescriptor& field) {
    const auto& values = *message.GetReflection();
    if (!field.is_repeated()) {
      EXPECT_TRUE(std::isfinite(values.GetDouble(message, &field))) << field.full_name();
      return;
    }
    for (int i = 0; i < values.FieldSize(message, &field); ++i) {
      EXPECT_TRUE(std::isfinite(values.GetRepeatedDouble(message, &field, i))) << field.full_name();
    }
  }
  static void Enter(const Message& message, const FieldDescriptor& field) {
    const auto& values = *message.GetReflection();
    if (!field.is_repeated()) return ExpectFinite(values.GetMessage(message, &field));
    for (int i = 0; i < values.FieldSize(message, &field); ++i) {
      ExpectFinite(values.GetRepeatedMessage(message, &field, i));
    }
  }
};

class FiniteNumbersTest : public testing::CacheTest, public ::testing::WithParamInterface<double> {
 protected:
  void SetUp() override {
    store.Import(testing::BenchmarksOf("acme/tiny-8b", 4));
    store.Import(SweepOf("acme/swept-8b"));
    StartAndCatchUp();
  }

  // Three shapes of five loads: enough for a fit.
  static std::vector<domain::Benchmark> SweepOf(const std::string& model) {
    auto configuration = testing::curves::On("L4");
    configuration.model = model;
    std::vector<domain::Benchmark> all;
    for (const double tokens : {128.0, 512.0, 2048.0}) {
      std::vector<testing::curves::Row> rows;
      for (int i = 1; i <= 5; ++i)
        rows.push_back({.rps = 0.5 * i, .ttft_p95 = 20 + 0.1 * tokens * i, .itl_p95 = 9.0 + i});
      const domain::TrafficShape shape{.input_tokens = tokens, .output_tokens = 256};
      for (auto& row : testing::curves::Benchmarks(configuration, shape, rows)) all.push_back(std::move(row));
    }
    return all;
  }

  /// A request with one odd rate.
  static pb::PlanCapacityRequest Request() {
    pb::PlanCapacityRequest request;
    request.mutable_shape()->set_input_tokens(700);
    request.mutable_shape()->set_output_tokens(200);
    request.set_requests_per_second(GetParam());
    request.set_slo("ttft:p95<500ms;itl:p95<40ms");
    request.set_rejection_page_size(10);
    return request;
  }
  void ExpectFinitePlan(const pb::PlanCapacityRequest& request) {
    const auto answer = PlanCapacity(*cache, FromProto(request), {});
    ASSERT_THAT(answer, IsOk());
    pb::PlanCapacityResponse plan;
    ToProto(*answer, request, &plan);
    Numbers::ExpectFinite(plan);
    const auto explained = ExplainPlan(*cache, FromProto(request), {});
    ASSERT_THAT(explained, IsOk());
    pb::ExplainPlanResponse explanation;
    ToProto(*explained, request, &explanation);
    Numbers::ExpectFinite(explanation);
  }
};

TEST_P(FiniteNumbersTest, InAPlan) { ExpectFinitePlan(Request()); }

TEST_P(FiniteNumbersTest, InAPlanOfExtremes) {
  auto request = Request();
  request.set_confidence(1 - 1e-15);
  request.mutable_arrivals()->set_inter_arrival_cv(100);
  request.mutable_arrivals()->set_routing_imbalance(4);
  request.mutable_arrivals()->set_spare_replicas(1000);
  request.set_headroom(10);
  request.mutable_weights()->set_quality(1e-300);
  request.set_budget_usd_per_month(1e15);
  ExpectFinitePlan(request);
  request.set_confidence(1e-300);
  request.set_budget_usd_per_month(1e-300);
  ExpectFinitePlan(request);
}

TEST_P(FiniteNumbersTest, InAnInfeasiblePlan) {
  auto request = Request();
  request.set_slo("ttft:p95<0.001ms;e2e:p99<0.001ms");
  ExpectFinitePlan(request);
}

TEST_P(FiniteNumbersTest, InAPlanForLengths) {
  auto request = Request();
  request.clear_shape();
  request.set_slo("e2e:p95<60s");
  for (const double tokens : {1e-300, 1.0, 10'000'000.0, 300.0}) {
    auto* bin = request.mutable_length_histogram()->add_bins();
    bin->set_input_tokens(tokens);
    bin->set_output_tokens(tokens);
    bin->set_weight(0.25);
  }
  ExpectFinitePlan(request);
}

TEST_P(FiniteNumbersTest, InAPrediction) {
  for (const double input_tokens : {1.0, 512.0, 700.0, 10'000'000.0}) {
    pb::PredictPerformanceRequest request;
    request.mutable_configuration()->set_model_hf_repo("acme/swept-8b");
    request.mutable_shape()->set_input_tokens(input_tokens);
    request.mutable_shape()->set_output_tokens(256);
    request.set_requests_per_second(GetParam());
    const auto answer = PredictPerformance(*cache, FromProto(request), {});
    if (!answer) {
      EXPECT_EQ(answer.error().code, base::ErrorCode::kFailedPrecondition) << answer.error().message;
      continue;
    }
    pb::PredictPerformanceResponse prediction;
    ToProto(*answer, &prediction);
    Numbers::ExpectFinite(prediction);
  }
}

// Any request, most of them odd; the same one gives the same bytes.
class RandomRequests : public FiniteNumbersTest {
 protected:
  static double Number(double low, double high) {
    return low * std::pow(high / low, *rc::gen::inRange(0, 10'001) / 10'000.0);
  }
  static bool Sometimes() { return *rc::gen::inRange(0, 3) == 0; }

  static std::string RandomSlo() {
    std::string slo;
    for (const auto* metric : {"ttft", "itl", "e2e"}) {
      if (!slo.empty() && Sometimes()) continue;
      const auto statistic = *rc::gen::element<std::string>("mean", "p50", "p90", "p95", "p99");
      slo += fmt::format("{}{}:{}<{}ms", slo.empty() ? "" : ";", metric, statistic, Number(0.01, 80'000'000));
    }
    return slo;
  }
  static void AddLengths(pb::PlanCapacityRequest& request) {
    request.clear_shape();
    const int bins = 1 << *rc::gen::inRange(0, 4);
    for (int i = 0; i < bins; ++i) {
      auto* bin = request.mutable_length_histogram()->add_bins();
      bin->set_input_tokens(Number(0.001, 10'000'000));
      bin->set_output_tokens(Number(0.001, 10'000'000));
      bin->set_weight(1.0 / bins);
    }
  }
  static void AddTerms(pb::PlanCapacityRequest& request) {
    if (Sometimes()) request.set_confidence(Number(1e-12, 1 - 1e-12));
    if (Sometimes()) request.set_headroom(Number(1, 10));
    if (Sometimes()) request.set_budget_usd_per_month(Number(1e-6, 1e15));
    if (Sometimes()) request.mutable_arrivals()->set_inter_arrival_cv(Number(0.01, 100));
    if (Sometimes()) request.mutable_arrivals()->set_routing_imbalance(Number(1, 4));
    if (Sometimes()) request.mutable_weights()->set_risk(Number(1e-6, 1e6));
    if (Sometimes()) request.mutable_weights()->set_latency(Number(1e-6, 1e6));
    if (Sometimes()) (*request.mutable_max_gpus())["L4"] = *rc::gen::inRange(0, 100);
  }
  static pb::PlanCapacityRequest RandomRequest() {
    pb::PlanCapacityRequest request;
    request.mutable_shape()->set_input_tokens(Number(0.001, 10'000'000));
    request.mutable_shape()->set_output_tokens(Number(0.001, 10'000'000));
    request.set_requests_per_second(Number(1e-6, 1e7));
    request.set_slo(RandomSlo());
    request.set_match_policy(static_cast<pb::MatchPolicy>(*rc::gen::inRange(0, 5)));
    request.set_rejection_page_size(10);
    if (Sometimes()) AddLengths(request);
    AddTerms(request);
    return request;
  }
  std::string Explained(const pb::PlanCapacityRequest& request) {
    const auto explained = ExplainPlan(*cache, FromProto(request), {});
    RC_ASSERT(explained.has_value());
    pb::ExplainPlanResponse explanation;
    ToProto(*explained, request, &explanation);
    Numbers::ExpectFinite(explanation);
    return explanation.SerializeAsString();
  }
};

TEST_F(RandomRequests, GetFiniteNumbersAndTheSameBytesTwice) {
  EXPECT_TRUE(rc::check([this] {
    const auto request = RandomRequest();
    RC_ASSERT(Explained(request) == Explained(request));
    RC_ASSERT(!HasFailure());
  }));
}

INSTANTIATE_TEST_SUITE_P(Rates, FiniteNumbersTest, ::testing::Values(1e-6, 0.7, 30.0, 10'000'000.0));

}  // namespace
}  // namespace loadline::planner
