#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "libs/testing/wait.h"
#include "tests/attack/target.h"

/// Much of what each client may do once. During each flood health answers on
/// the main port, over a connection from before; after it, others are served
/// within a second; and the memory that it took is printed and bounded.
namespace loadline::attack {
namespace {

constexpr std::int64_t kMib = 1024;
constexpr std::chrono::seconds kUntilRead{60};

// HEADERS of a call, whose request never comes.
std::string HalfOpen(std::uint32_t stream, const std::string& path) {
  return Encode(
      {.type = FrameType::kHeaders, .flags = kEndHeaders, .stream = stream, .payload = HeaderBlock(CallHeaders(path))});
}

class Flood : public ::testing::TestWithParam<const char*> {
 protected:
  void Prepare(int descriptors = 0) {
    target_ = std::make_unique<Target>(GetParam(), descriptors);
    before_ = target_->ResidentKib();
    main_ = std::make_unique<HealthWatch>(target_->port());
  }

  // `max_growth` in MiB: of what was measured, about twice.
  void ExpectUnharmed(const std::string& attack, std::int64_t max_growth) {
    target_->ExpectUnharmed(attack, before_, max_growth * kMib, {main_.get()});
  }

  // Opens streams of `path` on a connection until it is closed, or `count` are.
  Connection OpenStreams(int count, const std::string& path) {
    auto connection = target_->Connect();
    std::string frames;
    for (int i = 0; i < count; ++i) frames += HalfOpen(static_cast<std::uint32_t>(2 * i + 3), path);
    connection.Send(frames);
    return connection;
  }

  // Begins calls of `path` and resets each, until the connection is cut or all of
  // it has been read.
  void ResetAtOnce(std::uint32_t count, const std::string& path) {
    auto connection = target_->Connect();
    for (std::uint32_t first = 0; first < count; first += 1000) {
      std::string frames;
      for (std::uint32_t i = first; i < first + 1000; ++i) frames += HalfOpen(2 * i + 3, path) + Reset(2 * i + 3);
      if (!connection.Send(frames)) break;
    }
    std::cout << (connection.AwaitPing(kUntilRead) ? "all read" : "cut, or not all read") << "\n";
  }

  // As `ExpectUnharmed`, but for what others see meanwhile.
  void ExpectAlive(const std::string& attack, std::int64_t max_growth) {
    const auto seen = main_->Stop();
    std::cout << attack << ": " << seen.answers << " answers about health, " << seen.misses << " missed; ";
    EXPECT_GT(seen.answers, 0);
    EXPECT_TRUE(testing::WaitFor([this] { return target_->Answers(); }, kUntilRead)) << attack;
    target_->ExpectUnharmed(attack, before_, max_growth * kMib, {});
  }

  Target& target() { return *target_; }

