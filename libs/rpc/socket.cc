#include "libs/rpc/socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>

namespace loadline::rpc {
namespace {

// Sent bytes that nobody acknowledges for so long end the connection: the same
// as the timeout of gRPC's pings, which does not notice while it sends.
constexpr int kUserTimeoutMs = 10'000;
constexpr char kAnyIpv6[] = "::";
constexpr char kAnyIpv4[] = "0.0.0.0";

struct Address {
  sockaddr_storage storage = {};
  socklen_t size = sizeof(sockaddr_storage);

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  void SetPort(std::uint16_t port) {
    // At the same place for both families.
    reinterpret_cast<sockaddr_in*>(&storage)->sin_port = htons(port);
  }
  bool SameAs(const Address& other) const {
    return size == other.size && std::memcmp(&storage, &other.storage, size) == 0;
  }
};

std::optional<Address> NameOf(int fd) {
  Address address;
  if (::getsockname(fd, address.get(), &address.size) != 0) return std::nullopt;
  return address;
}

std::optional<Peer> PeerFrom(const Address& address) {
  Peer peer;
  if (address.storage.ss_family == AF_INET6) {
    const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(address.storage);
    std::memcpy(peer.address.data(), &ipv6.sin6_addr, peer.address.size());
    peer.port = ntohs(ipv6.sin6_port);
    return peer;
  }
  if (address.storage.ss_family != AF_INET) return std::nullopt;
  const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address.storage);
  peer.address[10] = peer.address[11] = 0xff;
  std::memcpy(peer.address.data() + 12, &ipv4.sin_addr, 4);
  peer.port = ntohs(ipv4.sin_port);
  return peer;
}

bool IsMappedIpv4(const Peer& peer) {
  constexpr std::array<std::uint8_t, 12> kPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::equal(kPrefix.begin(), kPrefix.end(), peer.address.begin());
}

std::vector<Address> Resolve(const std::string& host) {
  addrinfo hints = {};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> guard(found, &::freeaddrinfo);
  std::vector<Address> addresses;
  for (const auto* each = found; each != nullptr; each = each->ai_next) {
    Address address;
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
    address.size = each->ai_addrlen;
    // A hosts file may name one twice.
    const auto same = [&](const Address& other) { return address.SameAs(other); };
    if (std::none_of(addresses.begin(), addresses.end(), same)) addresses.push_back(address);
  }
  return addresses;
}

void SetOption(int fd, int level, int option, int value) { ::setsockopt(fd, level, option, &value, sizeof(value)); }

// What is accepted inherits the options of TCP.
void Tune(int fd, int family) {
  SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  SetOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  SetOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, kUserTimeoutMs);
  if (family == AF_INET6) SetOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
}

Descriptor NewSocket(int family) { return Descriptor(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)); }

// -1, and errno says why.
Descriptor ListenOnOne(const Address& address) {
  auto socket = NewSocket(address.storage.ss_family);
  if (!socket) return socket;
  Tune(socket.get(), address.storage.ss_family);
  const bool listens = ::bind(socket.get(), address.get(), address.size) == 0 && ::listen(socket.get(), kBacklog) == 0;
  return listens ? std::move(socket) : Descriptor();
}

std::string WhyNot(int error) {
  if (error == EADDRINUSE) return "its port is taken";
  if (error == EADDRNOTAVAIL || error == EAFNOSUPPORT) return "it is no address of this machine";
  if (error == EACCES) return "this user may not listen on its port";
  return std::system_category().message(error);
}

// A machine without IPv6 has no ::1 though its hosts file says so.
bool MayLack(int error) { return error == EADDRNOTAVAIL || error == EAFNOSUPPORT; }

base::Error Refused(const ListenAddress& address, const std::string& why) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  const auto host = ipv6 ? fmt::format("[{}]", address.host) : address.host;
  return CannotListen(fmt::format("{}:{}", host, address.port), why);
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

std::optional<Peer> RemoteEnd(int fd) {
  Address address;
  if (::getpeername(fd, address.get(), &address.size) != 0) return std::nullopt;
  return PeerFrom(address);
}

std::optional<Peer> LocalEnd(int fd) {
  const auto address = NameOf(fd);
  return address ? PeerFrom(*address) : std::nullopt;
}

AddressKey KeyOf(const Peer& peer) {
  AddressKey key = peer.address;
  if (!IsMappedIpv4(peer)) std::fill(key.begin() + 8, key.end(), std::uint8_t{0});
  return key;
}

std::optional<std::uint64_t> SocketIdentity(int fd) {
  struct stat status = {};
  if (::fstat(fd, &status) != 0 || !S_ISSOCK(status.st_mode)) return std::nullopt;
  return status.st_ino;
}

std::uint64_t BytesReceived(int fd) {
  tcp_info info = {};
  socklen_t size = sizeof(info);
  return ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? info.tcpi_bytes_received : 0;
}

base::Result<std::vector<Descriptor>> ListenOn(const ListenAddress& address) {
  const auto resolved = Resolve(address.host);
  if (resolved.empty()) return base::Fail(Refused(address, "its host is no name or address that is known here"));
  std::vector<Descriptor> listeners;
  std::uint16_t port = address.port;
  int lacking = 0;
  for (auto each : resolved) {
    each.SetPort(port);
    auto listener = ListenOnOne(each);
    if (!listener) lacking = errno;
    if (!listener && !MayLack(lacking)) return base::Fail(Refused(address, WhyNot(lacking)));
    if (!listener) continue;
    port = LocalEnd(listener.get()).value_or(Peer{}).port;
    listeners.push_back(std::move(listener));
  }
  if (!listeners.empty()) return listeners;
  if (address.host == kAnyIpv6) return ListenOn({.host = kAnyIpv4, .port = address.port});
  return base::Fail(Refused(address, WhyNot(lacking)));
}

Accepted Accept(int listener) {
  Address address;
  Descriptor socket(::accept4(listener, address.get(), &address.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket) return Accepted();
  return {.socket = std::move(socket), .peer = PeerFrom(address).value_or(Peer{})};
}

bool HasEnded(int fd) {
  char byte = 0;
  const auto read = ::recv(fd, &byte, sizeof(byte), MSG_PEEK | MSG_DONTWAIT);
  return read == 0 || (read < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

Descriptor SocketTowards(int listener) {
  auto own = NameOf(listener);
  if (!own) return Descriptor();
  auto socket = NewSocket(own->storage.ss_family);
  own->SetPort(0);
  const bool bound = socket && ::bind(socket.get(), own->get(), own->size) == 0;
  return bound ? std::move(socket) : Descriptor();
}

bool Connect(int socket, int listener, std::chrono::milliseconds timeout) {
  const auto target = NameOf(listener);
  if (!target) return false;
  // A listener on any address is reached through the loopback.
  if (::connect(socket, target->get(), target->size) == 0) return true;
  if (errno != EINPROGRESS) return false;
  pollfd waiting = {.fd = socket, .events = POLLOUT, .revents = 0};
  return ::poll(&waiting, 1, static_cast<int>(timeout.count())) == 1 && (waiting.revents & POLLERR) == 0;
}

bool AwaitReadable(int fd, std::chrono::milliseconds timeout) {
  pollfd waiting = {.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, static_cast<int>(timeout.count())) == 1;
}

}  // namespace loadline::rpc
