#include "libs/rpc/listen_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/matchers.h"

namespace loadline::rpc {
namespace {

using base::ErrorCode;
using ::testing::ElementsAre;
using testing::Fails;
using ::testing::HasSubstr;

TEST(ListenAddresses, AreHostsWithPorts) {
  EXPECT_THAT(ParseListenAddresses("127.0.0.1:50051").value(), ElementsAre(ListenAddress{"127.0.0.1", 50051}));
  EXPECT_THAT(ParseListenAddresses("localhost:0").value(), ElementsAre(ListenAddress{"localhost", 0}));
  EXPECT_THAT(ParseListenAddresses("0.0.0.0:65535").value(), ElementsAre(ListenAddress{"0.0.0.0", 65535}));
}

TEST(ListenAddresses, HaveIpv6InBrackets) {
  EXPECT_THAT(ParseListenAddresses("[::]:50051").value(), ElementsAre(ListenAddress{"::", 50051}));
  EXPECT_THAT(ParseListenAddresses("[::1]:1").value(), ElementsAre(ListenAddress{"::1", 1}));
}

TEST(ListenAddresses, MayBeSeveral) {
  EXPECT_THAT(ParseListenAddresses("127.0.0.1:1, [::1]:2,localhost:3").value(),
              ElementsAre(ListenAddress{"127.0.0.1", 1}, ListenAddress{"::1", 2}, ListenAddress{"localhost", 3}));
}

TEST(ListenAddresses, OthersAreRefusedByName) {
  for (const std::string part : {"", "127.0.0.1", "127.0.0.1:", ":50051", "127.0.0.1:65536", "127.0.0.1:-1",
                                 "127.0.0.1:http", "127.0.0.1:1x", "::1:50051", "[]:1", "[::1:1", "a b:1"}) {
    const auto refused = ParseListenAddresses("127.0.0.1:1," + part);
    ASSERT_THAT(refused, Fails(ErrorCode::kUnavailable, "CANNOT_LISTEN")) << part;
    EXPECT_THAT(refused.error().message, HasSubstr("Cannot listen on " + part + ":")) << part;
  }
}

}  // namespace
}  // namespace loadline::rpc
