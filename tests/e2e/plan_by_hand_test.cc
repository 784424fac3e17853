#include <gmock/gmock.h>

#include "tests/e2e/hand_calculation.h"
#include "tests/e2e/world.h"

namespace loadline::e2e {
namespace {

using nlohmann::json;

// What calculations done differently may differ by.
constexpr double kRounding = 1e-6;

void ExpectNear(const json& actual, double expected, const std::string& what) {
  EXPECT_NEAR(actual.get<double>(), expected, kRounding * std::abs(expected)) << what;
}

void ExpectSameOption(const json& actual, const HandOption& expected, const HandRequest& request) {
  SCOPED_TRACE(actual["configuration"].dump());
  EXPECT_EQ(actual["configuration"]["model_hf_repo"], expected.model);
  EXPECT_EQ(actual["configuration"]["precision"], expected.precision);
  EXPECT_EQ(actual["configuration"]["hardware"], expected.hardware);
  EXPECT_EQ(actual["configuration"]["hardware_count"], expected.hardware_count);
  ExpectNear(actual["capacity"]["requests_per_second"], expected.capacity, "capacity");
  EXPECT_EQ(actual["replicas"], expected.replicas);
  EXPECT_EQ(actual["gpus"], expected.replicas * expected.hardware_count);
  ExpectNear(actual["requests_per_second_per_replica"], request.rps / expected.replicas, "load");
  ExpectNear(actual["cost"]["usd_per_hour"], expected.usd_per_hour, "$/hour");
  ExpectNear(actual["cost"]["usd_per_month"], 730 * expected.usd_per_hour, "$/month");
  ExpectNear(actual["cost"]["usd_per_million_tokens"], expected.usd_per_million_tokens, "$/million tokens");
  ExpectNear(actual["worst_slack"], expected.worst_slack, "worst slack");
  ExpectNear(actual["ttft"]["p95_ms"], expected.latencies.at("ttft_p95"), "ttft");
  ExpectNear(actual["itl"]["p95_ms"], expected.latencies.at("itl_p95"), "itl");
}

class PlanByHandTest : public ::testing::Test {
 protected:
  World world;

  void ExpectPlan(const HandRequest& request, const std::string& slo) {
    const auto rows = json::parse(world.DataFile())["benchmarks"];
    const auto hardware = json::parse(testing::ReadFile(Source("data/hardware.json")))["hardware"];
    const auto expected = PlanByHand(rows, hardware, request);
    const auto run =
        world.Loadline({"plan", "--input-tokens", std::to_string(request.input_tokens), "--output-tokens",
                        std::to_string(request.output_tokens), "--rps", std::to_string(request.rps), "--slo", slo,
                        "--headroom", std::to_string(request.headroom), "--top", "100", "--output", "json"});
    ASSERT_EQ(run.status, 0) << run.error;
    const auto options = run.Json()["options"];
    ASSERT_EQ(options.size(), expected.size());
    ASSERT_GE(options.size(), 5U);
    for (std::size_t i = 0; i < expected.size(); ++i) ExpectSameOption(options[i], expected[i], request);
  }
};

TEST_F(PlanByHandTest, TheDemosPlanIsWhatTheLoadCurvesSay) {
  ExpectPlan({.input_tokens = 512, .output_tokens = 256, .rps = 20, .limits = {{"ttft_p95", 500}, {"itl_p95", 40}}},
             "ttft:p95<500ms;itl:p95<40ms");
}

TEST_F(PlanByHandTest, LongRequestsAtAHighRate) {
  ExpectPlan({.input_tokens = 2048,
              .output_tokens = 1024,
              .rps = 60,
              .limits = {{"ttft_p95", 2000}, {"itl_p95", 60}},
              .headroom = 1.5},
             "ttft:p95<2s;itl:p95<60ms");
}

TEST_F(PlanByHandTest, ATightSloLeavesFewer) {
  ExpectPlan({.input_tokens = 150, .output_tokens = 200, .rps = 7, .limits = {{"ttft_p95", 120}, {"itl_p95", 25}}},
             "ttft:p95<120ms;itl:p95<25ms");
}

TEST(HandCalculation, AStraightLineIsReadAsOne) {
  const Curve line({{1, 10}, {2, 20}, {4, 40}});
  EXPECT_DOUBLE_EQ(line.At(3), 30);
  EXPECT_NEAR(line.RateAt(25), 2.5, 1e-9);
  EXPECT_EQ(line.RateAt(9), 0);
  EXPECT_EQ(line.RateAt(50), 4);
}

}  // namespace
}  // namespace loadline::e2e
