#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>

#include "libs/rpc/status.h"
#include "libs/testing/dns_server.h"
#include "libs/testing/matchers.h"
#include "libs/testing/port.h"
#include "libs/testing/wait.h"
#include "tests/integration/services.h"

namespace loadline::testing {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr char kPlannerBinary[] = LOADLINE_BINARY_DIR "/bin/planner";

class PlannerProcessTest : public ::testing::Test {
 protected:
  StoreData data;
};

TEST_F(PlannerProcessTest, ServesOnceTheStoreIsThere) {
  const int port = FreePort();
  PlannerProcess planner("127.0.0.1:" + std::to_string(port));
  EXPECT_EQ(planner.health(), Health::kNotServing);
  const auto refused = planner.Plan(PlanRequest());
  ASSERT_FALSE(refused.status.ok());
  const auto error = rpc::FromGrpcStatus(refused.status);
  EXPECT_THAT(error, Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
  EXPECT_THAT(error.message, HasSubstr("benchmark store"));
  EXPECT_TRUE(error.retry_after.has_value());

  StoreProcess store(data, port);
  ASSERT_TRUE(planner.AwaitHealth(Health::kServing));
  EXPECT_TRUE(planner.Plan(PlanRequest()).status.ok());
}

TEST_F(PlannerProcessTest, AWatchThatEndsForItsAgeIsNoLossOfTheStore) {
  auto environment = data.environment();
  environment["MAX_CONNECTION_AGE_MS"] = "1000";
  StoreProcess store(environment);
  PlannerProcess planner(store.address());
  const auto ended_watches = [&] {
    const auto calls = store.process().Events("call");
    return std::count_if(calls.begin(), calls.end(), [](const auto& call) {
      return call.at("method") == "WatchChanges" && call.at("code") == "OK";
    });
  };
  ASSERT_TRUE(WaitFor([&] { return ended_watches() >= 3; }, std::chrono::seconds(30)));
  EXPECT_EQ(planner.health(), Health::kServing);
  EXPECT_EQ(planner.process().Events("store_connected").size(), 1u);
  EXPECT_TRUE(planner.process().Events("store_lost").empty()) << planner.process().ErrorOutput();
}

TEST_F(PlannerProcessTest, AWatchThatTheStoreRefusesIsLoggedWithTheStoresReason) {
  auto environment = data.environment();
  environment["MAX_WATCHERS"] = "1";
  StoreProcess store(environment);
  PlannerProcess first(store.address());
  ASSERT_TRUE(first.AwaitHealth(Health::kServing));
  PlannerProcess second(store.address());
  const auto lost = second.process().WaitForEvent("store_lost");
  ASSERT_TRUE(lost.has_value());
  EXPECT_EQ(lost->at("reason"), "TOO_MANY_WATCHERS");
  EXPECT_THAT(lost->at("message").get<std::string>(), HasSubstr("MAX_WATCHERS"));
}

/// A name that the store gets late, as that of a headless Service without pods.
TEST_F(PlannerProcessTest, FollowsAStoreWhoseNameDoesNotResolveForAWhile) {
  StoreProcess store(data);
  DnsServer dns("store.test");
  PlannerProcess planner("dns://" + dns.address() + "/store.test:" + std::to_string(store.port()));
  // The sixth question of one resolver alone comes after about 16 s, and the seventh 10 s later.
  ASSERT_TRUE(WaitFor([&] { return dns.questions() >= 6; }, std::chrono::seconds(30)));
  dns.Publish();
  const auto before = std::chrono::steady_clock::now();
  ASSERT_TRUE(planner.AwaitHealth(Health::kServing));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(4));
}

TEST_F(PlannerProcessTest, ACommandWithoutEvidenceIsAnsweredNoMoreThanThreeTimes) {
  PlannerProcess planner("127.0.0.1:" + std::to_string(FreePort()));
  const auto address = "127.0.0.1:" + std::to_string(planner.process().Port());
  Process match({.binary = LOADLINE_BINARY_DIR "/bin/loadline",
                 .arguments = {"match", "--planner", address, "--input-tokens", "512", "--output-tokens", "256"}});
  EXPECT_EQ(match.Wait(), 3);
  EXPECT_THAT(match.ErrorOutput(), HasSubstr("Trying again in 1."));
  EXPECT_EQ(planner.process().Events("call").size(), 3u) << "gRPC does not try again what asks for a wait";
}

TEST_F(PlannerProcessTest, AnImportChangesPlansWithinASecond) {
  StoreProcess store(data);
  store.Import(CurveOf("acme/a"));
  PlannerProcess planner(store.address());
  ASSERT_TRUE(planner.AwaitHealth(Health::kServing));
  const auto before = planner.Plan(PlanRequest());
  ASSERT_TRUE(before.status.ok()) << before.status.error_message();
  ASSERT_EQ(before.response.options_size(), 1);

  const auto revision = store.Import(CurveOf("acme/b", 4));
  PlannerProcess::Answer after;
  ASSERT_TRUE(WaitFor(
      [&] {
        after = planner.Plan(PlanRequest());
        return after.response.freshness().revision() == revision;
      },
      milliseconds(1000)));
  ASSERT_EQ(after.response.options_size(), 2);
  EXPECT_EQ(after.response.options(0).configuration().model_hf_repo(), "acme/b");
  EXPECT_LT(after.response.options(0).replicas(), after.response.options(1).replicas());
}

TEST_F(PlannerProcessTest, TheSameRequestAtTheSameRevisionGivesTheSameBytes) {
  StoreProcess store(data);
  for (const auto* model : {"acme/a", "acme/b", "acme/c"}) store.Import(CurveOf(model));
  auto request = PlanRequest();
  request.set_rejection_page_size(2);
  for (const auto* gpu : {"H100", "A100-80", "L40S"}) (*request.mutable_max_gpus())[gpu] = 4;
  std::string first;
  {
    PlannerProcess planner(store.address());
    ASSERT_TRUE(planner.AwaitHealth(Health::kServing));
    const auto answer = planner.Plan(request);
    ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
    EXPECT_GT(answer.response.candidate_count(), 0);
    first = answer.response.SerializeAsString();
    EXPECT_EQ(planner.Plan(request).response.SerializeAsString(), first);
  }
  PlannerProcess again(store.address());
  ASSERT_TRUE(again.AwaitHealth(Health::kServing));
  EXPECT_EQ(again.Plan(request).response.SerializeAsString(), first);
}

TEST_F(PlannerProcessTest, AnswersAreLoggedWithTheirDistance) {
  StoreProcess store(data);
  store.Import(CurveOf("acme/a"));
  PlannerProcess planner(store.address(), {{"LOG_LEVEL", "debug"}});
  ASSERT_TRUE(planner.AwaitHealth(Health::kServing));
  auto request = PlanRequest({"acme/a"});
  request.mutable_shape()->set_input_tokens(1024);
  ASSERT_EQ(planner.Plan(request).response.options_size(), 1);
  const auto plan = planner.process().WaitForEvent("plan");
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->at("largest_distance"), "0.5");
  EXPECT_EQ(plan->at("feasible"), "1");

