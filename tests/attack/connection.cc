#include "tests/attack/connection.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "libs/testing/port.h"

namespace loadline::attack {
namespace {

using Clock = std::chrono::steady_clock;

// The error code of RST_STREAM is its first four bytes; of GOAWAY, the second.
std::uint32_t CodeAt(const std::string& payload, std::size_t position) {
  std::uint32_t code = 0;
  for (std::size_t i = position; i < position + 4 && i < payload.size(); ++i) {
    code = code << 8 | static_cast<unsigned char>(payload[i]);
  }
  return code;
}

int MillisecondsUntil(Clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Answer& answer) {
  if (answer.grpc_status) out << "grpc-status " << *answer.grpc_status << " ";
  if (answer.reset) out << "RST_STREAM " << *answer.reset << " ";
  if (answer.goaway) out << "GOAWAY " << *answer.goaway << " ";
  return out << (answer.closed ? "closed, " : "open, ") << answer.data_bytes << " bytes of DATA";
}

std::optional<Connection> Connection::Open(int port) {
  Connection connection(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = testing::LoopbackAddress(port);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(connection.descriptor_, generic, sizeof(address)) != 0) return std::nullopt;
  return connection;
}

Connection::Connection(Connection&& other) noexcept { *this = std::move(other); }

Connection& Connection::operator=(Connection&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(decent_, other.decent_);
  std::swap(closed_, other.closed_);
  std::swap(ping_acknowledged_, other.ping_acknowledged_);
  std::swap(goaway_, other.goaway_);
  std::swap(streams_, other.streams_);
  std::swap(received_, other.received_);
  std::swap(owed_, other.owed_);
  std::swap(next_stream_, other.next_stream_);
  return *this;
}

Connection::~Connection() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Connection::Greet(std::vector<std::pair<Setting, std::uint32_t>> settings) {
  // So that the server spells every header out, and we need no table.
  settings.emplace_back(Setting::kHeaderTableSize, 0);
  decent_ = true;
  return Send(std::string(kPreface) + Settings(settings));
}

bool Connection::Send(std::string_view bytes, Milliseconds patience) {
  const bool sent = Push(bytes, patience);
  PayDebts(patience);
  return sent;
}

bool Connection::Push(std::string_view bytes, Milliseconds patience) {
  auto end = Clock::now() + patience;
  while (!bytes.empty() && !closed_) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      end = Clock::now() + patience;
      continue;
    }
    if (sent < 0 && errno != EAGAIN && errno != EINTR) closed_ = true;
    if (!closed_ && !Wait(end, true)) return false;
  }
  return bytes.empty();
}

void Connection::PayDebts(Milliseconds patience) {
  while (!owed_.empty() && Push(std::exchange(owed_, {}), patience)) continue;
}

void Connection::EndSending() const { ::shutdown(descriptor_, SHUT_WR); }

Answer Connection::Await(std::uint32_t stream, Milliseconds patience) {
  const auto end = Clock::now() + patience;
  auto& state = streams_[stream];
  while (!state.ended && !closed_ && !goaway_ && Wait(end, false)) PayDebts(patience);
  auto answer = state.answer;
  answer.goaway = goaway_;
  answer.closed = closed_;
  return answer;
}

bool Connection::AwaitPing(Milliseconds patience) {
  const auto end = Clock::now() + patience;
  ping_acknowledged_ = false;
  Send(Encode({.type = FrameType::kPing, .payload = "the last"}), patience);
  while (!ping_acknowledged_ && !closed_ && Wait(end, false)) PayDebts(patience);
  return ping_acknowledged_;
}

bool Connection::AwaitClose(Milliseconds patience) {
  const auto end = Clock::now() + patience;
  while (!closed_ && Wait(end, false)) PayDebts(patience);
  return closed_;
}

Answer Connection::Call(const std::string& path, std::string_view request, Milliseconds patience) {
  const auto stream = std::exchange(next_stream_, next_stream_ + 2);
  if (!Send(UnaryCall(stream, path, request), patience)) return {.closed = true};
  return Await(stream, patience);
}

void Connection::Abort() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  ::close(std::exchange(descriptor_, -1));
  closed_ = true;
}

bool Connection::Wait(Clock::time_point end, bool for_room) {
  pollfd watched{descriptor_, static_cast<short>(for_room ? POLLIN | POLLOUT : POLLIN), 0};
  if (::poll(&watched, 1, MillisecondsUntil(end)) <= 0) return false;
  if ((watched.revents & ~POLLOUT) != 0) Read();
  return true;
}

void Connection::Read() {
  std::array<char, 1 << 16> buffer;
  const auto count = ::recv(descriptor_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) closed_ = true;
  if (count <= 0) return;
  received_.append(buffer.data(), static_cast<std::size_t>(count));
  while (const auto frame = TakeFrame(received_)) Handle(*frame);
}

void Connection::Handle(const Frame& frame) {
  const bool is_ack = (frame.flags & kAck) != 0;
  if (frame.type == FrameType::kSettings && !is_ack && decent_) {
    owed_ += Encode({.type = FrameType::kSettings, .flags = kAck});
  } else if (frame.type == FrameType::kPing && !is_ack && decent_) {
    owed_ += Encode({.type = FrameType::kPing, .flags = kAck, .payload = frame.payload});
  } else if (frame.type == FrameType::kPing && is_ack) {
    ping_acknowledged_ = true;
  } else if (frame.type == FrameType::kGoAway) {
    goaway_ = CodeAt(frame.payload, 4);
  } else if (frame.stream != 0) {
    HandleOfStream(frame, streams_[frame.stream]);
  }
}

void Connection::HandleOfStream(const Frame& frame, Stream& stream) {
  auto& answer = stream.answer;
  if (frame.type == FrameType::kData) answer.data_bytes += frame.payload.size();
  if (frame.type == FrameType::kReset) answer.reset = CodeAt(frame.payload, 0);
  const bool has_headers = frame.type == FrameType::kHeaders || frame.type == FrameType::kContinuation;
  if (has_headers && !answer.grpc_status) answer.grpc_status = GrpcStatusIn(frame.payload);
  const bool may_end = frame.type == FrameType::kHeaders || frame.type == FrameType::kData;
  if (answer.reset || (may_end && (frame.flags & kEndStream) != 0)) stream.ended = true;
}

}  // namespace loadline::attack