 private:
  std::unique_ptr<Target> target_;
  std::int64_t before_ = 0;
  std::unique_ptr<HealthWatch> main_;
};

// Of 128 descriptors the program needs some twenty itself.
TEST_P(Flood, OfConnectionsToTheDescriptorLimitEndsWithTheFlood) {
  Prepare(128);
  {
    std::vector<Connection> connections;
    for (int i = 0; i < 400; ++i) {
      auto connection = Connection::Open(target().port());
      if (connection) connections.push_back(std::move(*connection));
    }
    std::cout << connections.size() << " connections\n";
    EXPECT_TRUE(target().IsAlive());
  }
  ExpectUnharmed("connections to the descriptor limit", 64);
}

TEST_P(Flood, OfIdleConnectionsLeavesRoomForAMoment) {
  Prepare();
  {
    std::vector<Connection> connections;
    for (int i = 0; i < 3000; ++i) {
      auto connection = Connection::Open(target().port());
      if (connection && connection->Greet()) connections.push_back(std::move(*connection));
    }
  }
  ExpectUnharmed("3,000 connections that only greet", 256);
}

TEST_P(Flood, OfHalfOpenStreamsOnOneConnectionIsCutAtTheCap) {
  Prepare();
  const auto connection = OpenStreams(20'000, target().path());
  ExpectUnharmed("20,000 half-open calls on one connection", 128);
}

TEST_P(Flood, OfHalfOpenStreamsOnManyConnectionsIsServedBeside) {
  Prepare();
  std::vector<Connection> connections;
  for (int i = 0; i < 100; ++i) connections.push_back(OpenStreams(200, target().path()));
  ExpectUnharmed("20,000 half-open calls on 100 connections", 512);
}

// CVE-2023-44487. This version of gRPC begins each call and holds some ten KiB
// of it until a thread has seen that it is gone. As soon as threads have seen
// some, the connection is cut. Where they see none because all of them wait for
// that connection, it is read to its end first: hence the bound.
TEST_P(Flood, OfResetsIsCut) {
  Prepare();
  ResetAtOnce(100'000, target().path());
  ExpectAlive("100,000 calls that are reset at once", 2048);
}

TEST_P(Flood, OfResetsOfHealthIsCut) {
  Prepare();
  ResetAtOnce(100'000, kHealthPath);
  ExpectAlive("100,000 questions about health that are reset at once", 2048);
}

TEST_P(Flood, OfHeadersIsRefusedAfterSettings) {
  Prepare();
  auto connection = target().Connect();
  const auto large = CallHeaders(target().path(), {{"x-large", std::string(64 * kMib, 'x')}});
  const auto block = HeaderBlock(large);
  connection.Send(Encode({.type = FrameType::kHeaders, .stream = 3, .payload = block.substr(0, kMaxPayload)}));
  for (auto rest = kMaxPayload; rest < block.size(); rest += kMaxPayload) {
    const bool last = rest + kMaxPayload >= block.size();
    connection.Send(Encode({.type = FrameType::kContinuation,
                            .flags = last ? kEndHeaders : kNoFlags,
                            .stream = 3,
                            .payload = block.substr(rest, kMaxPayload)}));
  }
  const auto answer = connection.Await(3);
  EXPECT_TRUE(answer.IsRefusal()) << answer;
  ExpectUnharmed("64 KiB of headers", 32);
}

// CVE-2023-33953: the time that such a header takes grows with its square.
TEST_P(Flood, OfHeadersWithoutEndLeavesOthersTheirAnswers) {
  Prepare();
  auto connection = Connection::Open(target().port());
  ASSERT_TRUE(connection);
  const auto block = HeaderBlock(CallHeaders(target().path())) + "\x10\x01x\x7f\xff\xff\xff\x7f";
  connection->Send(std::string(kPreface) + Settings({}));
  connection->Send(Encode({.type = FrameType::kHeaders, .stream = 1, .payload = block}));
  for (int i = 0; i < 4 * 64; ++i) {
    const std::string payload(kMaxPayload, 'x');
    if (!connection->Send(Encode({.type = FrameType::kContinuation, .stream = 1, .payload = payload}))) break;
  }
  ExpectUnharmed("4 MiB of a header, settings never acknowledged", 64);
}

TEST_P(Flood, OfPingsIsCut) {
  Prepare();
  auto connection = target().Connect();
  for (int i = 0; i < 1000; ++i) {
    if (!connection.Send(Encode({.type = FrameType::kPing, .payload = "12345678"}))) break;
  }
  const auto answer = connection.Await(3);
  EXPECT_TRUE(answer.IsRefusal()) << answer;
  ExpectUnharmed("1,000 pings", 32);
}

TEST_P(Flood, OfSettingsCostsNoMoreThanItTakes) {
  Prepare();
  auto connection = target().Connect();
  for (int i = 0; i < 100; ++i) {
    std::string frames;
    for (std::uint32_t window = 0; window < 1000; ++window) {
      frames += Settings({{Setting::kInitialWindowSize, window}});
    }
    if (!connection.Send(frames)) break;
  }
  ExpectUnharmed("100,000 SETTINGS", 64);
}

INSTANTIATE_TEST_SUITE_P(Programs, Flood, ::testing::Values("benchmark-store", "planner"), &NameOf);

// Each import that goes on holds a thread, and may for minutes.
TEST(StoreFlood, OfImportsThatNeverSendARowLeavesOtherCallsTheirThreads) {
  Target target("benchmark-store");
  const auto before = target.ResidentKib();
  HealthWatch health(target.port());
  std::vector<Connection> connections;
  for (int i = 0; i < 4; ++i) {
    connections.push_back(target.Connect());
    std::string frames;
    for (std::uint32_t stream = 3; stream < 203; stream += 2) frames += HalfOpen(stream, target.streaming_path());
    ASSERT_TRUE(connections.back().Send(frames));
    const auto last = connections.back().Await(201);
    EXPECT_EQ(last.grpc_status, 8) << last;
  }
  target.ExpectUnharmed("400 imports without a row", before, 256 * kMib, {&health});
}

}  // namespace
}  // namespace loadline::attack
