#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "tests/attack/messages.h"
#include "tests/attack/target.h"

/// Bytes that no client of gRPC sends. Whatever comes, it is refused or
/// ignored, and the next call is answered.
namespace loadline::attack {
namespace {

constexpr Connection::Milliseconds kSoon{5'000};

class Malformed : public ::testing::TestWithParam<const char*> {
 protected:
  Target& target() {
    static std::map<std::string, std::unique_ptr<Target>> targets;
    auto& target = targets[GetParam()];
    if (target == nullptr) target = std::make_unique<Target>(GetParam());
    return *target;
  }

  // What the next caller sees.
  void ExpectUnharmed() {
    EXPECT_TRUE(target().IsAlive()) << target().process().ErrorOutput();
    EXPECT_TRUE(target().TimeToAnswer());
  }
};

TEST_P(Malformed, WhatIsNotHttp2IsClosed) {
  for (const auto& [name, bytes] : NotHttp2()) {
    auto connection = Connection::Open(target().port());
    ASSERT_TRUE(connection) << name;
    connection->Send(bytes);
    connection->EndSending();
    EXPECT_TRUE(connection->AwaitClose(kSoon)) << name;
  }
  ExpectUnharmed();
}

TEST_P(Malformed, FramesThatBreakTheProtocolAreRefused) {
  for (const auto& [name, bytes] : BrokenFrames(target().path())) {
    auto connection = target().Connect();
    connection.Send(bytes);
    const auto answer = connection.Await(kAttackedStream, kSoon);
    EXPECT_TRUE(answer.IsRefusal()) << name << ": " << answer;
  }
  ExpectUnharmed();
}

TEST_P(Malformed, WhatIsCutOffIsClosed) {
  for (const auto& [name, bytes] : CutOff(target().path(), target().request())) {
    auto connection = target().Connect();
    connection.Send(bytes);
    connection.EndSending();
    EXPECT_TRUE(connection.AwaitClose(kSoon)) << name;
  }
  ExpectUnharmed();
}

TEST_P(Malformed, FramesThatDoNoHarmAreIgnored) {
  for (const auto& [name, bytes] : HarmlessFrames(target().path())) {
    auto connection = target().Connect();
    ASSERT_TRUE(connection.Send(bytes)) << name;
    const auto answer = connection.Call(target().path(), target().request());
    EXPECT_TRUE(answer.IsOk()) << name << ": " << answer;
  }
}

TEST_P(Malformed, CallsThatAreNotGrpcGetAnErrorStatus) {
  for (const auto& [name, headers] : BadCallHeaders(target().path())) {
    auto connection = target().Connect();
    connection.Send(HeadersFrame(headers) + DataFrames(kAttackedStream, GrpcMessage(target().request()), kEndStream));
    const auto answer = connection.Await(kAttackedStream, kSoon);
    EXPECT_TRUE(answer.IsRefusal()) << name << ": " << answer;
  }
  ExpectUnharmed();
}

TEST_P(Malformed, OddHeadersDoNotKeepACallFromItsAnswer) {
  for (const auto& [name, headers] : OddCallHeaders(target().path())) {
    auto connection = target().Connect();
    connection.Send(HeadersFrame(headers) + DataFrames(kAttackedStream, GrpcMessage(target().request()), kEndStream));
    const auto answer = connection.Await(kAttackedStream, kSoon);
    EXPECT_TRUE(answer.IsOk()) << name << ": " << answer;
  }
}

// To a call that refuses an empty request: gRPC takes a message with a flag
// that it does not know for an empty one.
TEST_P(Malformed, MessagesThatAreNoneGetAnErrorStatus) {
  for (const auto& [name, headers, body] : BadBodies(target().strict_path())) {
    auto connection = target().Connect();
    connection.Send(HeadersFrame(headers) + DataFrames(kAttackedStream, body, kEndStream));
    const auto answer = connection.Await(kAttackedStream, kSoon);
    EXPECT_TRUE(answer.IsRefusal()) << name << ": " << answer;
  }
  ExpectUnharmed();
}

INSTANTIATE_TEST_SUITE_P(Programs, Malformed, ::testing::Values("benchmark-store", "planner"), &NameOf);

}  // namespace
}  // namespace loadline::attack
