#include "services/benchmark-store/repository/postgres/watch.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include "libs/testing/wait.h"
#include "services/benchmark-store/repository/postgres/call_time.h"

namespace loadline::store::postgres {
namespace {

using loadline::testing::WaitFor;
using std::chrono::milliseconds;

/// Two sockets that are connected.
class Sockets {
 public:
  Sockets() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0); }
  ~Sockets() {
    for (const int end : ends_) ::close(end);
  }
  int watched() const { return ends_[0]; }
  /// Blocks until the watched end is shut down.
  void AwaitEnd() const {
    char byte = 0;
    EXPECT_EQ(::recv(watched(), &byte, 1, 0), 0);
  }
  bool open() const {
    char byte = 0;
    return ::recv(watched(), &byte, 1, MSG_DONTWAIT) < 0;
  }

 private:
  std::array<int, 2> ends_ = {};
};

TEST(Watch, ACallThatBlocksEndsWithItsDeadline) {
  Watch watch;
  const Sockets sockets;
  const auto scope = Within(milliseconds(30));
  const Watch::Call call(watch, sockets.watched(), scope);
  sockets.AwaitEnd();
  EXPECT_TRUE(call.was_cut_off());
  EXPECT_GE(std::chrono::steady_clock::now(), scope.deadline);
}

TEST(Watch, ACallThatBlocksEndsWithItsCaller) {
  Watch watch;
  const Sockets sockets;
  std::atomic<int> looks = 0;
  const CallScope scope = {.cancelled = [&] { return ++looks > 3; }};
  const Watch::Call call(watch, sockets.watched(), scope);
  sockets.AwaitEnd();
  EXPECT_TRUE(call.was_cut_off());
}

TEST(Watch, ACallThatIsDoneIsLeftAlone) {
  Watch watch;
  const Sockets done;
  const Sockets late;
  std::atomic<bool> gone = false;
  const CallScope leaving = {.cancelled = [&] { return gone.load(); }};
  { const Watch::Call call(watch, done.watched(), leaving); }
  gone = true;
  const Watch::Call call(watch, late.watched(), leaving);
  late.AwaitEnd();
  EXPECT_TRUE(done.open());
}

TEST(Watch, AnEarlierDeadlineIsMetWhileALaterOneIsAwaited) {
  Watch watch;
  const Sockets patient;
  const Sockets hasty;
  const auto minutes = Within(std::chrono::minutes(5));
  const Watch::Call long_call(watch, patient.watched(), minutes);
  const auto moment = Within(milliseconds(5));
  const Watch::Call short_call(watch, hasty.watched(), moment);
  hasty.AwaitEnd();
  EXPECT_FALSE(long_call.was_cut_off());
  EXPECT_TRUE(patient.open());
}

TEST(Watch, NobodyIsAskedWhileNothingRuns) {
  Watch watch;
  const Sockets sockets;
  std::atomic<int> looks = 0;
  const CallScope scope = {.cancelled = [&] { return ++looks < 0; }};
  {
    const Watch::Call call(watch, sockets.watched(), scope);
    EXPECT_TRUE(WaitFor([&] { return looks > 2; }));
  }
  const int before = looks;
  EXPECT_FALSE(WaitFor([&] { return looks > before; }, milliseconds(100)));
}

}  // namespace
}  // namespace loadline::store::postgres
