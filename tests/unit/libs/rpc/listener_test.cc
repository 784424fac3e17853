#include "libs/rpc/listener.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>
#include <vector>

#include "libs/testing/matchers.h"
#include "libs/testing/wait.h"

namespace loadline::rpc {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Fails;
using ::testing::HasSubstr;
using testing::WaitFor;

Descriptor Dial(int port, int family = AF_INET, const char* from = nullptr) {
  Descriptor socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_storage storage = {};
  storage.ss_family = static_cast<sa_family_t>(family);
  auto& ipv4 = reinterpret_cast<sockaddr_in&>(storage);
  auto& ipv6 = reinterpret_cast<sockaddr_in6&>(storage);
  socklen_t size = family == AF_INET ? sizeof(ipv4) : sizeof(ipv6);
  auto* generic = reinterpret_cast<sockaddr*>(&storage);
  if (from != nullptr) {
    ::inet_pton(AF_INET, from, &ipv4.sin_addr);
    EXPECT_EQ(::bind(socket.get(), generic, size), 0) << from;
  }
  if (family == AF_INET) ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (family == AF_INET6) ipv6.sin6_addr = in6addr_loopback;
  ipv4.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::connect(socket.get(), generic, size) != 0) return Descriptor();
  return socket;
}

// The far end closed it: at once, or with what it had not read.
bool IsClosed(const Descriptor& socket) {
  return WaitFor([&] { return HasEnded(socket.get()); });
}

bool HasIpv6() { return ListenOn({.host = "::1", .port = 0}).has_value(); }

/// A listener that keeps what it is handed.
class Kept {
 public:
  explicit Kept(const ListenerOptions& options) : listener_(Listener::Open(options).value()) {
    listener_->Start([this](int, int fd) {
      const std::lock_guard lock(mutex_);
      sockets_.emplace_back(fd);
    });
  }

  Listener& operator*() { return *listener_; }
  Listener* operator->() { return listener_.get(); }
  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return sockets_.size();
  }
  bool Await(std::size_t count) const {
    return WaitFor([&] { return this->count() == count; });
  }
  /// Reads what came in.
  void Drain() {
    const std::lock_guard lock(mutex_);
    std::array<char, 1 << 16> buffer;
    for (const auto& socket : sockets_) {
      while (::recv(socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT) > 0) continue;
    }
  }
  void CloseAll() {
    const std::lock_guard lock(mutex_);
    sockets_.clear();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Descriptor> sockets_;
  std::unique_ptr<Listener> listener_;
};

ListenerOptions Within(ConnectionCaps caps, const std::string& addresses = "127.0.0.1:0") {
  return {.addresses = addresses, .caps = caps};
}

TEST(Listener, HandsOnWhatConnects) {
  Kept kept(Within({.total = 10, .per_address = 10}));
  const auto one = Dial(kept->port());
  const auto two = Dial(kept->port());
  EXPECT_TRUE(kept.Await(2));
  EXPECT_EQ(kept->stats().accepted, 2);
  EXPECT_EQ(kept->stats().live, 2);
}

