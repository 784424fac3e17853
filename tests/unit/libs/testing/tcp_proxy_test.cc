#include "libs/testing/tcp_proxy.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>

#include "libs/testing/port.h"
#include "libs/testing/wait.h"

namespace loadline::testing {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// One end of a connection.
class End {
 public:
  explicit End(int socket) : socket_(socket) {}
  static End To(int port) {
    End end(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto address = LoopbackAddress(port);
    EXPECT_EQ(::connect(end.socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    return end;
  }

  void Send(const std::string& text) const {
    EXPECT_EQ(::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  void Close() { socket_ = Descriptor(); }

  /// What is there now: "" for nothing, "<end>", "<reset>".
  std::string Look() const {
    std::array<char, 64> buffer = {};
    const auto count = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count == 0) return "<end>";
    if (count < 0) return errno == EAGAIN ? "" : "<reset>";
    return std::string(buffer.data(), static_cast<std::size_t>(count));
  }
  /// All that comes, once it is as long as `wanted`.
  bool Receives(const std::string& wanted) const {
    std::string text;
    WaitFor([&] { return (text += Look()).size() >= wanted.size(); });
    EXPECT_EQ(text, wanted);
    return text == wanted;
  }

 private:
  Descriptor socket_;
};

class TcpProxyTest : public ::testing::Test {
 protected:
  TcpProxyTest() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto address = LoopbackAddress(0);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listener_.get(), generic, size), 0);
    EXPECT_EQ(::listen(listener_.get(), 8), 0);
    EXPECT_EQ(::getsockname(listener_.get(), generic, &size), 0);
    proxy = std::make_unique<TcpProxy>(ntohs(address.sin_port));
  }

  End Accept() const { return End(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)); }

  std::unique_ptr<TcpProxy> proxy;

 private:
  Descriptor listener_;
};

/// A connection through the proxy.
class TcpProxyLinkTest : public TcpProxyTest {
 protected:
  TcpProxyLinkTest() : client(End::To(proxy->port())), server(Accept()) {}

  End client;
  End server;
};

TEST_F(TcpProxyLinkTest, PassesBytesBothWays) {
  client.Send("question");
  EXPECT_TRUE(server.Receives("question"));
  server.Send("answer");
  EXPECT_TRUE(client.Receives("answer"));
  EXPECT_EQ(proxy->connections(), 1);
}

TEST_F(TcpProxyLinkTest, PassesTheEndOfAConnection) {
  client.Send("last");
  client.Close();
  EXPECT_TRUE(server.Receives("last<end>"));
  server.Close();
  EXPECT_TRUE(WaitFor([&] { return proxy->connections() == 0; }));
}

TEST_F(TcpProxyLinkTest, ACutResetsWhatIsThereAndWhatComes) {
  proxy->Set(LinkState::Cut());
  EXPECT_TRUE(client.Receives("<reset>"));
  EXPECT_TRUE(server.Receives("<reset>"));
  const auto next = End::To(proxy->port());
  EXPECT_TRUE(next.Receives("<reset>"));
  proxy->Set(LinkState::Well());
  EXPECT_TRUE(Accept().Receives("<reset>")) << "of the connection that was cut";
  const auto healed = End::To(proxy->port());
  healed.Send("x");
  EXPECT_TRUE(Accept().Receives("x"));
}

TEST_F(TcpProxyLinkTest, WhatIsSentInSilenceArrivesAfterwards) {
  proxy->Set(LinkState::Silent());
  client.Send("question");
  server.Close();
  // Another connection shows that the proxy has seen the state.
  const auto other = End::To(proxy->port());
  ASSERT_TRUE(WaitFor([&] { return proxy->connections() == 2; }));
  EXPECT_EQ(client.Look(), "");
  proxy->Set(LinkState::Well());
  EXPECT_TRUE(WaitFor([&] { return !client.Look().empty(); })) << "that the server is gone";
}

TEST_F(TcpProxyLinkTest, OfALinkThatIsHalfOpenTheServerHearsAll) {
  proxy->Set(LinkState::HalfOpen());
  server.Send("answer");
  client.Send("question");
  EXPECT_TRUE(server.Receives("question"));
  EXPECT_EQ(client.Look(), "");
  proxy->Set(LinkState::Well());
  EXPECT_TRUE(client.Receives("answer"));
}

TEST_F(TcpProxyLinkTest, DelaysEachWay) {
  constexpr milliseconds kDelay(50);
  proxy->Set(LinkState::Delayed(kDelay));
  const auto sent = Clock::now();
  client.Send("question");
  EXPECT_TRUE(server.Receives("question"));
  EXPECT_GE(Clock::now() - sent, kDelay);
  server.Send("answer");
  EXPECT_TRUE(client.Receives("answer"));
  EXPECT_GE(Clock::now() - sent, 2 * kDelay);
}

TEST_F(TcpProxyLinkTest, IsAsSlowAsItIsTold) {
  proxy->Set(LinkState::Slow(100));
  const auto sent = Clock::now();
  client.Send("0123456789");
  EXPECT_TRUE(server.Receives("0123456789"));
  EXPECT_GE(Clock::now() - sent, milliseconds(90)) << "the tenth byte comes 9 times 10 ms after the first";
}

TEST(TcpProxyWithoutServer, ResetsConnections) {
  const TcpProxy proxy(FreePort());
  EXPECT_TRUE(End::To(proxy.port()).Receives("<reset>"));
}

}  // namespace
}  // namespace loadline::testing
