#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/planner/api/plan_messages.h"
#include "services/planner/api/rejection_token.h"

namespace loadline::planner {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(DecodePlanTest, ReadsEveryField) {
  pb::PlanCapacityRequest request;
  request.mutable_shape()->set_input_tokens(1);
  request.mutable_shape()->set_output_tokens(2);
  request.set_requests_per_second(3);
  request.set_slo("s");
  request.set_use_case("u");
  request.mutable_candidates()->add_model_hf_repos("m");
  request.mutable_candidates()->add_hardware("h");
  request.mutable_candidates()->add_frameworks("f");
  request.mutable_candidates()->add_precisions("p");
  (*request.mutable_max_gpus())["H100"] = 4;
  request.set_headroom(5);
  request.set_match_policy(pb::MATCH_POLICY_EXACT);
  request.mutable_price()->set_provider("a");
  request.mutable_price()->set_purchase_option("o");
  request.set_top_n(6);
  request.set_rejection_page_size(7);
  const auto query = FromProto(request);
  EXPECT_EQ(query.shape->input_tokens, 1);
  EXPECT_EQ(query.shape->output_tokens, 2);
  EXPECT_EQ(query.rps, 3);
  EXPECT_EQ(query.slo, "s");
  EXPECT_EQ(query.use_case, "u");
  EXPECT_THAT(query.models, ElementsAre("m"));
  EXPECT_THAT(query.hardware, ElementsAre("h"));
  EXPECT_THAT(query.frameworks, ElementsAre("f"));
  EXPECT_THAT(query.precisions, ElementsAre("p"));
  EXPECT_THAT(query.max_gpus, ElementsAre(Pair("H100", 4)));
  EXPECT_EQ(query.headroom, 5);
  EXPECT_EQ(query.policy, planning::MatchPolicy::kExact);
  EXPECT_EQ(query.provider, "a");
  EXPECT_EQ(query.purchase_option, "o");
  EXPECT_EQ(query.top_n, 6);
  EXPECT_EQ(query.rejection_page_size, 7);
  EXPECT_FALSE(query.rejection_page.has_value());
  EXPECT_THAT(query.violations, IsEmpty());
}

TEST(DecodePlanTest, WhatIsNotSetIsAbsent) {
  const auto query = FromProto(pb::PlanCapacityRequest());
  EXPECT_FALSE(query.shape.has_value());
  EXPECT_FALSE(query.headroom.has_value());
  EXPECT_EQ(query.policy, planning::MatchPolicy::kAuto);
}

TEST(DecodePlanTest, ReadsHowSureHowBurstyAndWhatCounts) {
  pb::PlanCapacityRequest request;
  request.set_confidence(0.75);
  auto* bin = request.mutable_length_histogram()->add_bins();
  bin->set_input_tokens(1);
  bin->set_output_tokens(2);
  bin->set_weight(1);
  request.mutable_arrivals()->set_inter_arrival_cv(2);
  request.mutable_arrivals()->set_routing_imbalance(1.5);
  request.mutable_arrivals()->set_spare_replicas(3);
  request.mutable_weights()->set_cost(1);
  request.mutable_weights()->set_latency(2);
  request.mutable_weights()->set_quality(3);
  request.mutable_weights()->set_risk(4);
  request.set_budget_usd_per_month(5);
  request.set_seed(6);
  const auto query = FromProto(request);
  EXPECT_EQ(query.confidence, 0.75);
  EXPECT_THAT(query.length_bins.value(), ElementsAre(planning::LengthBin{1, 2, 1}));
  EXPECT_EQ(query.arrivals, (planning::Arrivals{.inter_arrival_cv = 2, .routing_imbalance = 1.5, .spare_replicas = 3}));
  EXPECT_EQ(query.weights, (planning::RankingWeights{.cost = 1, .latency = 2, .quality = 3, .risk = 4}));
  EXPECT_EQ(query.budget_usd_per_month, 5);
  EXPECT_EQ(query.seed, 6U);
}

TEST(DecodePlanTest, ArrivalsThatAreNotSetAreAsInBenchmarks) {
  pb::PlanCapacityRequest request;
  EXPECT_EQ(FromProto(request).arrivals, planning::Arrivals());
  request.mutable_arrivals()->set_spare_replicas(1);
  EXPECT_EQ(FromProto(request).arrivals, planning::Arrivals{.spare_replicas = 1});
}

TEST(DecodePredictTest, ReadsEveryField) {
  pb::PredictPerformanceRequest request;
  auto* configuration = request.mutable_configuration();
  configuration->set_model_hf_repo("Acme/M");
  configuration->set_precision("BF16");
  configuration->set_hardware("H100");
  configuration->set_hardware_count(2);
  configuration->set_framework("vLLM");
  configuration->set_framework_version("1");
  request.mutable_shape()->set_input_tokens(1);
  request.mutable_shape()->set_output_tokens(2);
  request.set_concurrency(3);
  request.set_confidence(0.5);
  const auto query = FromProto(request);
  EXPECT_THAT(query.violations, IsEmpty());
  EXPECT_EQ(query.filter, (domain::BenchmarkFilter{.model = "acme/m",
                                                   .hardware = "H100",
                                                   .hardware_count = 2,
                                                   .framework = "vllm",
                                                   .framework_version = "1",
                                                   .precision = "bf16"}));
  EXPECT_EQ(query.shape->output_tokens, 2);
  EXPECT_EQ(query.concurrency, 3);
  EXPECT_FALSE(query.rps.has_value());
  EXPECT_EQ(query.confidence, 0.5);
}

TEST(DecodePredictTest, WhatIsNotNamedMayBeAnything) {
  pb::PredictPerformanceRequest request;
  request.mutable_configuration()->set_model_hf_repo("m");
  EXPECT_EQ(FromProto(request).filter, domain::BenchmarkFilter{.model = "m"});
  request.mutable_configuration()->set_hardware_count(-1);
  EXPECT_THAT(FromProto(request).violations,
              ElementsAre(Field(&base::FieldViolation::field, "configuration.hardware_count")));
}

TEST(DecodePlanTest, KnowsEveryPolicy) {
  pb::PlanCapacityRequest request;
  request.set_match_policy(pb::MATCH_POLICY_CLOSEST);
  EXPECT_EQ(FromProto(request).policy, planning::MatchPolicy::kClosest);
  request.set_match_policy(pb::MATCH_POLICY_CLOSEST_RESCALED);
  EXPECT_EQ(FromProto(request).policy, planning::MatchPolicy::kClosestRescaled);
  request.set_match_policy(static_cast<pb::MatchPolicy>(99));
  EXPECT_THAT(FromProto(request).violations, ElementsAre(Field(&base::FieldViolation::field, "match_policy")));
}

TEST(DecodePlanTest, ATokenIsGoodForItsRequestOnly) {
  pb::PlanCapacityRequest request;
  request.set_slo("s");
  request.set_rejection_page_size(3);
  for (const auto* gpu : {"A", "B", "C", "D"}) (*request.mutable_max_gpus())[gpu] = 4;
  request.set_rejection_page_token(RejectionToken(request, {.revision = 8, .snapshot_id = "data 7@8", .after = 3}));
  const auto query = FromProto(request);
  ASSERT_TRUE(query.rejection_page.has_value());
  EXPECT_EQ(query.rejection_page->revision, 8);
  EXPECT_EQ(query.rejection_page->snapshot_id, "data 7@8");
  EXPECT_EQ(query.rejection_page->after, 3);
  (*request.mutable_max_gpus())["A"] = 5;
  EXPECT_THAT(FromProto(request).violations, ElementsAre(Field(&base::FieldViolation::field, "rejection_page_token")));
  request.set_rejection_page_token("nonsense");
  const auto violations = FromProto(request).violations;
  EXPECT_THAT(violations, ElementsAre(Field(&base::FieldViolation::field, "rejection_page_token")));
  EXPECT_EQ(violations[0].description, "is damaged or belongs to another query; start again without it.");
}

TEST(DecodeMatchTest, ReadsEveryFieldAndNotTheFiltersShape) {
  pb::MatchBenchmarkRequest request;
  auto* filter = request.mutable_filter();
  filter->set_model_hf_repo("M");
  filter->set_hardware("H100");
  filter->set_hardware_count(2);
  filter->mutable_shape()->set_input_tokens(-1);
  request.mutable_shape()->set_input_tokens(1);
  request.mutable_shape()->set_output_tokens(2);
  request.set_requests_per_second(3);
  const auto query = FromProto(request);
  EXPECT_THAT(query.violations, IsEmpty());
  EXPECT_EQ(query.filter, (domain::BenchmarkFilter{.model = "m", .hardware = "H100", .hardware_count = 2}));
  EXPECT_EQ(query.shape->output_tokens, 2);
  EXPECT_EQ(query.rps, 3);
}

TEST(DecodeMatchTest, KeepsWhatIsWrong) {
  pb::MatchBenchmarkRequest request;
  request.mutable_filter()->set_hardware_count(0);
  EXPECT_THAT(FromProto(request).violations, ElementsAre(Field(&base::FieldViolation::field, "filter.hardware_count")));
}

}  // namespace
}  // namespace loadline::planner
