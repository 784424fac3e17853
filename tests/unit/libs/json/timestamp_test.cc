#include "libs/json/timestamp.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

namespace loadline::json {
namespace {

using std::chrono::milliseconds;

/// 2026-03-01T12:30:00Z, from a calendar.
constexpr base::Timestamp kNoon{milliseconds(1'772'368'200'000)};

TEST(Timestamp, IsWrittenInUtcToTheMillisecond) {
  EXPECT_EQ(FormatTimestamp(kNoon + milliseconds(250)), "2026-03-01T12:30:00.250Z");
  EXPECT_EQ(FormatTimestamp(base::Timestamp(milliseconds(-1))), "1969-12-31T23:59:59.999Z");
}

class ReadableTime : public ::testing::TestWithParam<std::pair<const char*, base::Timestamp>> {};

TEST_P(ReadableTime, IsRead) { EXPECT_EQ(ParseTimestamp(GetParam().first), GetParam().second) << GetParam().first; }

INSTANTIATE_TEST_SUITE_P(
    Timestamp, ReadableTime,
    ::testing::Values(std::pair{"2026-03-01T12:30:00Z", kNoon}, std::pair{"2026-03-01 12:30:00", kNoon},
                      std::pair{"2026-03-01T12:30", kNoon}, std::pair{"2026-03-01T14:30:00+02:00", kNoon},
                      std::pair{"2026-03-01 14:30:00+02", kNoon}, std::pair{"2026-03-01T07:00:00-0530", kNoon},
                      std::pair{"2026-03-01T12:30:00.0409999Z", kNoon + milliseconds(40)},
                      std::pair{"2026-03-01", kNoon - milliseconds(45'000'000)},
                      std::pair{"2024-02-29", base::Timestamp(milliseconds(1'709'164'800'000))}));

class UnreadableTime : public ::testing::TestWithParam<const char*> {};

TEST_P(UnreadableTime, IsRefused) { EXPECT_EQ(ParseTimestamp(GetParam()), std::nullopt) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(Timestamp, UnreadableTime,
                         ::testing::Values("", "yesterday", "2026-13-01", "2025-02-29", "2026-03-01T24:00:00",
                                           "2026-03-01T12:60:00", "2026-03-01T12", "2026-03-01T12:30:00 UTC",
                                           "2026-03-01T12:30:00+2", "26-03-01", "2026-03-01T", "2026-3-1",
                                           "2026-03-01T12:30:00Z ", "0000-01-01T00:00:00+01:00",
                                           "9999-12-31T23:59:60Z"));

RC_GTEST_PROP(Timestamp, SurvivesWritingAndReading, ()) {
  constexpr std::int64_t kYear0 = -62'167'219'200'000;
  constexpr std::int64_t kYear10000 = 253'402'300'800'000;
  const base::Timestamp time{milliseconds(*rc::gen::inRange(kYear0, kYear10000))};
  RC_ASSERT(ParseTimestamp(FormatTimestamp(time)) == time);
}

}  // namespace
}  // namespace loadline::json
