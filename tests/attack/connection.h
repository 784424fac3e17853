#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/attack/http2.h"

namespace loadline::attack {

/// What a server has said to one stream, or to all.
struct Answer {
  std::optional<int> grpc_status = {};
  /// The codes of RST_STREAM and of GOAWAY.
  std::optional<std::uint32_t> reset = {};
  std::optional<std::uint32_t> goaway = {};
  /// It has closed the connection.
  bool closed = false;
  std::size_t data_bytes = 0;

  bool IsOk() const { return grpc_status == 0; }
  /// A client of gRPC makes an error status of each of these.
  bool IsRefusal() const { return grpc_status.value_or(0) != 0 || reset || goaway || closed; }
};

std::ostream& operator<<(std::ostream& out, const Answer& answer);

/// One TCP connection to 127.0.0.1, and what came back over it. Of one thread
/// at a time.
class Connection {
 public:
  using Milliseconds = std::chrono::milliseconds;
  static constexpr Milliseconds kPatience{10'000};

  /// nullopt where the connection is refused.
  static std::optional<Connection> Open(int port);
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;
  ~Connection();

  /// Sends HTTP/2's preface and settings, and from then on acknowledges the
  /// server's settings and pings as they are read, as a decent client does.
  bool Greet(std::vector<std::pair<Setting, std::uint32_t>> settings = {});
  /// Sends all, reading what comes meanwhile; false where the server has closed
  /// or takes nothing for `patience`.
  bool Send(std::string_view bytes, Milliseconds patience = kPatience);
  /// Says that nothing more will be sent.
  void EndSending() const;
  /// Reads until the stream has ended or never will; what is known after
  /// `patience` if that comes first.
  Answer Await(std::uint32_t stream, Milliseconds patience = kPatience);
  /// Sends a PING and reads until it is acknowledged: the server has seen all
  /// that was sent before. False where it closes, or after `patience`.
  bool AwaitPing(Milliseconds patience);
  /// Whether the server closes within `patience`.
  bool AwaitClose(Milliseconds patience = kPatience);
  /// Makes one call, on the next stream.
  Answer Call(const std::string& path, std::string_view request, Milliseconds patience = kPatience);
  /// As TCP's RST, if it was not closed before.
  void Abort();

 private:
  struct Stream {
    Answer answer;
    bool ended = false;
  };

  explicit Connection(int descriptor) : descriptor_(descriptor) {}

  /// `Send` without paying what is owed meanwhile: it would end up inside a frame.
  bool Push(std::string_view bytes, Milliseconds patience);
  void PayDebts(Milliseconds patience);
  /// Waits until there is something to read (or room to write), and reads.
  bool Wait(std::chrono::steady_clock::time_point end, bool for_room);
  void Read();
  void Handle(const Frame& frame);
  void HandleOfStream(const Frame& frame, Stream& stream);

  int descriptor_ = -1;
  bool decent_ = false;
  bool closed_ = false;
  bool ping_acknowledged_ = false;
  std::optional<std::uint32_t> goaway_;
  std::map<std::uint32_t, Stream> streams_;
  std::string received_;
  // Acknowledgements that are not sent yet.
  std::string owed_;
  std::uint32_t next_stream_ = 1;
};

}  // namespace loadline::attack
