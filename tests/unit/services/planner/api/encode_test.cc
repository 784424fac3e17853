#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/planner/api/enums.h"
#include "services/planner/api/plan_messages.h"
#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::planner {
namespace {

namespace curves = planning::testing;
using ::testing::ElementsAre;

domain::LatencySummary Mean(double ms) {
  domain::LatencySummary summary;
  summary[domain::Statistic::kMean] = ms;
  return summary;
}

planning::PlanOption Option() {
  planning::PlanOption option;
  option.configuration = curves::kSmall;
  option.replicas = 3;
  option.gpus = 6;
  option.capacity = {.rps = 4.5,
                     .kind = planning::CapacityKind::kExact,
                     .basis = planning::Basis::kInterpolated,
                     .binding_limit = "l"};
  option.rps_per_replica = 3.5;
  option.utilisation = 0.75;
  option.ttft = Mean(101);
  option.itl = Mean(11);
  option.latency_basis = planning::Basis::kMeasured;
  option.margins = {{.limit = curves::SloOf("itl:p95<40ms").limits()[0], .latency_ms = 30, .slack = 0.25}};
  option.worst_slack = 0.25;
  option.cost = {.usd_per_hour = 12,
                 .usd_per_month = 8760,
                 .usd_per_million_tokens = 0.5,
                 .usd_per_million_output_tokens = 1.5,
                 .price = {.provider = "acme", .purchase_option = "spot", .usd_per_gpu_hour = 2}};
  option.memory = {.fit = planning::MemoryFit::kFits, .weights_gib = 17.5, .memory_gib = 80.0, .kv_tokens = {}};
  option.evidence = {.benchmark_ids = {*domain::BenchmarkId::Parse("b-0102030405060708090a0b0c")},
                     .shape = curves::kShape,
                     .distance = 0.125,
                     .origin = domain::Origin::kSynthetic};
  option.pareto_optimal = true;
  return option;
}

PlanAnswer Answer() {
  PlanAnswer answer{.request = curves::Request("itl:p95<40ms", 9),
                    .plan = {},
                    .freshness = {.revision = 12, .stale = true, .evidence_age = std::chrono::milliseconds(34)}};
  answer.plan.options = {Option()};
  answer.plan.pareto_front = {Option(), Option()};
  answer.plan.candidates = 7;
  answer.plan.feasible = 2;
  answer.plan.rejection_counts = {{.reason = planning::RejectionReason::kMemory, .configurations = 5}};
  const planning::Rejection rejection{.configuration = curves::On("L4"),
                                      .reason = planning::RejectionReason::kSlo,
                                      .message = "too slow",
                                      .binding_limit = "itl:p95<40ms",
                                      .miss_factor = 1.5,
                                      .evidence_shape = curves::kShape};
  answer.plan.nearest_misses = {rejection};
  answer.plan.rejections = {rejection, rejection};
  return answer;
}

pb::PlanCapacityResponse Encoded(const PlanAnswer& answer) {
  pb::PlanCapacityResponse response;
  ToProto(answer, {}, &response);
  return response;
}

TEST(EncodePlanTest, CarriesEveryFieldOfAnOption) {
  const auto response = Encoded(Answer());
  ASSERT_EQ(response.options_size(), 1);
  const auto& option = response.options(0);
  EXPECT_EQ(option.configuration().model_hf_repo(), "acme/tiny-8b");
  EXPECT_EQ(option.replicas(), 3);
  EXPECT_EQ(option.gpus(), 6);
  EXPECT_EQ(option.capacity().requests_per_second(), 4.5);
  EXPECT_EQ(option.capacity().kind(), pb::CAPACITY_KIND_EXACT);
  EXPECT_EQ(option.capacity().basis(), pb::BASIS_INTERPOLATED);
  EXPECT_EQ(option.capacity().binding_limit(), "l");
  EXPECT_EQ(option.requests_per_second_per_replica(), 3.5);
  EXPECT_EQ(option.utilisation(), 0.75);
  EXPECT_EQ(option.ttft().mean_ms(), 101);
  EXPECT_FALSE(option.ttft().has_p95_ms());
  EXPECT_EQ(option.itl().mean_ms(), 11);
  EXPECT_FALSE(option.has_e2e()) << "not measured, so absent";
  EXPECT_EQ(option.latency_basis(), pb::BASIS_MEASURED);
  EXPECT_EQ(option.worst_slack(), 0.25);
  EXPECT_TRUE(option.pareto_optimal());
}

TEST(EncodePlanTest, CarriesHowSureItIs) {
  auto answer = Answer();
  auto& option = answer.plan.options[0];
  EXPECT_FALSE(Encoded(answer).options(0).has_slo_confidence()) << "nothing is known of it";
  EXPECT_FALSE(Encoded(answer).options(0).capacity().has_calibration());
  option.slo_confidence = 0.9;
  option.score = 0.5;
  option.capacity.calibration = planning::CapacityCalibration{.point_rps = 5,
                                                              .correction = 1.25,
                                                              .margin = 0.75,
                                                              .capacity_rps = {.lower = 4, .upper = 6},
                                                              .shapes = 7,
                                                              .few_shapes = true};
  option.margins[0].basis = planning::Basis::kPredicted;
  const auto encoded = Encoded(answer).options(0);
  EXPECT_EQ(encoded.slo_confidence(), 0.9);
  EXPECT_EQ(encoded.score(), 0.5);
  const auto& calibration = encoded.capacity().calibration();
  EXPECT_EQ(calibration.point_requests_per_second(), 5);
  EXPECT_EQ(calibration.correction(), 1.25);
  EXPECT_EQ(calibration.margin(), 0.75);
  EXPECT_EQ(calibration.requests_per_second().lower(), 4);
  EXPECT_EQ(calibration.requests_per_second().upper(), 6);
  EXPECT_EQ(calibration.shape_count(), 7);
  EXPECT_TRUE(calibration.few_shapes());
  EXPECT_EQ(encoded.margins(0).basis(), pb::BASIS_PREDICTED);
}

TEST(EncodePlanTest, AMarginRestsOnWhatTheLatenciesDo) {
  EXPECT_EQ(Encoded(Answer()).options(0).margins(0).basis(), pb::BASIS_MEASURED);
}

TEST(EncodePlanTest, SaysHowTheTermsWereUnderstood) {
  auto answer = Answer();
  EXPECT_FALSE(Encoded(answer).request().has_budget_usd_per_month()) << "there is none";
  answer.request.confidence = 0.75;
  answer.request.lengths = planning::LengthHistogram::Make({{1, 1, 0.5}, {2, 2, 0.5}}).value();
  answer.request.arrivals = {.inter_arrival_cv = 2, .routing_imbalance = 1.5, .spare_replicas = 3};
  answer.request.weights = {.cost = 0.25, .latency = 0.25, .quality = 0.25, .risk = 0.25};
  answer.request.budget_usd_per_month = 100;
  answer.request.seed = 9;
  const auto request = Encoded(answer).request();
  EXPECT_EQ(request.confidence(), 0.75);
  EXPECT_EQ(request.length_bin_count(), 2);
  EXPECT_EQ(request.arrivals().inter_arrival_cv(), 2);
  EXPECT_EQ(request.arrivals().routing_imbalance(), 1.5);
  EXPECT_EQ(request.arrivals().spare_replicas(), 3);
  EXPECT_EQ(request.weights().risk(), 0.25);
  EXPECT_EQ(request.budget_usd_per_month(), 100);
  EXPECT_EQ(request.seed(), 9U);
}

TEST(EncodePredictTest, CarriesWhatIsKnownAndNothingElse) {
  PredictAnswer answer{.configuration = curves::kSmall,
                       .request = {.shape = curves::kShape, .rps = 2.0, .confidence = 0.75},
                       .performance = {.rps = 2, .concurrency = 7.5, .evidence = Option().evidence},
                       .freshness = {.revision = 12}};
  answer.performance.At(domain::Metric::kTtft, domain::Statistic::kP95) =
      planning::PredictedLatency{.ms = 100,
                                 .basis = planning::Basis::kPredicted,
                                 .interval_ms = planning::Interval{.lower = 90, .upper = 120},
                                 .calibration_shapes = 15};
  answer.performance.At(domain::Metric::kItl, domain::Statistic::kMean) =
      planning::PredictedLatency{.ms = 9, .basis = planning::Basis::kMeasured};
  pb::PredictPerformanceResponse response;
  ToProto(answer, &response);
  EXPECT_EQ(response.configuration().hardware(), "H100");
  EXPECT_EQ(response.shape().input_tokens(), 512);
  EXPECT_EQ(response.requests_per_second(), 2);
  EXPECT_EQ(response.concurrency(), 7.5);
  EXPECT_EQ(response.confidence(), 0.75);
  EXPECT_EQ(response.ttft().p95().ms(), 100);
  EXPECT_EQ(response.ttft().p95().basis(), pb::BASIS_PREDICTED);
  EXPECT_EQ(response.ttft().p95().interval_ms().lower(), 90);
  EXPECT_EQ(response.ttft().p95().interval_ms().upper(), 120);
  EXPECT_EQ(response.ttft().p95().calibration_shape_count(), 15);
  EXPECT_FALSE(response.ttft().has_p99());
  EXPECT_EQ(response.itl().mean().basis(), pb::BASIS_MEASURED);
  EXPECT_FALSE(response.itl().mean().has_interval_ms());
  EXPECT_FALSE(response.has_e2e());
  EXPECT_EQ(response.evidence().distance(), 0.125);
  EXPECT_EQ(response.freshness().revision(), 12);
}

TEST(EncodePlanTest, CarriesMarginsCostMemoryAndEvidence) {
  const auto response = Encoded(Answer());
  const auto& option = response.options(0);
  ASSERT_EQ(option.margins_size(), 1);
  EXPECT_EQ(option.margins(0).limit(), "itl:p95<40ms");
  EXPECT_EQ(option.margins(0).limit_ms(), 40);
  EXPECT_EQ(option.margins(0).latency_ms(), 30);
  EXPECT_EQ(option.margins(0).slack(), 0.25);
  EXPECT_EQ(option.cost().usd_per_hour(), 12);
  EXPECT_EQ(option.cost().usd_per_month(), 8760);
  EXPECT_EQ(option.cost().usd_per_million_tokens(), 0.5);
  EXPECT_EQ(option.cost().usd_per_million_output_tokens(), 1.5);
  EXPECT_EQ(option.cost().usd_per_gpu_hour(), 2);
  EXPECT_EQ(option.cost().provider(), "acme");
  EXPECT_EQ(option.cost().purchase_option(), "spot");
  EXPECT_EQ(option.memory().fit(), pb::MEMORY_FIT_FITS);
  EXPECT_EQ(option.memory().weights_gib(), 17.5);
  EXPECT_EQ(option.memory().memory_gib(), 80);
  EXPECT_FALSE(option.memory().has_kv_tokens());
  EXPECT_THAT(option.evidence().benchmark_ids(), ElementsAre("b-0102030405060708090a0b0c"));
  EXPECT_EQ(option.evidence().shape().output_tokens(), 256);
  EXPECT_EQ(option.evidence().distance(), 0.125);
  EXPECT_EQ(option.evidence().origin(), benchmark::v1::ORIGIN_SYNTHETIC);
}

TEST(EncodePlanTest, CarriesWhatWasRejected) {
  const auto response = Encoded(Answer());
  EXPECT_EQ(response.pareto_front_size(), 2);
  EXPECT_EQ(response.candidate_count(), 7);
  EXPECT_EQ(response.feasible_count(), 2);
  EXPECT_EQ(response.rejection_counts(0).reason(), pb::REJECTION_REASON_MEMORY);
  EXPECT_EQ(response.rejection_counts(0).configuration_count(), 5);
  EXPECT_EQ(response.nearest_misses_size(), 1);
  ASSERT_EQ(response.rejections_size(), 2);
  const auto& rejection = response.rejections(1);
  EXPECT_EQ(rejection.configuration().hardware(), "L4");
  EXPECT_EQ(rejection.reason(), pb::REJECTION_REASON_SLO);
  EXPECT_EQ(rejection.message(), "too slow");
  EXPECT_EQ(rejection.binding_limit(), "itl:p95<40ms");
  EXPECT_EQ(rejection.miss_factor(), 1.5);
  EXPECT_EQ(rejection.evidence_shape().input_tokens(), 512);
}

TEST(EncodePlanTest, SaysHowTheRequestWasUnderstoodAndHowFreshItIs) {
  auto answer = Answer();
  answer.request.price = {.provider = "zenith", .purchase_option = "on_demand"};
  const auto response = Encoded(answer);
  EXPECT_EQ(response.request().shape().input_tokens(), 512);
  EXPECT_EQ(response.request().requests_per_second(), 9);
  EXPECT_EQ(response.request().slo(), "itl:p95<40ms");
  EXPECT_EQ(response.request().headroom(), 1.2);
  EXPECT_EQ(response.request().match_policy(), pb::MATCH_POLICY_CLOSEST_RESCALED);
  EXPECT_EQ(response.request().price().provider(), "zenith");
  EXPECT_EQ(response.request().price().purchase_option(), "on_demand");
  EXPECT_EQ(response.freshness().revision(), 12);
  EXPECT_TRUE(response.freshness().stale());
  EXPECT_EQ(response.freshness().evidence_age_ms(), 34);
}

TEST(EncodePlanTest, OnlyAPageThatIsFollowedHasAToken) {
  auto answer = Answer();
  EXPECT_TRUE(Encoded(answer).next_rejection_page_token().empty());
  answer.plan.more_rejections = true;
  EXPECT_FALSE(Encoded(answer).next_rejection_page_token().empty());
  answer.plan.rejections.clear();
  EXPECT_TRUE(Encoded(answer).next_rejection_page_token().empty()) << "none was asked for";
}

TEST(EncodeEnumsTest, EveryValueHasItsName) {
  using planning::Basis, planning::CapacityKind, planning::MatchPolicy, planning::MemoryFit, planning::RejectionReason;
  EXPECT_EQ(ToProto(CapacityKind::kExact), pb::CAPACITY_KIND_EXACT);
  EXPECT_EQ(ToProto(CapacityKind::kLowerBound), pb::CAPACITY_KIND_LOWER_BOUND);
  EXPECT_EQ(ToProto(CapacityKind::kNone), pb::CAPACITY_KIND_NONE);
  EXPECT_EQ(ToProto(Basis::kMeasured), pb::BASIS_MEASURED);
  EXPECT_EQ(ToProto(Basis::kInterpolated), pb::BASIS_INTERPOLATED);
  EXPECT_EQ(ToProto(Basis::kClosest), pb::BASIS_CLOSEST);
  EXPECT_EQ(ToProto(MemoryFit::kFits), pb::MEMORY_FIT_FITS);
  EXPECT_EQ(ToProto(MemoryFit::kTooSmall), pb::MEMORY_FIT_TOO_SMALL);
  EXPECT_EQ(ToProto(MemoryFit::kUnknown), pb::MEMORY_FIT_UNKNOWN);
  EXPECT_EQ(ToProto(RejectionReason::kSlo), pb::REJECTION_REASON_SLO);
  EXPECT_EQ(ToProto(RejectionReason::kNotMeasured), pb::REJECTION_REASON_NOT_MEASURED);
  EXPECT_EQ(ToProto(RejectionReason::kShape), pb::REJECTION_REASON_SHAPE);
  EXPECT_EQ(ToProto(RejectionReason::kMemory), pb::REJECTION_REASON_MEMORY);
  EXPECT_EQ(ToProto(RejectionReason::kGpuInventory), pb::REJECTION_REASON_GPU_INVENTORY);
  EXPECT_EQ(ToProto(RejectionReason::kNoPrice), pb::REJECTION_REASON_NO_PRICE);
  EXPECT_EQ(ToProto(MatchPolicy::kExact), pb::MATCH_POLICY_EXACT);
  EXPECT_EQ(ToProto(MatchPolicy::kClosest), pb::MATCH_POLICY_CLOSEST);
  EXPECT_EQ(ToProto(MatchPolicy::kClosestRescaled), pb::MATCH_POLICY_CLOSEST_RESCALED);
}

}  // namespace
}  // namespace loadline::planner
