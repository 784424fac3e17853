#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "libs/base/result.h"
#include "libs/rpc/listen_address.h"

namespace loadline::rpc {

/// A file descriptor that is closed at the end; -1 for none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// One end of a TCP connection; an IPv4 address is kept as its mapped IPv6 one.
struct Peer {
  std::array<std::uint8_t, 16> address = {};
  std::uint16_t port = 0;

  friend bool operator==(const Peer&, const Peer&) = default;
};

/// The far and the near end; nullopt for what is no TCP connection (any more).
std::optional<Peer> RemoteEnd(int fd);
std::optional<Peer> LocalEnd(int fd);

/// Whose connections are counted together: an IPv4 address, or the /64 that an
/// IPv6 address is in, since that is what one customer is given.
using AddressKey = std::array<std::uint8_t, 16>;
AddressKey KeyOf(const Peer& peer);

/// Tells the socket that is open as `fd` from all others, ever; nullopt if
/// none is.
std::optional<std::uint64_t> SocketIdentity(int fd);

/// How many bytes a TCP connection has received; 0 for anything else.
std::uint64_t BytesReceived(int fd);

/// How many connections wait at a listening socket at most. More would only make
/// those wait longer that come after a flood.
inline constexpr int kBacklog = 1024;

/// Listening sockets on all that the host of `address` stands for (`localhost`
/// may be two), all with one port. Port 0 is any. `[::]` takes IPv4, too.
/// Fails with `kUnavailable` (`CANNOT_LISTEN`).
base::Result<std::vector<Descriptor>> ListenOn(const ListenAddress& address);

/// A connection that was waiting at a listening socket, and whose it is.
struct Accepted {
  Descriptor socket;
  Peer peer;
};

/// Takes one, without waiting. Where there is none, `socket` is -1 and `errno`
/// says why.
Accepted Accept(int listener);

/// True for a connection that the far end has closed already.
bool HasEnded(int fd);

/// A socket with the address of the listening socket `listener` and a port of
/// its own, to be connected to it; -1 if there is none to be had.
Descriptor SocketTowards(int listener);

/// Connects `socket` to where `listener` listens; false if it is not in the
/// queue there within `timeout`.
bool Connect(int socket, int listener, std::chrono::milliseconds timeout);

/// Waits until `fd` can be read, or has ended; false if `timeout` comes first.
bool AwaitReadable(int fd, std::chrono::milliseconds timeout);

}  // namespace loadline::rpc
