#include "libs/json/scalar.h"

#include <gmock/gmock.h>

#include <cmath>

namespace loadline::json {
namespace {

using ::testing::EndsWith;
using ::testing::Optional;

TEST(NumberIn, TakesNumbersAndTextsThatAreNumbers) {
  EXPECT_THAT(NumberIn(1.5), Optional(1.5));
  EXPECT_THAT(NumberIn(-3), Optional(-3.0));
  EXPECT_THAT(NumberIn("12.5"), Optional(12.5));
  EXPECT_THAT(NumberIn(" +1e3\n"), Optional(1000.0));
  EXPECT_THAT(NumberIn("inf"), Optional(HUGE_VAL));
  EXPECT_THAT(NumberIn("-Infinity"), Optional(-HUGE_VAL));
}

TEST(NumberIn, RefusesWhatOnlyStartsLikeANumber) {
  for (const char* text : {"", " ", "fast", "12ms", "1,234", "0x10", "1e999", "--1", "+-1"}) {
    EXPECT_EQ(NumberIn(text), std::nullopt) << text;
  }
  EXPECT_EQ(NumberIn(true), std::nullopt);
  EXPECT_EQ(NumberIn(nullptr), std::nullopt);
  EXPECT_EQ(NumberIn(nlohmann::json::array({1})), std::nullopt);
}

TEST(CountIn, TakesWholeNumbersOnly) {
  EXPECT_THAT(CountIn(8), Optional(8));
  EXPECT_THAT(CountIn("8"), Optional(8));
  EXPECT_THAT(CountIn(8.0), Optional(8));
  EXPECT_THAT(CountIn(std::numeric_limits<std::int64_t>::max()), Optional(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(CountIn(2.5), std::nullopt);
  EXPECT_EQ(CountIn("nan"), std::nullopt);
  EXPECT_EQ(CountIn(1e300), std::nullopt);
  EXPECT_EQ(CountIn(std::numeric_limits<std::uint64_t>::max()), std::nullopt);
}

TEST(Quoted, IsJsonCutToALine) {
  EXPECT_EQ(Quoted("fa\"st"), R"("fa\"st")");
  EXPECT_EQ(Quoted(nlohmann::json::object()), "{}");
  const std::string cut = Quoted(std::string(500, 'x'));
  EXPECT_THAT(cut, EndsWith("x..."));
  EXPECT_LE(cut.size(), 90u);
}

TEST(Quoted, SurvivesTextsThatAreNotUtf8) { EXPECT_FALSE(Quoted("\xff\xfe").empty()); }

}  // namespace
}  // namespace loadline::json
