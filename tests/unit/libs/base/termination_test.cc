#include "libs/base/termination.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <thread>

namespace loadline::base {
namespace {

// Signals end processes, so each case runs in a child of its own.

void ExitWithSignalAwaited(int signal) {
  BlockTerminationSignals();
  kill(getpid(), signal);
  _exit(AwaitTermination());
}

TEST(AwaitTermination, ReturnsWhichSignalCame) {
  EXPECT_EXIT(ExitWithSignalAwaited(SIGTERM), ::testing::ExitedWithCode(SIGTERM), "");
  EXPECT_EXIT(ExitWithSignalAwaited(SIGINT), ::testing::ExitedWithCode(SIGINT), "");
}

TEST(AwaitTermination, WaitsForASignalThatAnotherThreadCauses) {
  const auto run = [] {
    BlockTerminationSignals();
    std::thread other([] { kill(getpid(), SIGTERM); });
    const int received = AwaitTermination();
    other.join();
    _exit(received);
  };
  EXPECT_EXIT(run(), ::testing::ExitedWithCode(SIGTERM), "");
}

TEST(TerminationPending, IsWhetherASignalHasNotBeenAwaited) {
  const auto run = [] {
    BlockTerminationSignals();
    const bool before = TerminationPending();
    kill(getpid(), SIGTERM);
    const bool pending = TerminationPending();
    AwaitTermination();
    _exit(!before && pending && !TerminationPending() ? EXIT_SUCCESS : EXIT_FAILURE);
  };
  EXPECT_EXIT(run(), ::testing::ExitedWithCode(EXIT_SUCCESS), "");
}

void SendTwo(int first, int second) {
  BlockTerminationSignals();
  kill(getpid(), first);
  AwaitTermination();
  kill(getpid(), second);
  _exit(EXIT_SUCCESS);
}

TEST(AwaitTermination, ASecondSignalEndsTheProcessAtOnce) {
  EXPECT_EXIT(SendTwo(SIGTERM, SIGTERM), ::testing::KilledBySignal(SIGTERM), "");
  EXPECT_EXIT(SendTwo(SIGINT, SIGTERM), ::testing::KilledBySignal(SIGTERM), "");
  EXPECT_EXIT(SendTwo(SIGTERM, SIGINT), ::testing::KilledBySignal(SIGINT), "");
}

TEST(AwaitTermination, ASecondSignalCountsEvenWhereTheShellIgnoredIt) {
  const auto run = [] {
    signal(SIGINT, SIG_IGN);
    SendTwo(SIGINT, SIGINT);
  };
  EXPECT_EXIT(run(), ::testing::KilledBySignal(SIGINT), "");
}

TEST(BlockTerminationSignals, HoldsForThreadsStartedLater) {
  const auto run = [] {
    BlockTerminationSignals();
    std::thread([] { raise(SIGTERM); }).join();
    _exit(EXIT_SUCCESS);
  };
  EXPECT_EXIT(run(), ::testing::ExitedWithCode(EXIT_SUCCESS), "");
}

TEST(BlockTerminationSignals, ABrokenPipeIsAnErrorAndNoEnd) {
  const auto run = [] {
    BlockTerminationSignals();
    int ends[2];
    if (pipe(ends) != 0) _exit(2);
    close(ends[0]);
    const bool failed = write(ends[1], "x", 1) == -1 && errno == EPIPE;
    _exit(failed ? EXIT_SUCCESS : EXIT_FAILURE);
  };
  EXPECT_EXIT(run(), ::testing::ExitedWithCode(EXIT_SUCCESS), "");
}

}  // namespace
}  // namespace loadline::base