TEST(Listener, CutsTheLoudestAndNoOther) {
  Kept kept(Within({.total = 10, .per_address = 10}));
  const auto quiet = Dial(kept->port());
  const auto loud = Dial(kept->port());
  ASSERT_TRUE(kept.Await(2));
  const std::string some(1 << 16, 'x');
  EXPECT_TRUE(WaitFor([&] {
    kept->CutLoudest();
    const bool ended = ::send(loud.get(), some.data(), some.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno != EAGAIN;
    kept.Drain();
    return ended;
  }));
  EXPECT_TRUE(WaitFor([&] { return kept->stats().refused_resets == 1; }));
  EXPECT_FALSE(HasEnded(quiet.get()));
}

TEST(Listener, LeavesQuietConnectionsAlone) {
  Kept kept(Within({.total = 10, .per_address = 10}));
  const auto quiet = Dial(kept->port());
  ASSERT_TRUE(kept.Await(1));
  kept->CutLoudest();
  const auto later = Dial(kept->port());
  EXPECT_TRUE(kept.Await(2));
  EXPECT_FALSE(HasEnded(quiet.get()));
  EXPECT_EQ(kept->stats().refused_resets, 0);
}

TEST(Listener, ConnectionsWaitUntilItStarts) {
  const auto listener = Listener::Open({.addresses = "127.0.0.1:0"}).value();
  const auto early = Dial(listener->port());
  ASSERT_TRUE(early);
  std::atomic<int> handed = 0;
  listener->Start([&](int, int fd) {
    ::close(fd);
    ++handed;
  });
  EXPECT_TRUE(WaitFor([&] { return handed == 1; }));
}

TEST(Listener, TakesIpv4AndIpv6OnSeveralAddressesWithOnePort) {
  if (!HasIpv6()) GTEST_SKIP() << "this machine has no IPv6";
  for (const std::string address : {"[::]:0", "localhost:0"}) {
    Kept kept(Within({.total = 10, .per_address = 10}, address));
    const auto ipv6 = Dial(kept->port(), AF_INET6);
    const auto ipv4 = Dial(kept->port());
    // A hosts file may know localhost by IPv4 only.
    const std::size_t expected = (ipv4 ? 1u : 0u) + (ipv6 ? 1u : 0u);
    EXPECT_TRUE(kept.Await(expected)) << address;
    EXPECT_TRUE(ipv4) << address;
  }
}

TEST(Listener, ListensOnAListOfAddresses) {
  Kept kept(Within({.total = 10, .per_address = 10}, "127.0.0.1:0,127.0.0.2:0"));
  const auto caller = Dial(kept->port());
  EXPECT_TRUE(kept.Await(1));
  EXPECT_TRUE(kept->Answers(seconds(10)));
}

TEST(Listener, AHostThatIsNotKnownIsRefused) {
  const auto refused = Listener::Open({.addresses = "no-such-host.invalid:0"});
  EXPECT_THAT(refused, Fails(ErrorCode::kUnavailable, "CANNOT_LISTEN"));
}

TEST(Listener, APortThatIsTakenIsRefusedAndSaysSo) {
  Kept kept(Within({.total = 1, .per_address = 1}));
  const auto refused = Listener::Open({.addresses = "127.0.0.1:" + std::to_string(kept->port())});
  ASSERT_THAT(refused, Fails(ErrorCode::kUnavailable, "CANNOT_LISTEN"));
  EXPECT_THAT(refused.error().message, HasSubstr("its port is taken"));
}

TEST(Listener, ClosesAtOnceWhatIsMoreThanTheCap) {
  Kept kept(Within({.total = 2, .per_address = 10}));
  const auto one = Dial(kept->port());
  const auto two = Dial(kept->port());
  ASSERT_TRUE(kept.Await(2));
  EXPECT_TRUE(IsClosed(Dial(kept->port())));
  EXPECT_EQ(kept->stats().refused_total_cap, 1);
  EXPECT_EQ(kept.count(), 2u);
}

TEST(Listener, OneAddressLeavesRoomForAnother) {
  Kept kept(Within({.total = 10, .per_address = 1}));
  const auto one = Dial(kept->port());
  ASSERT_TRUE(kept.Await(1));
  EXPECT_TRUE(IsClosed(Dial(kept->port())));
  EXPECT_EQ(kept->stats().refused_address_cap, 1);
  const auto other = Dial(kept->port(), AF_INET, "127.0.0.3");
  EXPECT_TRUE(kept.Await(2));
}

TEST(Listener, AConnectionThatEndedMakesRoom) {
  Kept kept(Within({.total = 1, .per_address = 1}));
  const auto one = Dial(kept->port());
  ASSERT_TRUE(kept.Await(1));
  ASSERT_TRUE(IsClosed(Dial(kept->port())));
  kept.CloseAll();
  std::vector<Descriptor> tried;
  EXPECT_TRUE(WaitFor([&] {
    tried.push_back(Dial(kept->port()));
    return kept.count() == 1;
  }));
  EXPECT_TRUE(WaitFor([&] { return kept->stats().live == 1; }));
}

TEST(Listener, BoundsHowFastConnectionsBegin) {
  constexpr int kPerSecond = 50;
  constexpr int kFlood = 80;
  const auto started = std::chrono::steady_clock::now();
  Kept kept(
      {.addresses = "127.0.0.1:0", .caps = {.total = 1000, .per_address = 1000}, .max_accepts_per_second = kPerSecond});
  std::vector<Descriptor> flood;
  for (int i = 0; i < kFlood; ++i) flood.push_back(Dial(kept->port()));
  ASSERT_TRUE(kept.Await(kFlood));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  EXPECT_GE(took.count(), double{kFlood - kPerSecond} / kPerSecond);
}

TEST(Listener, WhatLeftAgainBeforeItsTurnIsNotHandedOn) {
  const auto listener = Listener::Open({.addresses = "127.0.0.1:0"}).value();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(Dial(listener->port()));
  const auto stayed = Dial(listener->port());
  std::atomic<int> handed = 0;
  listener->Start([&](int, int fd) {
    ::close(fd);
    ++handed;
  });
  EXPECT_TRUE(WaitFor([&] { return handed == 1; }));
  EXPECT_EQ(listener->stats().accepted, 1);
}

TEST(Listener, AnswersWhileItsThreadRuns) {
  const auto listener = Listener::Open({.addresses = "127.0.0.1:0,[::]:0"}).value();
  EXPECT_FALSE(listener->Answers(milliseconds(20)));
  listener->Start([](int, int fd) { ::close(fd); });
  EXPECT_TRUE(listener->Answers(seconds(10)));
  EXPECT_EQ(listener->stats().accepted, 0);
  listener->Stop();
  EXPECT_FALSE(listener->Answers(milliseconds(20)));
}

TEST(Listener, AnswersAtTheCapToo) {
  Kept kept(Within({.total = 1, .per_address = 1}));
  const auto one = Dial(kept->port());
  ASSERT_TRUE(kept.Await(1));
  EXPECT_TRUE(kept->Answers(seconds(10)));
  EXPECT_EQ(kept->stats().refused_total_cap, 0);
}

TEST(Listener, AThreadThatHangsDoesNotAnswer) {
  const auto listener = Listener::Open({.addresses = "127.0.0.1:0"}).value();
  std::mutex hang;
  std::unique_lock held(hang);
  std::atomic<bool> hanging = false;
  listener->Start([&](int, int fd) {
    ::close(fd);
    hanging = true;
    const std::lock_guard wait(hang);
  });
  const auto trap = Dial(listener->port());
  ASSERT_TRUE(WaitFor([&] { return hanging.load(); }));
  EXPECT_FALSE(listener->Answers(milliseconds(50)));
  held.unlock();
  EXPECT_TRUE(listener->Answers(seconds(10)));
}

/// Leaves this process no descriptor, until destroyed.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit few = before_;
    few.rlim_cur = 256;
    ::setrlimit(RLIMIT_NOFILE, &few);
    while (true) {
      Descriptor taken(::dup(STDERR_FILENO));
      if (!taken) return;
      taken_.push_back(std::move(taken));
    }
  }
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

  Descriptor GiveBack() {
    auto freed = std::move(taken_.back());
    taken_.pop_back();
    return freed;
  }

 private:
  rlimit before_ = {};
  std::vector<Descriptor> taken_;
};

