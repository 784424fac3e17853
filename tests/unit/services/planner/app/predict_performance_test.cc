#include "services/planner/app/predict_performance.h"

#include <gmock/gmock.h>

#include <functional>
#include <limits>

#include "libs/testing/matchers.h"
#include "tests/unit/services/planner/cache_fixture.h"

namespace loadline::planner {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// At a measured shape and load.
PredictQuery Valid() {
  return {.filter = {.model = "acme/tiny-8b"}, .shape = AskedShape{512, 256}, .rps = 2, .confidence = {}};
}

class PredictPerformanceTest : public testing::CacheTest {
 protected:
  void SetUp() override {
    store.Import(testing::BenchmarksOf("acme/tiny-8b", 4));
    store.Import(testing::BenchmarksOf("acme/wide-8b", 2, 1, "H100"));
    store.Import(testing::BenchmarksOf("acme/wide-8b", 2, 1, "L4"));
    StartAndCatchUp();
  }
  base::Result<PredictAnswer> Predict(const PredictQuery& query) { return PredictPerformance(*cache, query, {}); }
};

TEST_F(PredictPerformanceTest, ALoadThatWasMeasuredIsAsItWasMeasured) {
  const auto answer = Predict(Valid());
  ASSERT_THAT(answer, IsOk());
  auto performance = answer->performance;
  const auto& ttft = performance.At(domain::Metric::kTtft, domain::Statistic::kP95);
  ASSERT_TRUE(ttft.has_value());
  EXPECT_DOUBLE_EQ(ttft->ms, 120);
  EXPECT_EQ(ttft->basis, planning::Basis::kMeasured);
  EXPECT_EQ(answer->configuration.hardware, "H100") << "all of it is told";
  EXPECT_EQ(answer->request.confidence, 0.9);
  EXPECT_EQ(answer->performance.evidence.benchmark_ids.size(), 1U);
  EXPECT_EQ(answer->freshness.revision, store.revision());
}

TEST_F(PredictPerformanceTest, TooFewBenchmarksPredictNothing) {
  auto query = Valid();
  query.shape = AskedShape{700, 256};
  EXPECT_THAT(Predict(query), Fails(ErrorCode::kFailedPrecondition, "TOO_FEW_BENCHMARKS"));
}

TEST_F(PredictPerformanceTest, SeveralConfigurationsAreToldApart) {
  auto query = Valid();
  query.filter.model = "acme/wide-8b";
  const auto answer = Predict(query);
  ASSERT_THAT(answer, HasViolation("configuration"));
  EXPECT_THAT(answer.error().violations[0].description,
              AllOf(HasSubstr("2 configurations"), HasSubstr("H100"), HasSubstr("L4")));
  query.filter.hardware = "l4";
  EXPECT_THAT(Predict(query), IsOk());
}

TEST_F(PredictPerformanceTest, UnknownNamesAreNamed) {
  auto query = Valid();
  query.filter.model = "acme/tiny-9b";
  EXPECT_THAT(Predict(query), Fails(ErrorCode::kNotFound, "UNKNOWN_MODEL"));
  query = Valid();
  query.filter.hardware = "H1000";
  EXPECT_THAT(Predict(query), Fails(ErrorCode::kNotFound, "UNKNOWN_HARDWARE"));
  query = Valid();
  query.filter.framework = "vlm";
  EXPECT_THAT(Predict(query), Fails(ErrorCode::kNotFound, "NO_BENCHMARK_MATCHES"));
}

struct Mistake {
  std::string name;
  std::function<void(PredictQuery&)> make;
  std::string field;
  friend void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }
};

class PredictMistakeTest : public PredictPerformanceTest, public ::testing::WithParamInterface<Mistake> {};

TEST_P(PredictMistakeTest, IsNamed) {
  auto query = Valid();
  GetParam().make(query);
  EXPECT_THAT(Predict(query), HasViolation(GetParam().field));
}

INSTANTIATE_TEST_SUITE_P(
    Fields, PredictMistakeTest,
    ::testing::Values(Mistake{"NoModel", [](auto& q) { q.filter.model.clear(); }, "configuration.model_hf_repo"},
                      Mistake{"NoShape", [](auto& q) { q.shape.reset(); }, "shape"},
                      Mistake{"NanTokens", [](auto& q) { q.shape->input_tokens = kNan; }, "shape.input_tokens"},
                      Mistake{"NoLoad", [](auto& q) { q.rps.reset(); }, "requests_per_second"},
                      Mistake{"ZeroRate", [](auto& q) { q.rps = 0; }, "requests_per_second"},
                      Mistake{"NanRate", [](auto& q) { q.rps = kNan; }, "requests_per_second"},
                      Mistake{"ZeroConcurrency", [](auto& q) { q.concurrency = 0; }, "concurrency"},
                      Mistake{"AbsurdConcurrency", [](auto& q) { q.concurrency = 1e8; }, "concurrency"},
                      Mistake{"ConfidenceOfOne", [](auto& q) { q.confidence = 1; }, "confidence"},
                      Mistake{"NanConfidence", [](auto& q) { q.confidence = kNan; }, "confidence"},
                      Mistake{"WhatDidNotDecode",
                              [](auto& q) {
                                q.violations = {{"configuration.hardware_count", "must be at least 1"}};
                              },
                              "configuration.hardware_count"}),
    [](const auto& parameter) { return parameter.param.name; });

}  // namespace
}  // namespace loadline::planner
