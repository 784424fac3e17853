#include "libs/rpc/deadline.h"

#include <gtest/gtest.h>

#include "tests/unit/libs/rpc/loopback.h"

namespace loadline::rpc {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::Loopback;

TEST(Deadline, IsTheSameMomentForGrpc) {
  const auto left = [](base::Instant deadline) {
    return gpr_time_to_millis(gpr_time_sub(ToGrpcTime(deadline), gpr_now(GPR_CLOCK_MONOTONIC)));
  };
  EXPECT_NEAR(left(steady_clock::now() + seconds(3600)), 3'600'000, 1000);
  EXPECT_NEAR(left(steady_clock::now() - seconds(3600)), -3'600'000, 1000);
}

TEST(Deadline, IsInMonotonicTimeWhichNobodySets) {
  EXPECT_EQ(ToGrpcTime(steady_clock::now()).clock_type, GPR_CLOCK_MONOTONIC);
  EXPECT_EQ(ToGrpcTime(base::Instant::max()).clock_type, GPR_CLOCK_MONOTONIC);
}

TEST(Deadline, ThatIsNeverIsNeverForGrpc) {
  const auto never = ToGrpcTime(base::Instant::max());
  EXPECT_EQ(gpr_time_cmp(never, gpr_inf_future(never.clock_type)), 0);
}

TEST(Deadline, OfAClientCrossesTheWire) {
  base::Instant seen;
  Loopback loopback([&](Call& call) {
    seen = DeadlineOf(call.context);
    return base::Status();
  });
  const auto before = steady_clock::now();
  ASSERT_TRUE(loopback.Call("", seconds(7)).ok());
  EXPECT_GT(seen, before + seconds(6));
  EXPECT_LT(seen, before + seconds(8));
}

// 99999999H, the longest that the protocol has, is 360 times what nanoseconds in 64 bits can count.
TEST(Deadline, OfAClientThatAsksForAgesIsAYear) {
  constexpr auto kYear = std::chrono::hours(24 * 365);
  base::Instant seen;
  Loopback loopback([&](Call& call) {
    seen = DeadlineOf(call.context);
    return base::Status();
  });
  const auto stub = testing::pb::BenchmarkService::NewStub(loopback.channel());
  for (const std::int64_t hours : {3'000'000, 99'999'999}) {
    grpc::ClientContext context;
    context.set_deadline(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_hours(hours, GPR_TIMESPAN)));
    testing::pb::GetBenchmarkResponse response;
    const auto before = steady_clock::now();
    const auto status = stub->GetBenchmark(&context, {}, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_GE(seen, before + kYear) << hours;
    EXPECT_LE(seen, steady_clock::now() + kYear) << hours;
  }
}

TEST(Deadline, OfAClientWithoutOneIsNever) {
  base::Instant seen;
  Loopback loopback([&](Call& call) {
    seen = DeadlineOf(call.context);
    return base::Status();
  });
  grpc::ClientContext context;
  testing::pb::GetBenchmarkResponse response;
  const auto stub = testing::pb::BenchmarkService::NewStub(loopback.channel());
  ASSERT_TRUE(stub->GetBenchmark(&context, {}, &response).ok());
  EXPECT_EQ(seen, base::Instant::max());
}

}  // namespace
}  // namespace loadline::rpc
