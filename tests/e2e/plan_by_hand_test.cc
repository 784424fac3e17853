#include <gmock/gmock.h>

#include "libs/testing/wait.h"
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

  // Expects that `command` answers what can be read off the curves, all of it.
  void ExpectPlan(std::vector<std::string> command, const HandRequest& request) {
    const auto rows = json::parse(world.DataFile())["benchmarks"];
    const auto hardware = json::parse(testing::ReadFile(Source("data/hardware.json")))["hardware"];
    const auto expected = PlanByHand(rows, hardware, request);
    command.insert(command.end(), {"--top", "100", "--output", "json"});
    const auto run = world.Loadline(command);
    ASSERT_EQ(run.status, 0) << run.error;
    const auto options = run.Json()["options"];
    ASSERT_EQ(options.size(), expected.size());
    ASSERT_GE(options.size(), 3U);
    for (std::size_t i = 0; i < expected.size(); ++i) ExpectSameOption(options[i], expected[i], request);
  }
};

// The question of `make demo`, before and after its import.
TEST_F(PlanByHandTest, TheDemosPlansAreWhatTheLoadCurvesSay) {
  const std::string model = "meta-llama/llama-3.1-8b-instruct";
  const std::vector<std::string> question = {"plan",    "--use-case", "chatbot",   "--rps", "20",
                                             "--model", model,        "--weights", "cost=1"};
  const HandRequest request = {.input_tokens = 512,
                               .output_tokens = 256,
                               .rps = 20,
                               .limits = {{"ttft_p95", 500}, {"itl_p95", 50}, {"e2e_p95", 15'000}},
                               .model = model};
  ExpectPlan(question, request);
  const auto import = world.Loadline({"import", Source("data/samples/guidellm-llama-3.1-8b-mi300x.json"), "--hardware",
                                      "AMD-Instinct-MI300X", "--hardware-count", "1", "--framework", "vllm",
                                      "--framework-version", "0.11.0", "--precision", "fp8"});
  ASSERT_EQ(import.status, 0) << import.error;
  const auto knows_import = [&] { return world.Loadline(question).out.find("MI300X") != std::string::npos; };
  ASSERT_TRUE(testing::WaitFor(knows_import));
  ExpectPlan(question, request);
}

TEST_F(PlanByHandTest, AllModelsOfTheDemoSet) {
  ExpectPlan({"plan", "--input-tokens", "512", "--output-tokens", "256", "--rps", "20", "--slo",
              "ttft:p95<500ms;itl:p95<40ms"},
             {.input_tokens = 512, .output_tokens = 256, .rps = 20, .limits = {{"ttft_p95", 500}, {"itl_p95", 40}}});
}

TEST_F(PlanByHandTest, LongRequestsAtAHighRate) {
  ExpectPlan({"plan", "--input-tokens", "2048", "--output-tokens", "1024", "--rps", "60", "--headroom", "1.5", "--slo",
              "ttft:p95<2s;itl:p95<60ms"},
             {.input_tokens = 2048,
              .output_tokens = 1024,
              .rps = 60,
              .limits = {{"ttft_p95", 2000}, {"itl_p95", 60}},
              .headroom = 1.5});
}

TEST_F(PlanByHandTest, ATightSloLeavesFewer) {
  ExpectPlan(
      {"plan", "--input-tokens", "150", "--output-tokens", "200", "--rps", "7", "--slo", "ttft:p95<120ms;itl:p95<25ms"},
      {.input_tokens = 150, .output_tokens = 200, .rps = 7, .limits = {{"ttft_p95", 120}, {"itl_p95", 25}}});
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
