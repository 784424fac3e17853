#include "libs/rpc/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "libs/rpc/log.h"
#include "libs/rpc/status.h"
#include "libs/testing/fake_clock.h"
#include "libs/testing/matchers.h"
#include "tests/unit/libs/rpc/loopback.h"

namespace loadline::rpc {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using ::testing::ElementsAre;
using testing::Fails;
using testing::FakeClock;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Loopback;
using ::testing::Not;

// Writes down that it was passed, and refuses if told to.
class Marker final : public Stage {
 public:
  Marker(std::string label, std::vector<std::string>& trace, bool refuses = false)
      : label_(std::move(label)), trace_(trace), refuses_(refuses) {}
  std::string_view name() const override { return label_; }
  base::Status Handle(Call& call, const Next& next) const override {
    trace_.push_back(label_ + " in");
    if (refuses_) return base::Fail(base::FailedPrecondition("REFUSED", "No."));
    auto outcome = next(call);
    trace_.push_back(label_ + " out");
    return outcome;
  }

 private:
  std::string label_;
  std::vector<std::string>& trace_;
  bool refuses_;
};

template <typename... Stages>
Pipeline Of(Stages... stages) {
  std::vector<std::shared_ptr<const Stage>> all;
  (all.push_back(std::move(stages)), ...);
  return Pipeline(std::move(all));
}

class PipelineTest : public ::testing::Test {
 protected:
  grpc::Status Run(const Pipeline& pipeline, const Stage::Next& body) { return pipeline.Run("Method", context_, body); }
  // The log lines that `pipeline` writes.
  std::string LogOf(const Pipeline& pipeline, const Stage::Next& body, const std::string& level = "info") {
    ConfigureLog("test", "json", level);
    ::testing::internal::CaptureStderr();
    Run(pipeline, body);
    return ::testing::internal::GetCapturedStderr();
  }

