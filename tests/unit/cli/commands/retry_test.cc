#include "cli/client/retry.h"

#include "libs/testing/temp_dir.h"
#include "tests/unit/cli/commands/command_test.h"

namespace loadline::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

base::Error Busy(milliseconds retry_after) {
  return {.code = base::ErrorCode::kResourceExhausted,
          .reason = "BUSY",
          .message = "All hands are busy.",
          .retry_after = retry_after};
}

TEST(WaitBeforeRetry, IsWhatTheServiceAsksAndUpToAQuarterMore) {
  const auto later = steady_clock::now() + std::chrono::hours(1);
  for (int i = 0; i < 100; ++i) {
    const auto wait = WaitBeforeRetry(Busy(milliseconds(1000)), 1, later);
    ASSERT_TRUE(wait);
    EXPECT_GE(*wait, milliseconds(1000));
    EXPECT_LE(*wait, milliseconds(1250));
  }
}

TEST(WaitBeforeRetry, IsNoneAfterThreeCalls) {
  const auto later = steady_clock::now() + std::chrono::hours(1);
  EXPECT_TRUE(WaitBeforeRetry(Busy(milliseconds(1)), 2, later));
  EXPECT_FALSE(WaitBeforeRetry(Busy(milliseconds(1)), 3, later));
}

TEST(WaitBeforeRetry, IsNoneBeyondTheDeadline) {
  EXPECT_FALSE(WaitBeforeRetry(Busy(milliseconds(1000)), 1, steady_clock::now() + milliseconds(500)));
}

TEST(WaitBeforeRetry, IsNoneWhereTheServiceAsksForNone) {
  const auto later = steady_clock::now() + std::chrono::hours(1);
  auto silent = Busy(milliseconds(1));
  silent.retry_after.reset();
  EXPECT_FALSE(WaitBeforeRetry(silent, 1, later));
  auto wrong = Busy(milliseconds(1));
  wrong.code = base::ErrorCode::kInvalidArgument;
  EXPECT_FALSE(WaitBeforeRetry(wrong, 1, later)) << "waiting does not help";
}

class Retry : public CommandTest {
 protected:
  void FailPlans(int calls, milliseconds retry_after) {
    services.planner.plan.failure = rpc::ToGrpcStatus(Busy(retry_after));
    services.planner.plan.failing_calls = calls;
  }
  Outcome Plan(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"plan", "--input-tokens", "512",           "--output-tokens", "256", "--rps",
                                          "1",    "--slo",          "ttft:p95<500ms"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Loadline(arguments);
  }
};

TEST_F(Retry, TellsWhyItWaitsAndAnswers) {
  FailPlans(2, milliseconds(10));
  const auto run = Plan();
  EXPECT_THAT(services.planner.plan.requests, SizeIs(3));
  EXPECT_EQ(run.status, 1) << "no plan in an empty answer, but an answer";
  EXPECT_THAT(run.error, MatchesRegex("(note: planner: All hands are busy. Trying again in 0.0 s.\n){2}.*"));
}

TEST_F(Retry, EndsAfterThreeCallsWithTheError) {
  FailPlans(10, milliseconds(10));
  const auto run = Plan();
  EXPECT_THAT(services.planner.plan.requests, SizeIs(3));
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.error, HasSubstr("error: All hands are busy."));
}

TEST_F(Retry, IsNotWorthTheTimeThatIsNotThere) {
  FailPlans(1, std::chrono::seconds(60));
  const auto run = Plan({"--timeout", "5"});
  EXPECT_THAT(services.planner.plan.requests, SizeIs(1));
  EXPECT_EQ(run.error, "error: All hands are busy.\n");
}

TEST_F(Retry, OfAnImportSendsAllRowsAgain) {
  services.benchmarks.import.failure = rpc::ToGrpcStatus(Busy(milliseconds(10)));
  services.benchmarks.import.failing_calls = 1;
  const testing::TempDir folder;
  const auto report = folder.Write("a.csv",
                                   "model_hf_repo,hardware,hardware_count,framework,framework_version,prompt_tokens,"
                                   "output_tokens,requests_per_second,responses_per_second,ttft_p95\n"
                                   "acme/sail-7b,H100,1,vllm,0.11.0,512,256,1,1,60\n");
  const auto run = Loadline({"import", report.string()});
  EXPECT_THAT(run.error, HasSubstr("note: benchmark-store: All hands are busy."));
  const auto& messages = services.benchmarks.import.requests;
  ASSERT_THAT(messages, SizeIs(2)) << run.error;
  EXPECT_EQ(messages[0].rows().rows_size(), 1);
  EXPECT_EQ(messages[1].commit().row_count(), 1);
  EXPECT_EQ(run.status, 0) << run.error;
}

}  // namespace
}  // namespace loadline::cli
