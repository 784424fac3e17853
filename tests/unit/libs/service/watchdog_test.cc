#include "libs/service/watchdog.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <vector>

#include "libs/testing/wait.h"

namespace loadline::service {
namespace {

using std::chrono::milliseconds;
using testing::WaitFor;

/// What a watchdog was told, and what it told.
class Watched {
 public:
  explicit Watched(int misses)
      : watchdog_(
            {.interval = milliseconds(1), .misses = misses}, [this] { return Check(); },
            [this](bool alive) { Told(alive); }) {}

  void Answer(bool well) { well_ = well; }
  bool AwaitChecks(int more) {
    const int until = checks_ + more;
    return WaitFor([&] { return checks_ >= until; });
  }
  bool AwaitTold(const std::vector<bool>& wanted) {
    return WaitFor([&] {
      const std::lock_guard lock(mutex_);
      return told_ == wanted;
    });
  }
  /// Bad answers before it was first told.
  int missed_before() const { return missed_before_; }

 private:
  bool Check() {
    ++checks_;
    if (!well_) ++missed_;
    return well_;
  }
  void Told(bool alive) {
    const std::lock_guard lock(mutex_);
    if (told_.empty()) missed_before_ = missed_.load();
    told_.push_back(alive);
  }

  std::atomic<bool> well_ = true;
  std::atomic<int> checks_ = 0;
  std::atomic<int> missed_ = 0;
  std::atomic<int> missed_before_ = 0;
  std::mutex mutex_;
  std::vector<bool> told_;
  Watchdog watchdog_;
};

TEST(Watchdog, SaysNothingWhileAllIsWell) {
  Watched watched(1);
  ASSERT_TRUE(watched.AwaitChecks(5));
  EXPECT_TRUE(watched.AwaitTold({}));
}

TEST(Watchdog, SaysOnceThatItIsDeadAfterSoManyMisses) {
  Watched watched(3);
  watched.Answer(false);
  EXPECT_TRUE(watched.AwaitTold({false}));
  EXPECT_EQ(watched.missed_before(), 3);
  ASSERT_TRUE(watched.AwaitChecks(5));
  EXPECT_TRUE(watched.AwaitTold({false}));
}

TEST(Watchdog, SaysThatItIsAliveAgain) {
  Watched watched(2);
  watched.Answer(false);
  ASSERT_TRUE(watched.AwaitTold({false}));
  watched.Answer(true);
  EXPECT_TRUE(watched.AwaitTold({false, true}));
}

}  // namespace
}  // namespace loadline::service