  planner::v1::MatchBenchmarkRequest asked;
  *asked.mutable_shape() = request.shape();
  planner::v1::MatchBenchmarkResponse answer;
  grpc::ClientContext context;
  ASSERT_TRUE(planner.stub().MatchBenchmark(&context, asked, &answer).ok());
  const auto match = planner.process().WaitForEvent("match");
  ASSERT_TRUE(match.has_value());
  EXPECT_EQ(match->at("model"), "acme/a");
  EXPECT_EQ(match->at("asked_shape"), "(1024, 256)");
  EXPECT_EQ(match->at("matched_shape"), "(512, 256)");
  EXPECT_EQ(match->at("distance"), "0.5");
  EXPECT_THAT(match->at("configuration").get<std::string>(), HasSubstr("H100"));
}

/// A plan that the planner works on: its model is not loaded, and the store
/// does not move.
class RunningPlanTest : public PlannerProcessTest {
 protected:
  void Begin(PlannerProcess& planner) {
    rpc_ = planner.stub().AsyncPlanCapacity(&context_, PlanRequest({"acme/a"}), &queue_);
    rpc_->Finish(&response_, &status_, nullptr);
    // Calls of one connection arrive in order.
    ASSERT_EQ(planner.health(), Health::kServing);
  }
  const grpc::Status& End() {
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
    return status_;
  }

