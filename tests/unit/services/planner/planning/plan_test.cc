#include "services/planner/planning/plan.h"

#include <gmock/gmock.h>

#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::planning {
namespace {

using testing::Benchmarks;
using testing::Catalog;
using ::testing::ElementsAre;
using testing::EvidenceOf;
using ::testing::HasSubstr;
using testing::kShape;
using testing::kSmall;
using testing::On;
using testing::Request;
using testing::Row;
using ::testing::SizeIs;

// Straight lines: itl p95 is 10 ms x rps, ttft p95 100 ms x rps, up to 8.
const std::vector<Row> kLine = {{.rps = 1, .ttft_p95 = 100, .itl_p95 = 10}, {.rps = 8, .ttft_p95 = 800, .itl_p95 = 80}};
// Half as fast.
const std::vector<Row> kSlowLine = {{.rps = 1, .ttft_p95 = 200, .itl_p95 = 20},
                                    {.rps = 4, .ttft_p95 = 800, .itl_p95 = 80}};

std::vector<domain::Benchmark> operator+(std::vector<domain::Benchmark> a, const std::vector<domain::Benchmark>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Plan PlanFor(const std::vector<domain::Benchmark>& benchmarks, const PlanRequest& request) {
  return PlanCapacity(EvidenceOf(benchmarks), Catalog(), request);
}

TEST(PlanCapacity, SizesByHandOnAStraightLine) {
  // itl:p95<40ms holds up to 4 requests/s, ttft:p95<500ms up to 5. Headroom 1.2
  // leaves 3.333 a replica; 10 requests/s need 3.0 replicas, exactly 3.
  const Plan plan = PlanFor(Benchmarks(kSmall, kShape, kLine), Request());
  ASSERT_THAT(plan.options, SizeIs(1));
  const PlanOption& option = plan.options[0];
  EXPECT_EQ(option.capacity.kind, CapacityKind::kExact);
  EXPECT_NEAR(option.capacity.rps, 4, 1e-9);
  EXPECT_EQ(option.capacity.basis, Basis::kInterpolated);
  EXPECT_EQ(option.capacity.binding_limit, "itl:p95<40ms");
  EXPECT_EQ(option.replicas, 3);
  EXPECT_EQ(option.gpus, 3);
  EXPECT_NEAR(option.rps_per_replica, 10.0 / 3, 1e-12);
  EXPECT_NEAR(option.utilisation, 10.0 / 3 / 4, 1e-9);
  ASSERT_THAT(option.margins, SizeIs(2));
  EXPECT_NEAR(option.margins[0].latency_ms, 1000.0 / 3, 1e-9);
  EXPECT_NEAR(option.margins[0].slack, 1 - 1000.0 / 3 / 500, 1e-12);
  EXPECT_NEAR(option.margins[1].slack, 1 - 100.0 / 3 / 40, 1e-12);
  EXPECT_NEAR(option.worst_slack, 1 - 100.0 / 3 / 40, 1e-12);
  EXPECT_NEAR(*option.itl[domain::Statistic::kP99], 1.3 * 100 / 3, 1e-9);
  EXPECT_EQ(option.latency_basis, Basis::kInterpolated);
  EXPECT_TRUE(option.pareto_optimal);
}

TEST(PlanCapacity, CostsByHand) {
  const Plan plan = PlanFor(Benchmarks(On("H100", 2), kShape, kLine), Request());
  const Cost& cost = plan.options[0].cost;
  EXPECT_EQ(cost.price.provider, "acme") << "the lowest on-demand price";
  EXPECT_DOUBLE_EQ(cost.usd_per_hour, 12);  // 3 replicas x 2 GPUs x 2.00
  EXPECT_DOUBLE_EQ(cost.usd_per_month, 8760);
  // 10 requests/s x 3600 s x 768 tokens = 27.648 million tokens an hour.
  EXPECT_NEAR(cost.usd_per_million_tokens, 12 / 27.648, 1e-9);
  EXPECT_NEAR(cost.usd_per_million_output_tokens, 12 / 9.216, 1e-9);
}

TEST(PlanCapacity, HonoursTheAskedProviderAndPurchaseOption) {
  auto request = Request();
  request.price = {.provider = "Zenith", .purchase_option = "SPOT"};
  EXPECT_DOUBLE_EQ(PlanFor(Benchmarks(kSmall, kShape, kLine), request).options[0].cost.usd_per_hour, 3);
}

TEST(PlanCapacity, ALowerBoundIsLabelledAndRestsOnTheHighestMeasurement) {
  const auto rows = Benchmarks(kSmall, kShape, kLine);
  const Plan plan = PlanFor(rows, Request("itl:p95<100ms", 8));
  const PlanOption& option = plan.options[0];
  EXPECT_EQ(option.capacity.kind, CapacityKind::kLowerBound);
  EXPECT_EQ(option.capacity.basis, Basis::kMeasured);
  EXPECT_EQ(option.capacity.binding_limit, "");
  EXPECT_DOUBLE_EQ(option.capacity.rps, 8);
  EXPECT_THAT(option.evidence.benchmark_ids, ElementsAre(rows[0].id, rows[1].id));
}

TEST(PlanCapacity, SaturationIsNamedAsTheBindingLimit) {
  const auto rows = Benchmarks(kSmall, kShape,
                               {{.rps = 2, .itl_p95 = 10}, {.rps = 3, .itl_p95 = 20, .offered = 6, .saturated = true}});
  const Plan plan = PlanFor(rows, Request("itl:p95<100ms", 5));
  EXPECT_EQ(plan.options[0].capacity.binding_limit, "saturation");
  EXPECT_EQ(plan.options[0].capacity.kind, CapacityKind::kExact);
}

TEST(PlanCapacity, RejectsWithTheLimitThatFailsAtTheLowestLoad) {
  const Plan plan = PlanFor(Benchmarks(kSmall, kShape, kLine), Request("ttft:p95<500ms;itl:p95<8ms"));
  EXPECT_THAT(plan.options, SizeIs(0));
  EXPECT_EQ(plan.candidates, 1);
  EXPECT_EQ(plan.feasible, 0);
  ASSERT_THAT(plan.nearest_misses, SizeIs(1));
  EXPECT_EQ(plan.nearest_misses[0].reason, RejectionReason::kSlo);
  EXPECT_EQ(plan.nearest_misses[0].binding_limit, "itl:p95<8ms");
  EXPECT_DOUBLE_EQ(plan.nearest_misses[0].miss_factor, 1.25);
  EXPECT_THAT(plan.nearest_misses[0].message, HasSubstr("10 ms already at the lowest measured load (1 requests/s)"));
}

TEST(PlanCapacity, EachStatisticIsPlannedOnItself) {
  for (const auto& [slo, latency] : std::vector<std::pair<std::string, double>>{{"itl:mean<28ms", 0.7},
                                                                                {"itl:p50<24ms", 0.6},
                                                                                {"itl:p90<36ms", 0.9},
                                                                                {"itl:p95<40ms", 1.0},
                                                                                {"itl:p99<52ms", 1.3}}) {
    const Plan plan = PlanFor(Benchmarks(kSmall, kShape, kLine), Request(slo));
    ASSERT_THAT(plan.options, SizeIs(1)) << slo;
    EXPECT_NEAR(plan.options[0].capacity.rps, 4, 1e-9) << slo;
    EXPECT_NEAR(plan.options[0].margins[0].latency_ms, latency * 100 / 3, 1e-9) << slo;
  }
}

TEST(PlanCapacity, RejectsAStatisticThatWasNotMeasured) {
  auto rows = Benchmarks(kSmall, kShape, kLine);
  for (auto& row : rows) row.measurement.ttft[domain::Statistic::kP50] = {};
  const Plan plan = PlanFor(rows, Request("ttft:p50<500ms"));
  ASSERT_THAT(plan.rejection_counts, SizeIs(1));
  EXPECT_EQ(plan.rejection_counts[0].reason, RejectionReason::kNotMeasured);
  auto request = Request("ttft:p50<500ms");
  request.rejection_count = 10;
  const Rejection rejection = PlanFor(rows, request).rejections.at(0);
  EXPECT_THAT(rejection.message, HasSubstr("ttft:mean, ttft:p90, ttft:p95, ttft:p99"));
  EXPECT_EQ(rejection.binding_limit, "ttft:p50<500ms");
}

TEST(PlanCapacity, RejectsAModelThatDoesNotFitIntoMemory) {
  auto big = On("L4");
  big.model = "acme/big-70b";
  const Plan plan = PlanFor(Benchmarks(big, kShape, kLine), Request());
  ASSERT_THAT(plan.nearest_misses, SizeIs(1));
  EXPECT_EQ(plan.nearest_misses[0].reason, RejectionReason::kMemory);
  EXPECT_NEAR(plan.nearest_misses[0].miss_factor, 70e9 * 2 * 1.2 / (1024.0 * 1024 * 1024) / 24, 1e-9);
  EXPECT_THAT(plan.nearest_misses[0].message, HasSubstr("156.5 GiB"));
}

TEST(PlanCapacity, RejectsWhatNeedsMoreGpusThanThereAre) {
  auto request = Request();
  request.max_gpus = {{"H100", 2}};
  const Plan plan = PlanFor(Benchmarks(kSmall, kShape, kLine), request);
  ASSERT_THAT(plan.nearest_misses, SizeIs(1));
  EXPECT_EQ(plan.nearest_misses[0].reason, RejectionReason::kGpuInventory);
  EXPECT_DOUBLE_EQ(plan.nearest_misses[0].miss_factor, 1.5);
  EXPECT_THAT(plan.nearest_misses[0].message, HasSubstr("3 H100 are needed and 2 are allowed"));
  request.max_gpus = {{"H100", 3}, {"L4", 0}};
  EXPECT_THAT(PlanFor(Benchmarks(kSmall, kShape, kLine), request).options, SizeIs(1));
}

TEST(PlanCapacity, RejectsHardwareWithoutAPrice) {
  const Plan plan = PlanFor(Benchmarks(On("B200"), kShape, kLine), Request());
  ASSERT_THAT(plan.rejection_counts, SizeIs(1));
  EXPECT_EQ(plan.rejection_counts[0].reason, RejectionReason::kNoPrice);
}

TEST(PlanCapacity, ExactPolicyRejectsOtherShapes) {
  auto request = Request();
  request.policy = MatchPolicy::kExact;
  request.shape = {.input_tokens = 500, .output_tokens = 256};
  const Plan plan = PlanFor(Benchmarks(kSmall, kShape, kLine), request);
  ASSERT_THAT(plan.rejection_counts, SizeIs(1));
  EXPECT_EQ(plan.rejection_counts[0].reason, RejectionReason::kShape);
  request.shape = kShape;
  EXPECT_THAT(PlanFor(Benchmarks(kSmall, kShape, kLine), request).options, SizeIs(1));
}

TEST(PlanCapacity, ClosestPolicyUsesTheNearestCurveAsItIs) {
  auto request = Request();
  request.policy = MatchPolicy::kClosest;
  request.shape = {.input_tokens = 1024, .output_tokens = 512};
  const Plan plan = PlanFor(Benchmarks(kSmall, kShape, kLine), request);
  EXPECT_NEAR(plan.options[0].capacity.rps, 4, 1e-9);
  EXPECT_EQ(plan.options[0].capacity.basis, Basis::kClosest);
  EXPECT_EQ(plan.options[0].latency_basis, Basis::kClosest);
  EXPECT_EQ(plan.options[0].evidence.shape, kShape);
  EXPECT_NEAR(plan.options[0].evidence.distance, std::sqrt(0.5), 1e-12);
}

TEST(PlanCapacity, RescaledPolicyKeepsTokensPerSecond) {
  auto request = Request();
  request.shape = {.input_tokens = 1024, .output_tokens = 512};
  const Plan plan = PlanFor(Benchmarks(kSmall, kShape, kLine), request);
  const PlanOption& option = plan.options[0];
  EXPECT_NEAR(option.capacity.rps, 2, 1e-9) << "twice the tokens, half the rate";
  EXPECT_EQ(option.replicas, 6);
  EXPECT_NEAR(option.margins[1].latency_ms, 100.0 / 3, 1e-9) << "at 1.667 x 2 requests/s on the curve";
}

TEST(PlanCapacity, OrdersByCostThenSlackThenConfiguration) {
  // Two L4 configurations cost 0.50 x replicas; H100 2.00 x replicas.
  auto other = On("L4");
  other.framework = "sglang";
  const auto rows = Benchmarks(kSmall, kShape, kLine) + Benchmarks(On("L4"), kShape, kSlowLine) +
                    Benchmarks(other, kShape, kSlowLine);
  const Plan plan = PlanFor(rows, Request("itl:p95<40ms", 3));
  ASSERT_THAT(plan.options, SizeIs(3));
  // Equal cost and slack: the smaller configuration (sglang < vllm) is first.
  EXPECT_EQ(plan.options[0].configuration, other);
  EXPECT_EQ(plan.options[1].configuration, On("L4"));
  EXPECT_DOUBLE_EQ(plan.options[0].cost.usd_per_hour, 1);
  EXPECT_DOUBLE_EQ(plan.options[2].cost.usd_per_hour, 2);
  EXPECT_TRUE(plan.options[0].pareto_optimal && plan.options[1].pareto_optimal) << "neither beats its twin";
}

TEST(PlanCapacity, TheParetoFrontHoldsWhatIsNeitherDearerNorTighter) {
  const auto rows = Benchmarks(kSmall, kShape, {{.rps = 1, .itl_p95 = 5}, {.rps = 8, .itl_p95 = 12}}) +
                    Benchmarks(On("H100", 2), kShape, {{.rps = 1, .itl_p95 = 6}, {.rps = 8, .itl_p95 = 13}}) +
                    Benchmarks(On("L4"), kShape, {{.rps = 1, .itl_p95 = 20}, {.rps = 8, .itl_p95 = 38}});
  const Plan plan = PlanFor(rows, Request("itl:p95<40ms", 4));
  ASSERT_THAT(plan.options, SizeIs(3));
  ASSERT_THAT(plan.pareto_front, SizeIs(2));
  EXPECT_EQ(plan.pareto_front[0].configuration, On("L4"));
  EXPECT_EQ(plan.pareto_front[1].configuration, kSmall);
  EXPECT_FALSE(plan.options[2].pareto_optimal) << "two H100 cost more and are slower";
}

TEST(PlanCapacity, TheFrontReachesBeyondTheListedOptions) {
  const auto rows = Benchmarks(kSmall, kShape, {{.rps = 1, .itl_p95 = 5}, {.rps = 8, .itl_p95 = 12}}) +
                    Benchmarks(On("L4"), kShape, {{.rps = 1, .itl_p95 = 20}, {.rps = 8, .itl_p95 = 38}}) +
                    Benchmarks(On("L4", 2), kShape, {{.rps = 1, .itl_p95 = 30}, {.rps = 8, .itl_p95 = 39}});
  auto request = Request("itl:p95<40ms", 4);
  request.top_n = 2;
  const Plan plan = PlanFor(rows, request);
  ASSERT_THAT(plan.options, SizeIs(2));
  EXPECT_EQ(plan.options[1].configuration, On("L4", 2));
  ASSERT_THAT(plan.pareto_front, SizeIs(2));
  EXPECT_EQ(plan.pareto_front[1].configuration, kSmall);
  EXPECT_EQ(plan.feasible, 3);
}

TEST(PlanCapacity, OnlyAllowedCandidatesAreLookedAt) {
  auto request = Request();
  request.candidates.hardware = {"L4"};
  const Plan plan = PlanFor(Benchmarks(kSmall, kShape, kLine) + Benchmarks(On("L4"), kShape, kLine), request);
  EXPECT_EQ(plan.candidates, 1);
  ASSERT_THAT(plan.options, SizeIs(1));
  EXPECT_EQ(plan.options[0].configuration.hardware, "L4");
}

TEST(PlanCapacity, RejectionsArePaged) {
  std::vector<domain::Benchmark> rows;
  for (int count = 1; count <= 5; ++count) rows = rows + Benchmarks(On("H100", count), kShape, kLine);
  auto request = Request("itl:p95<1ms");
  request.rejection_count = 2;
  std::vector<int> seen;
  for (bool more = true; more; request.rejections_after += 2) {
    const Plan plan = PlanFor(rows, request);
    for (const Rejection& rejection : plan.rejections) seen.push_back(rejection.configuration.hardware_count);
    more = plan.more_rejections;
  }
  EXPECT_THAT(seen, ElementsAre(1, 2, 3, 4, 5));
}

TEST(PlanCapacity, RejectsAnAbsurdNumberOfGpus) {
  const Plan plan = PlanFor(Benchmarks(kSmall, kShape, kLine), Request("itl:p95<40ms", 10'000'000));
  ASSERT_THAT(plan.nearest_misses, SizeIs(1));
  EXPECT_EQ(plan.nearest_misses[0].reason, RejectionReason::kGpuInventory);
}

TEST(PlanCapacity, SaysThatNoPlanMayUseMoreThanAMillionGpusWhereMoreAreAllowed) {
  auto request = Request("itl:p95<40ms", 10'000'000);
  request.max_gpus = {{"H100", 2'000'000}};
  const Plan plan = PlanFor(Benchmarks(kSmall, kShape, kLine), request);
  ASSERT_THAT(plan.nearest_misses, SizeIs(1));
  EXPECT_THAT(plan.nearest_misses[0].message, HasSubstr("no plan may use more than 1000000"));
}

TEST(PlanCapacity, BelowTheLowestLoadThatLoadsLatenciesAreAnUpperBound) {
  const Plan plan = PlanFor(Benchmarks(kSmall, kShape, kLine), Request("itl:p95<40ms", 0.01));
  const PlanOption& option = plan.options.at(0);
  EXPECT_EQ(option.latency_basis, Basis::kMeasured);
  EXPECT_DOUBLE_EQ(*option.itl[domain::Statistic::kP95], 10);
}

TEST(PlanCapacity, NoEvidenceIsAnEmptyPlan) {
  const Plan plan = PlanCapacity({}, Catalog(), Request());
  EXPECT_EQ(plan.candidates, 0);
  EXPECT_THAT(plan.options, SizeIs(0));
}

TEST(PlanCapacity, TheWeakestOriginOfTheEvidenceIsReported) {
  auto rows = Benchmarks(kSmall, kShape, kLine);
  rows[1].measurement.provenance.origin = domain::Origin::kSimulated;
  EXPECT_EQ(PlanFor(rows, Request()).options[0].evidence.origin, domain::Origin::kSimulated);
}

}  // namespace
}  // namespace loadline::planning
