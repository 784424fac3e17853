#include "services/benchmark-store/storage_start.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "libs/testing/matchers.h"
#include "libs/testing/wait.h"

namespace loadline::store {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::IsOk;
using loadline::testing::WaitFor;
using std::chrono::milliseconds;

base::Status Away() { return base::Fail(base::Unavailable("DATABASE_UNAVAILABLE", "Away.", milliseconds(1))); }
base::Status TooOld() { return base::Fail(base::FailedPrecondition("SCHEMA_TOO_OLD", "Old.")); }
base::Status Refused() { return base::Fail(base::FailedPrecondition("DATABASE_REFUSED", "No.")); }

/// Starts as it is told.
class ScriptedStorage final : public Storage {
 public:
  Repositories repositories() override { throw std::logic_error("not asked for"); }
  base::Status Start(const std::function<bool()>& cancelled) override {
    ++attempts;
    if (hangs) {
      WaitFor(cancelled);
      return base::Fail(base::Error{.code = ErrorCode::kCancelled, .reason = "CANCELLED"});
    }
    const std::lock_guard lock(mutex_);
    return outcome_;
  }
  telemetry::Metrics Collect() override { return {}; }

  void Answer(base::Status outcome) {
    const std::lock_guard lock(mutex_);
    outcome_ = std::move(outcome);
  }

  bool hangs = false;
  std::atomic<int> attempts = 0;

 private:
  std::mutex mutex_;
  base::Status outcome_;
};

bool Never() { return false; }

class StorageStartTest : public ::testing::Test {
 protected:
  StorageStart Start() {
    return {storage_, guard_, [this] { ++told_; }, milliseconds(1)};
  }
  base::Status Ask() const {
    grpc::ServerContext context;
    rpc::Call call{.method = "Get", .context = context, .deadline = base::Instant::max()};
    return guard_->Handle(call, [](rpc::Call&) { return base::Status(); });
  }

  ScriptedStorage storage_;
  const std::shared_ptr<StartGuard> guard_ = std::make_shared<StartGuard>();
  std::atomic<int> told_ = 0;
};

TEST_F(StorageStartTest, WhatStartsAtOnceIsServedBeforeTheFirstWaitEnds) {
  auto start = Start();
  EXPECT_THAT(start.AwaitFirst(Never), IsOk());
  EXPECT_EQ(told_, 1);
  EXPECT_THAT(Ask(), IsOk());
}

TEST_F(StorageStartTest, ADatabaseThatIsAwayIsWaitedFor) {
  storage_.Answer(Away());
  auto start = Start();
  EXPECT_THAT(start.AwaitFirst(Never), IsOk());
  EXPECT_THAT(Ask(), Fails(ErrorCode::kUnavailable, "DATABASE_UNAVAILABLE"));
  ASSERT_TRUE(WaitFor([&] { return storage_.attempts > 3; }));
  EXPECT_EQ(told_, 0);
  storage_.Answer({});
  EXPECT_TRUE(WaitFor([&] { return told_ == 1; }));
  EXPECT_THAT(Ask(), IsOk());
}

TEST_F(StorageStartTest, ASchemaThatIsTooOldIsWaitedForAndTold) {
  storage_.Answer(TooOld());
  auto start = Start();
  EXPECT_THAT(start.AwaitFirst(Never), IsOk());
  EXPECT_THAT(Ask(), Fails(ErrorCode::kUnavailable, "SCHEMA_TOO_OLD"));
  storage_.Answer({});
  EXPECT_TRUE(WaitFor([&] { return told_ == 1; }));
}

TEST_F(StorageStartTest, WhatIsWrongAtOnceFailsTheStart) {
  storage_.Answer(Refused());
  auto start = Start();
  EXPECT_THAT(start.AwaitFirst(Never), Fails(ErrorCode::kFailedPrecondition, "DATABASE_REFUSED"));
}

TEST_F(StorageStartTest, WhatIsWrongLaterIsTriedLessOftenThanWhatIsAway) {
  storage_.Answer(Away());
  StorageStart start(
      storage_, guard_, [] {}, milliseconds(5));
  ASSERT_THAT(start.AwaitFirst(Never), IsOk());
  storage_.Answer(Refused());
  const auto refused_from = storage_.attempts.load();
  ASSERT_TRUE(WaitFor([&] { return storage_.attempts >= refused_from + 2; }));
  const auto before = std::chrono::steady_clock::now();
  const auto attempts = storage_.attempts.load();
  ASSERT_TRUE(WaitFor([&] { return storage_.attempts > attempts; }));
  EXPECT_GT(std::chrono::steady_clock::now() - before, milliseconds(50));
}

TEST_F(StorageStartTest, AnAttemptThatHangsEndsTogetherWithTheStart) {
  storage_.hangs = true;
  const auto before = std::chrono::steady_clock::now();
  {
    auto start = Start();
    EXPECT_THAT(start.AwaitFirst([this] { return storage_.attempts > 0; }), IsOk());
  }
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5)) << "WaitFor's patience is 10 s";
  EXPECT_EQ(told_, 0);
}

}  // namespace
}  // namespace loadline::store
