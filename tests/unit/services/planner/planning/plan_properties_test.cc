#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "services/planner/planning/plan.h"
#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::planning {
namespace {

using testing::Benchmarks;
using testing::Catalog;
using testing::EvidenceOf;
using testing::Row;

constexpr std::uint32_t kSeed = 20261121;

// Rising curves of many configurations at two shapes.
std::vector<domain::Benchmark> RandomBenchmarks(std::mt19937& random) {
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<domain::Benchmark> all;
  for (const std::string model : {"acme/tiny-8b", "acme/other-14b"}) {
    for (const std::string hardware : {"H100", "L4"}) {
      for (int count = 1; count <= 4; count *= 2) {
        auto configuration = testing::On(hardware, count);
        configuration.model = model;
        for (const double input : {256.0, 1024.0}) {
          std::vector<Row> rows;
          double rate = 0, itl = 5 + 20 * unit(random), ttft = 50 + 100 * unit(random);
          for (int i = 0; i < 6; ++i) {
            rate += 0.2 + 3 * unit(random);
            itl *= 1 + unit(random);
            ttft *= 1 + unit(random);
            rows.push_back({.rps = rate, .ttft_p95 = ttft, .itl_p95 = itl});
          }
          const auto curve = Benchmarks(configuration, {.input_tokens = input, .output_tokens = 128}, rows);
          all.insert(all.end(), curve.begin(), curve.end());
        }
      }
    }
  }
  return all;
}

PlanRequest RandomRequest(std::mt19937& random) {
  std::uniform_real_distribution<double> unit(0, 1);
  auto request = testing::Request("ttft:p95<" + std::to_string(80 + 2000 * unit(random)) + "ms;itl:p95<" +
                                      std::to_string(10 + 100 * unit(random)) + "ms",
                                  0.5 + 40 * unit(random));
  request.shape = {.input_tokens = 128 + 1500 * unit(random), .output_tokens = 64 + 300 * unit(random)};
  request.policy = static_cast<MatchPolicy>(1 + random() % 2);
  request.top_n = 100;
  return request;
}

template <typename Check>
void ForRandomPlans(Check check) {
  SCOPED_TRACE(::testing::Message() << "seed " << kSeed);
  std::mt19937 random(kSeed);
  for (int round = 0; round < 60; ++round) {
    const auto benchmarks = RandomBenchmarks(random);
    check(benchmarks, EvidenceOf(benchmarks), RandomRequest(random));
    if (::testing::Test::HasFatalFailure()) return;
  }
}

double LowestCost(const Plan& plan) {
  return plan.options.empty() ? std::numeric_limits<double>::infinity() : plan.options[0].cost.usd_per_hour;
}

TEST(PlanProperty, ATighterSloNeverLowersCost) {
  ForRandomPlans([](const auto&, const auto& evidence, const PlanRequest& request) {
    double last = 0;
    for (const double scale : {4.0, 2.0, 1.5, 1.2, 1.0, 0.8, 0.5, 0.3}) {
      std::string slo;
      for (const auto& limit : request.slo.limits()) {
        slo += (slo.empty() ? "" : ";") + domain::Limit{limit.metric, limit.statistic, limit.max_ms * scale}.ToString();
      }
      auto scaled = request;
      scaled.slo = testing::SloOf(slo);
      const double cost = LowestCost(PlanCapacity(evidence, Catalog(), scaled));
      ASSERT_GE(cost, last);
      last = cost;
    }
  });
}

TEST(PlanProperty, MoreReplicasNeverRaiseLatency) {
  ForRandomPlans([](const auto&, const auto& evidence, PlanRequest request) {
    // A larger headroom loads the same configuration less.
    for (const double headroom : {1.0, 1.3, 2.0, 5.0}) {
      request.headroom = headroom;
      const Plan few = PlanCapacity(evidence, Catalog(), request);
      request.headroom = headroom * 1.7;
      const Plan many = PlanCapacity(evidence, Catalog(), request);
      ASSERT_EQ(few.options.size(), many.options.size());
      for (const PlanOption& before : few.options) {
        const auto after = std::find_if(many.options.begin(), many.options.end(),
                                        [&](const PlanOption& o) { return o.configuration == before.configuration; });
        ASSERT_NE(after, many.options.end());
        ASSERT_GE(after->replicas, before.replicas);
        for (std::size_t i = 0; i < before.margins.size(); ++i) {
          ASSERT_LE(after->margins[i].latency_ms, before.margins[i].latency_ms);
        }
      }
    }
  });
}

TEST(PlanProperty, EveryOptionKeepsEveryLimit) {
  ForRandomPlans([](const auto&, const auto& evidence, PlanRequest request) {
    request.headroom = 1;
    for (const PlanOption& option : PlanCapacity(evidence, Catalog(), request).options) {
      ASSERT_GE(option.capacity.rps * option.replicas, request.rps * (1 - 1e-9));
      for (const LimitMargin& margin : option.margins) {
        ASSERT_LE(margin.latency_ms, margin.limit.max_ms * (1 + 1e-9));
        ASSERT_GE(margin.slack, 0);
      }
    }
  });
}

TEST(PlanProperty, RemovingAnOptionNeverChangesTheRest) {
  ForRandomPlans([](const std::vector<domain::Benchmark>& benchmarks, const auto& evidence, PlanRequest request) {
    const Plan all = PlanCapacity(evidence, Catalog(), request);
    for (const PlanOption& removed : all.options) {
      auto rest = benchmarks;
      std::erase_if(rest, [&](const auto& row) { return row.measurement.configuration == removed.configuration; });
      const Plan without = PlanCapacity(EvidenceOf(rest), Catalog(), request);
      ASSERT_EQ(without.options.size() + 1, all.options.size());
      std::size_t i = 0;
      for (const PlanOption& option : all.options) {
        if (option.configuration == removed.configuration) continue;
        const PlanOption& same = without.options[i++];
        ASSERT_EQ(same.configuration, option.configuration);
        ASSERT_EQ(same.replicas, option.replicas);
        ASSERT_EQ(same.cost.usd_per_hour, option.cost.usd_per_hour);
        ASSERT_EQ(same.worst_slack, option.worst_slack);
        ASSERT_TRUE(same.pareto_optimal || !option.pareto_optimal) << "what was on the front stays on it";
      }
    }
  });
}

TEST(PlanProperty, TheFrontIsWhatNoOptionDominates) {
  ForRandomPlans([](const auto&, const auto& evidence, const PlanRequest& request) {
    const Plan plan = PlanCapacity(evidence, Catalog(), request);
    for (const PlanOption& option : plan.options) {
      const bool dominated = std::any_of(plan.options.begin(), plan.options.end(), [&](const PlanOption& other) {
        return other.cost.usd_per_hour <= option.cost.usd_per_hour && other.worst_slack >= option.worst_slack &&
               (other.cost.usd_per_hour < option.cost.usd_per_hour || other.worst_slack > option.worst_slack);
      });
      ASSERT_EQ(option.pareto_optimal, !dominated);
    }
  });
}

TEST(PlanProperty, PercentilesNeverCross) {
  ForRandomPlans([](const auto&, const auto& evidence, const PlanRequest& request) {
    for (const PlanOption& option : PlanCapacity(evidence, Catalog(), request).options) {
      for (const auto* summary : {&option.ttft, &option.itl, &option.e2e}) {
        using enum domain::Statistic;
        ASSERT_LE(*(*summary)[kP50], *(*summary)[kP90]);
        ASSERT_LE(*(*summary)[kP90], *(*summary)[kP95]);
        ASSERT_LE(*(*summary)[kP95], *(*summary)[kP99]);
      }
    }
  });
}

std::vector<std::string> Order(const Plan& plan, const std::string& without) {
  std::vector<std::string> order;
  for (const PlanOption& option : plan.options) {
    const std::string name = option.configuration.ToString();
    if (name != without) order.push_back(name);
  }
  return order;
}

// Whatever counts, an option that goes takes nobody else's place.
TEST(PlanProperties, RemovingAnOptionNeverReordersTheOthers) {
  SCOPED_TRACE(::testing::Message() << "seed " << kSeed);
  std::mt19937 random(kSeed);
  std::uniform_real_distribution<double> unit(0.01, 1);
  for (int round = 0; round < 20; ++round) {
    auto benchmarks = RandomBenchmarks(random);
    auto request = RandomRequest(random);
    const double cost = unit(random), latency = unit(random), risk = unit(random);
    const double sum = cost + latency + risk;
    request.weights = {.cost = cost / sum, .latency = latency / sum, .risk = risk / sum};
    const Plan all = PlanCapacity(EvidenceOf(benchmarks), Catalog(), request);
    if (all.options.empty()) continue;
    const auto gone = all.options[random() % all.options.size()].configuration;
    std::erase_if(benchmarks, [&](const auto& row) { return row.measurement.configuration == gone; });
    const Plan rest = PlanCapacity(EvidenceOf(benchmarks), Catalog(), request);
    EXPECT_EQ(Order(all, gone.ToString()), Order(rest, ""));
  }
}

}  // namespace
}  // namespace loadline::planning
