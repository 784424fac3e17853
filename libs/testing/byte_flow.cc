#include "libs/testing/byte_flow.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace loadline::testing {

std::optional<ByteFlow::Clock::time_point> ByteFlow::NextArrival(const Way& way) const {
  if (!way.open || blocked_ || pieces_.empty()) return std::nullopt;
  return ArrivalOfFirst(way);
}

ByteFlow::Clock::time_point ByteFlow::ArrivalOfFirst(const Way& way) const {
  const auto arrival = pieces_.front().sent + way.delay;
  return way.bytes_per_second > 0 ? std::max(arrival, next_byte_) : arrival;
}

void ByteFlow::TakeIn(Clock::time_point now) {
  std::array<char, 1 << 16> buffer;
  const auto count = ::recv(from_, buffer.data(), buffer.size(), 0);
  if (count == 0) return End(Kind::kEnd, now);
  if (count < 0) {
    if (errno != EAGAIN && errno != EINTR) End(Kind::kReset, now);
    return;
  }
  size_ += static_cast<std::size_t>(count);
  pieces_.push_back({.bytes = std::string(buffer.data(), static_cast<std::size_t>(count)), .sent = now});
}

void ByteFlow::End(Kind kind, Clock::time_point now) {
  ended_ = true;
  pieces_.push_back({.kind = kind, .sent = now});
}

bool ByteFlow::HandOn(Clock::time_point now, const Way& way) {
  blocked_ = false;
  while (way.open && !blocked_ && !pieces_.empty() && ArrivalOfFirst(way) <= now) {
    const auto kind = pieces_.front().kind;
    if (kind == Kind::kReset) return false;
    if (kind == Kind::kEnd) {
      ::shutdown(to_, SHUT_WR);
      over_ = true;
      pieces_.pop_front();
    } else if (!HandOnBytes(now, way)) {
      return false;
    }
  }
  return true;
}

bool ByteFlow::HandOnBytes(Clock::time_point now, const Way& way) {
  auto& bytes = pieces_.front().bytes;
  const auto most = way.bytes_per_second > 0 ? 1 : bytes.size();
  const auto count = ::send(to_, bytes.data(), most, MSG_NOSIGNAL);
  if (count < 0) {
    blocked_ = errno == EAGAIN || errno == EINTR;
    return blocked_;
  }
  size_ -= static_cast<std::size_t>(count);
  bytes.erase(0, static_cast<std::size_t>(count));
  if (bytes.empty()) pieces_.pop_front();
  if (way.bytes_per_second > 0) next_byte_ = now + std::chrono::microseconds(1'000'000 / way.bytes_per_second);
  return true;
}

}  // namespace loadline::testing