  grpc::ServerContext context_;
  FakeClock clock_;
  std::vector<std::string> trace_;
};

base::Status Done(Call&) { return {}; }

TEST_F(PipelineTest, TheUsualStagesAreInOrder) {
  EXPECT_THAT(MakePipeline(clock_, seconds(1)).StageNames(),
              ElementsAre("access_log", "catch_exceptions", "time_limit"));
}

TEST_F(PipelineTest, CommonStagesStandAroundTheLogAndBeforeTheTimeLimit) {
  const CommonStages common = {.observers = {std::make_shared<Marker>("watches", trace_)},
                               .guards = {std::make_shared<Marker>("refuses", trace_)}};
  EXPECT_THAT(MakePipeline(clock_, seconds(1), common).StageNames(),
              ElementsAre("watches", "access_log", "catch_exceptions", "refuses", "time_limit"));
}

TEST_F(PipelineTest, TheFirstStageIsTheOutermost) {
  const auto pipeline = Of(std::make_unique<Marker>("a", trace_), std::make_unique<Marker>("b", trace_));
  EXPECT_TRUE(Run(pipeline, Done).ok());
  EXPECT_THAT(trace_, ElementsAre("a in", "b in", "b out", "a out"));
}

TEST_F(PipelineTest, AStageThatRefusesKeepsTheHandlerFromRunning) {
  const auto pipeline = Of(std::make_unique<Marker>("a", trace_), std::make_unique<Marker>("b", trace_, true));
  bool ran = false;
  const auto status = Run(pipeline, [&](Call&) {
    ran = true;
    return base::Status();
  });
  EXPECT_THAT(FromGrpcStatus(status), Fails(ErrorCode::kFailedPrecondition, "REFUSED"));
  EXPECT_FALSE(ran);
  EXPECT_THAT(trace_, ElementsAre("a in", "b in", "a out"));
}

TEST_F(PipelineTest, TheHandlerSeesTheMethod) {
  std::string method;
  Run(Of(), [&](Call& call) {
    method = call.method;
    return base::Status();
  });
  EXPECT_EQ(method, "Method");
}

TEST_F(PipelineTest, AnExceptionBecomesInternalWithoutItsText) {
  const auto status =
      Run(Of(CatchExceptions()), [](Call&) -> base::Status { throw std::runtime_error("/etc/secret"); });
  EXPECT_THAT(FromGrpcStatus(status), Fails(ErrorCode::kInternal, "INTERNAL"));
  EXPECT_THAT(status.error_message(), Not(HasSubstr("secret")));
}

TEST_F(PipelineTest, AnythingElseThatIsThrownBecomesInternalToo) {
  const auto status = Run(Of(CatchExceptions()), [](Call&) -> base::Status { throw 42; });
  EXPECT_THAT(FromGrpcStatus(status), Fails(ErrorCode::kInternal, "INTERNAL"));
}

TEST_F(PipelineTest, TheTextOfAnExceptionIsLogged) {
  const auto log =
      LogOf(MakePipeline(clock_, seconds(1)), [](Call&) -> base::Status { throw std::runtime_error("/etc/secret"); });
  EXPECT_THAT(log, HasSubstr(R"("detail":"/etc/secret")"));
}

TEST_F(PipelineTest, ACallWithoutADeadlineGetsOurs) {
  const auto before = steady_clock::now();
  Run(Of(TimeLimit(seconds(5))), [&](Call& call) {
    EXPECT_GE(call.deadline, before + seconds(5));
    EXPECT_LE(call.deadline, steady_clock::now() + seconds(5));
    return base::Status();
  });
}

TEST_F(PipelineTest, NoLimitLeavesTheDeadlineOfTheCaller) {
  Run(Of(TimeLimit(milliseconds(0))), [&](Call& call) {
    EXPECT_EQ(call.deadline, base::Instant::max());
    return base::Status();
  });
}

TEST_F(PipelineTest, ACallWithoutTimeLeftIsRefused) {
  bool ran = false;
  // A stage further out used up the time.
  class UseUpTime final : public Stage {
   public:
    std::string_view name() const override { return "use_up_time"; }
    base::Status Handle(Call& call, const Next& next) const override {
      call.deadline = steady_clock::now();
      return next(call);
    }
  };
  const auto status = Run(Of(std::make_unique<UseUpTime>(), TimeLimit(seconds(5))), [&](Call&) {
    ran = true;
    return base::Status();
  });
  EXPECT_THAT(FromGrpcStatus(status), Fails(ErrorCode::kDeadlineExceeded, "NO_TIME_LEFT"));
  EXPECT_FALSE(ran);
}

TEST_F(PipelineTest, EveryCallIsOneLineUnlessOnlyWarningsAreWanted) {
  const auto pipeline = Of(AccessLog(clock_));
  EXPECT_THAT(LogOf(pipeline, Done, "warning"), IsEmpty());
  EXPECT_THAT(LogOf(pipeline, Done, "info"), HasSubstr(R"("event":"call","method":"Method","code":"OK")"));
}

TEST_F(PipelineTest, TheAccessLogSaysHowLongItTook) {
  const auto log = LogOf(
      Of(AccessLog(clock_)),
      [&](Call&) {
        clock_.Advance(milliseconds(12));
        return base::Status();
      },
      "debug");
  EXPECT_THAT(log, HasSubstr(R"("ms":"12.000")"));
}

TEST_F(PipelineTest, AnErrorOfTheCallerIsLoggedAsInfo) {
  const auto log =
      LogOf(Of(AccessLog(clock_)), [](Call&) { return base::Fail(base::InvalidArgument("slo", "is empty.")); });
  EXPECT_THAT(log, HasSubstr(R"("level":"info")"));
  EXPECT_THAT(log, HasSubstr(R"("code":"INVALID_ARGUMENT")"));
  EXPECT_THAT(log, HasSubstr(R"("reason":"INVALID_REQUEST")"));
}

TEST_F(PipelineTest, ARefusalThatIsNobodysFaultWakesNobody) {
  const auto log = LogOf(Of(AccessLog(clock_)),
                         [](Call&) { return base::Fail(base::FailedPrecondition("TOO_THIN", "Too few benchmarks.")); });
  EXPECT_THAT(log, HasSubstr(R"("level":"warning")"));
}

TEST_F(PipelineTest, AnErrorOfOursIsLoggedAsErrorWithItsDetail) {
  const auto log = LogOf(Of(AccessLog(clock_)), [](Call&) { return base::Fail(base::Internal("disk")); });
  EXPECT_THAT(log, HasSubstr(R"("level":"error")"));
  EXPECT_THAT(log, HasSubstr(R"("detail":"disk")"));
}

TEST(PipelineCall, TheDeadlineOfTheCallerCounts) {
  base::Instant seen;
  Loopback loopback([&](Call& call) {
    seen = call.deadline;
    return base::Status();
  });
  const auto before = steady_clock::now();
  ASSERT_TRUE(loopback.Call("", seconds(7)).ok());
  EXPECT_GT(seen, before + seconds(6));
  EXPECT_LT(seen, before + seconds(8));
}

TEST(PipelineCall, OurLimitBoundsALongerDeadline) {
  base::Instant seen;
  Loopback loopback([&](Call& call) {
    seen = call.deadline;
    return base::Status();
  });
  ASSERT_TRUE(loopback.Call("", seconds(3600)).ok());
  EXPECT_LT(seen, steady_clock::now() + seconds(31));
}

}  // namespace
}  // namespace loadline::rpc