TEST(Listener, SurvivesThatThereIsNoDescriptorLeft) {
  Kept kept(Within({.total = 1000, .per_address = 1000}));
  std::vector<Descriptor> callers;
  {
    NoDescriptors none;
    for (int i = 0; i < 5; ++i) {
      none.GiveBack();  // the one for our own end
      callers.push_back(Dial(kept->port()));
      ASSERT_TRUE(callers.back());
      EXPECT_TRUE(IsClosed(callers.back()));
    }
    EXPECT_TRUE(WaitFor([&] { return kept->stats().refused_no_descriptor == 5; }));
    EXPECT_TRUE(kept->Answers(milliseconds(50))) << "without a descriptor there is nothing to say";
  }
  const auto after = Dial(kept->port());
  EXPECT_TRUE(kept.Await(1));
}

TEST(Listener, StopHandsOnWhatWaitsAndFreesThePort) {
  Kept kept(Within({.total = 10, .per_address = 10}));
  const auto one = Dial(kept->port());
  kept->Stop();
  EXPECT_EQ(kept.count(), 1u);
  EXPECT_FALSE(Dial(kept->port()));
  kept->Stop();
}

TEST(AddressKeys, CountIpv6ByItsNetworkAndIpv4Whole) {
  Peer one;
  one.address = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8};
  Peer neighbour = one;
  neighbour.address[15] = 99;
  Peer stranger = one;
  stranger.address[7] = 2;
  EXPECT_EQ(KeyOf(one), KeyOf(neighbour));
  EXPECT_NE(KeyOf(one), KeyOf(stranger));
  Peer ipv4;
  ipv4.address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1};
  Peer next = ipv4;
  next.address[15] = 2;
  EXPECT_NE(KeyOf(ipv4), KeyOf(next));
}

}  // namespace
}  // namespace loadline::rpc
