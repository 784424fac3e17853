#include "libs/rpc/load_shedding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <set>
#include <stdexcept>

#include "libs/testing/matchers.h"
#include "tests/unit/libs/rpc/loopback.h"

namespace loadline::rpc {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using testing::Fails;
using testing::Gate;

base::Status Handle(
    const Stage& stage, const Stage::Next& next = [](Call&) { return base::Status(); }) {
  grpc::ServerContext context;
  Call call{.method = "Method", .context = context, .deadline = base::Instant::max()};
  return stage.Handle(call, next);
}

TEST(LoadShedding, RefusesWhatIsMoreThanThePlacesAtOnce) {
  const auto stage = LoadShedding(2);
  Gate gate;
  const auto wait = [&](Call&) {
    gate.Pass();
    return base::Status();
  };
  auto one = std::async(std::launch::async, [&] { return Handle(*stage, wait); });
  auto two = std::async(std::launch::async, [&] { return Handle(*stage, wait); });
  gate.AwaitArrivals(2);
  EXPECT_THAT(Handle(*stage), Fails(ErrorCode::kResourceExhausted, "OVERLOADED"));
  gate.Open();
  EXPECT_TRUE(one.get());
  EXPECT_TRUE(two.get());
  EXPECT_TRUE(Handle(*stage));
}

TEST(LoadShedding, GivesAPlaceBackWhateverTheHandlerDoes) {
  const auto stage = LoadShedding(1);
  EXPECT_FALSE(Handle(*stage, [](Call&) { return base::Status(base::Fail(base::Internal("no"))); }));
  EXPECT_THROW(static_cast<void>(Handle(*stage, [](Call&) -> base::Status { throw std::runtime_error("no"); })),
               std::runtime_error);
  EXPECT_TRUE(Handle(*stage));
}

TEST(LoadShedding, ThoseWhoAreRefusedTogetherDoNotComeBackTogether) {
  const auto stage = LoadShedding(1);
  std::set<milliseconds> waits;
  const auto ask_meanwhile = [&](Call&) {
    for (int i = 0; i < 100; ++i) waits.insert(*Handle(*stage).error().retry_after);
    return base::Status();
  };
  ASSERT_TRUE(Handle(*stage, ask_meanwhile));
  EXPECT_GT(waits.size(), 90u);
  EXPECT_GE(*waits.begin(), milliseconds(500));
  EXPECT_LT(*waits.rbegin(), milliseconds(1500));
}

}  // namespace
}  // namespace loadline::rpc
