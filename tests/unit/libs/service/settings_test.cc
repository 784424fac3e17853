#include "libs/service/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/libs/service/settings_with.h"

namespace loadline::service {
namespace {

using ::testing::ElementsAre;
using testing::SettingsWith;

TEST(Settings, CallersMayBeWrittenWithBlanksBetweenThem) {
  EXPECT_THAT(SettingsWith({{"ALLOWED_CALLERS", "spiffe://x/y, spiffe://a/b ,\t,spiffe://c/*"}}).tls.allowed_callers,
              ElementsAre("spiffe://x/y", "spiffe://a/b", "spiffe://c/*"));
}

TEST(Settings, CallersThatAreOnlyBlanksAreNotNoCallers) {
  for (const auto* blank : {" ", ",", " , "}) {
    EXPECT_THAT(SettingsWith({{"ALLOWED_CALLERS", blank}}).tls.allowed_callers, ElementsAre("")) << blank;
  }
  EXPECT_TRUE(SettingsWith({{"ALLOWED_CALLERS", ""}}).tls.allowed_callers.empty());
}

TEST(Settings, ReflectionIsForThisMachineUnlessItIsSet) {
  EXPECT_TRUE(SettingsWith({}).reflection);
  EXPECT_TRUE(SettingsWith({{"LISTEN_ADDRESS", "127.0.0.1:1,[::1]:1"}}).reflection);
  for (const auto* wider : {"0.0.0.0:1", "[::]:1", "127.0.0.1:1,10.0.0.7:1", "127.example.com:1"}) {
    EXPECT_FALSE(SettingsWith({{"LISTEN_ADDRESS", wider}}).reflection) << wider;
    EXPECT_TRUE(SettingsWith({{"LISTEN_ADDRESS", wider}, {"REFLECTION", "true"}}).reflection) << wider;
  }
  EXPECT_FALSE(SettingsWith({{"REFLECTION", "false"}}).reflection);
}

}  // namespace
}  // namespace loadline::service
