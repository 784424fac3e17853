#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

namespace loadline::testing {

/// How bytes travel in one direction.
struct Way {
  /// Else nothing arrives, not even the end of a connection; it does later,
  /// once the way is open again, as TCP sends again what was lost.
  bool open = true;
  std::chrono::milliseconds delay{0};
  /// 0: no limit.
  int bytes_per_second = 0;
};

/// Bytes on their way from one socket to another. For one thread at a time.
class ByteFlow {
 public:
  using Clock = std::chrono::steady_clock;

  /// Both sockets must not block, and must outlive it.
  ByteFlow(int from, int to) : from_(from), to_(to) {}

  /// There is room for more, and there may be more.
  bool wants_input() const { return !ended_ && size_ < kMostBytes; }
  /// The receiver's buffer is full.
  bool wants_output() const { return blocked_; }
  /// The end has arrived.
  bool over() const { return over_; }
  /// When something arrives next; nullopt: not before something else happens.
  std::optional<Clock::time_point> NextArrival(const Way& way) const;

  /// Takes what the sender has sent.
  void TakeIn(Clock::time_point now);
  /// Hands on what arrives by now. False if the connection broke, or the
  /// sender's reset arrived.
  bool HandOn(Clock::time_point now, const Way& way);

 private:
  enum class Kind { kBytes, kEnd, kReset };
  struct Piece {
    Kind kind = Kind::kBytes;
    std::string bytes = {};
    Clock::time_point sent = {};
  };
  static constexpr std::size_t kMostBytes = 1 << 20;

  void End(Kind kind, Clock::time_point now);
  Clock::time_point ArrivalOfFirst(const Way& way) const;
  bool HandOnBytes(Clock::time_point now, const Way& way);

  const int from_;
  const int to_;
  std::deque<Piece> pieces_;
  std::size_t size_ = 0;
  Clock::time_point next_byte_ = {};
  bool ended_ = false;
  bool blocked_ = false;
  bool over_ = false;
};

}  // namespace loadline::testing