 private:
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<planner::v1::PlanCapacityResponse>> rpc_;
  planner::v1::PlanCapacityResponse response_;
  grpc::Status status_;
};

TEST_F(RunningPlanTest, FinishesWhenThePlannerStops) {
  StoreProcess store(data);
  store.Import(CurveOf("acme/a"));
  PlannerProcess planner(store.address());
  ASSERT_TRUE(planner.AwaitHealth(Health::kServing));
  store.Freeze();
  Begin(planner);
  planner.process().Signal(SIGTERM);
  ASSERT_TRUE(planner.process().WaitForEvent("stopping"));
  store.Thaw();
  EXPECT_TRUE(End().ok()) << End().error_message();
  EXPECT_EQ(planner.process().Wait(), 0);
}

TEST_F(RunningPlanTest, IsCutOffAfterTheGraceTime) {
  StoreProcess store(data);
  store.Import(CurveOf("acme/a"));
  PlannerProcess planner(store.address(), {{"SHUTDOWN_GRACE_MS", "100"}});
  ASSERT_TRUE(planner.AwaitHealth(Health::kServing));
  store.Freeze();
  Begin(planner);
  planner.process().Signal(SIGTERM);
  EXPECT_EQ(planner.process().Wait(std::chrono::seconds(5)), 0);
  EXPECT_FALSE(End().ok());
}

TEST(PlannerBinary, ListsEveryMistakeOfItsConfiguration) {
  Process planner({.binary = kPlannerBinary,
                   .environment = {{"MAX_THREADS", "many"}, {"EVIDENCE_MAX_AGE_MS", "-1"}, {"LOG_FORMAT", "xml"}}});
  EXPECT_EQ(planner.Wait(), 2);
  for (const auto* text : {"MAX_THREADS", "many", "EVIDENCE_MAX_AGE_MS", "-1", "LOG_FORMAT", "xml"}) {
    EXPECT_THAT(planner.ErrorOutput(), HasSubstr(text));
  }
}

TEST(PlannerBinary, RefusesAnAddressThatIsTaken) {
  PlannerProcess first("127.0.0.1:1");
  const auto taken = (*first.process().WaitForEvent("listening"))["port"].get<std::string>();
  Process second({.binary = kPlannerBinary, .environment = {{"LISTEN_ADDRESS", "127.0.0.1:" + taken}}});
  EXPECT_EQ(second.Wait(), 2);
  EXPECT_THAT(second.ErrorOutput(), HasSubstr(taken));
}

TEST(PlannerBinary, ExplainsItself) {
  Process help({.binary = kPlannerBinary, .arguments = {"--help"}});
  EXPECT_EQ(help.Wait(), 0);
  EXPECT_THAT(help.Output(), HasSubstr("BENCHMARK_STORE_ADDRESS"));
  Process version({.binary = kPlannerBinary, .arguments = {"--version"}});
  EXPECT_EQ(version.Wait(), 0);
  EXPECT_THAT(version.Output(), HasSubstr("planner "));
  Process wrong({.binary = kPlannerBinary, .arguments = {"--nonsense"}});
  EXPECT_EQ(wrong.Wait(), 2);
  EXPECT_THAT(wrong.ErrorOutput(), HasSubstr("--nonsense"));
}

}  // namespace
}  // namespace loadline::testing
