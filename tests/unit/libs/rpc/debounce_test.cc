#include "libs/rpc/debounce.h"

#include <gtest/gtest.h>

#include "libs/rpc/log.h"
#include "libs/testing/fake_clock.h"

namespace loadline::rpc {
namespace {

using testing::FakeClock;

TEST(DebounceTest, FiveThatSayTheSamePassInTenSeconds) {
  const FakeClock clock;
  Debounce debounce;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(debounce.Admit(1, clock.Now()), 0);
  EXPECT_EQ(debounce.Admit(1, clock.Now()), std::nullopt);
}

TEST(DebounceTest, OthersPassMeanwhile) {
  const FakeClock clock;
  Debounce debounce;
  for (int i = 0; i < 9; ++i) debounce.Admit(1, clock.Now());
  EXPECT_EQ(debounce.Admit(2, clock.Now()), 0);
}

TEST(DebounceTest, TheNextOneSaysHowManyWereNotWritten) {
  FakeClock clock;
  Debounce debounce;
  for (int i = 0; i < 12; ++i) debounce.Admit(1, clock.Now());
  clock.Advance(Debounce::kWindow);
  EXPECT_EQ(debounce.Admit(1, clock.Now()), 7);
  EXPECT_EQ(debounce.Admit(1, clock.Now()), 0);
}

TEST(DebounceTest, WhatWasForgottenPasses) {
  const FakeClock clock;
  Debounce debounce;
  for (int i = 0; i < 9; ++i) debounce.Admit(1, clock.Now());
  debounce.Admit(1 + 64, clock.Now());
  EXPECT_EQ(debounce.Admit(1, clock.Now()), 0);
}

std::size_t LinesOf(const std::function<void()>& log) {
  ConfigureLog("test", "json", "info");
  ::testing::internal::CaptureStderr();
  log();
  const auto text = ::testing::internal::GetCapturedStderr();
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(DebounceTest, WarningsThatRepeatAreNotAllWritten) {
  const auto before = CountLogLines();
  EXPECT_EQ(LinesOf([] {
              for (int i = 0; i < 20; ++i) Log(LogLevel::kWarning, "again", {{"reason", "the same"}});
            }),
            5);
  EXPECT_EQ(CountLogLines().suppressed - before.suppressed, 15);
  EXPECT_EQ(CountLogLines().warning - before.warning, 5);
}

TEST(DebounceTest, WhatDiffersOrIsNoWarningIsWrittenEachTime) {
  EXPECT_EQ(LinesOf([] {
              for (int i = 0; i < 20; ++i) Log(LogLevel::kWarning, "other", {{"number", std::to_string(i)}});
              for (int i = 0; i < 20; ++i) Log(LogLevel::kInfo, "same");
              for (int i = 0; i < 20; ++i) LogEach(LogLevel::kError, "each", {});
            }),
            60);
}

}  // namespace
}  // namespace loadline::rpc
