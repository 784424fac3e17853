#include "libs/base/environment.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <map>

#include "libs/testing/matchers.h"

namespace loadline::base {
namespace {

using ::loadline::testing::Fails;
using ::loadline::testing::IsOk;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

EnvironmentReader ReaderOf(std::map<std::string, std::string> variables) {
  return EnvironmentReader([variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

auto Violation(const std::string& field, const std::string& found) {
  return AllOf(Field(&FieldViolation::field, field), Field(&FieldViolation::description, HasSubstr(found)));
}

TEST(EnvironmentReader, WhatIsNotSetHasTheFallback) {
  auto reader = ReaderOf({});
  EXPECT_EQ(reader.Text("ADDRESS", "127.0.0.1:1"), "127.0.0.1:1");
  EXPECT_EQ(reader.Choice("FORMAT", {"json", "text"}), "json");
  EXPECT_EQ(reader.Integer("THREADS", {.fallback = 64, .min = 1, .max = 100}), 64);
  EXPECT_TRUE(reader.Flag("REFLECTION", true));
  EXPECT_EQ(reader.Milliseconds("GRACE_MS", {.fallback = 1500, .min = 0, .max = 9999}),
            std::chrono::milliseconds(1500));
  EXPECT_THAT(reader.Finish(), IsOk());
}

TEST(EnvironmentReader, WhatIsSetCounts) {
  auto reader = ReaderOf({{"ADDRESS", "[::]:2"}, {"FORMAT", "text"}, {"THREADS", "7"}, {"GRACE_MS", "20"}});
  EXPECT_EQ(reader.Text("ADDRESS", "127.0.0.1:1"), "[::]:2");
  EXPECT_EQ(reader.Choice("FORMAT", {"json", "text"}), "text");
  EXPECT_EQ(reader.Integer("THREADS", {.fallback = 64, .min = 1, .max = 100}), 7);
  EXPECT_EQ(reader.Milliseconds("GRACE_MS", {.fallback = 1, .min = 0, .max = 99}), std::chrono::milliseconds(20));
  EXPECT_THAT(reader.Finish(), IsOk());
}

TEST(EnvironmentReader, AnEmptyVariableCountsAsNotSet) {
  auto reader = ReaderOf({{"THREADS", ""}, {"FORMAT", ""}});
  EXPECT_EQ(reader.Integer("THREADS", {.fallback = 5, .min = 1, .max = 9}), 5);
  EXPECT_EQ(reader.Choice("FORMAT", {"json", "text"}), "json");
  EXPECT_THAT(reader.Finish(), IsOk());
}

TEST(EnvironmentReader, FlagsAreReadInEverySpelling) {
  for (const char* text : {"true", "1", "yes", "on", "TRUE", "Yes"}) {
    auto reader = ReaderOf({{"FLAG", text}});
    EXPECT_TRUE(reader.Flag("FLAG", false)) << text;
    EXPECT_THAT(reader.Finish(), IsOk()) << text;
  }
  for (const char* text : {"false", "0", "no", "off", "OFF"}) {
    auto reader = ReaderOf({{"FLAG", text}});
    EXPECT_FALSE(reader.Flag("FLAG", true)) << text;
    EXPECT_THAT(reader.Finish(), IsOk()) << text;
  }
}

TEST(EnvironmentReader, TheEndsOfARangeAreAllowedAndNothingBeyond) {
  for (const auto& [text, ok] : std::map<std::string, bool>{{"1", true}, {"9", true}, {"0", false}, {"10", false}}) {
    auto reader = ReaderOf({{"N", text}});
    reader.Integer("N", {.fallback = 5, .min = 1, .max = 9});
    EXPECT_EQ(reader.Finish().has_value(), ok) << text;
  }
}

TEST(EnvironmentReader, AFractionIsANumberFromZeroToOne) {
  auto reader =
      ReaderOf({{"HALF", "0.5"}, {"ALL", "1"}, {"MORE", "1.01"}, {"LESS", "-0.1"}, {"NAN", "nan"}, {"TAIL", "0.5x"}});
  EXPECT_EQ(reader.Fraction("HALF", 0.1), 0.5);
  EXPECT_EQ(reader.Fraction("ALL", 0.1), 1);
  EXPECT_EQ(reader.Fraction("MISSING", 0.01), 0.01);
  for (const auto* name : {"MORE", "LESS", "NAN", "TAIL"}) EXPECT_EQ(reader.Fraction(name, 0.25), 0.25);
  const auto status = reader.Finish();
  ASSERT_FALSE(status.has_value());
  EXPECT_THAT(status.error().violations, ElementsAre(Violation("MORE", "1.01"), Violation("LESS", "-0.1"),
                                                     Violation("NAN", "nan"), Violation("TAIL", "0.5x")));
  EXPECT_EQ(reader.Effective()[2], "MISSING=0.01");
}

TEST(EnvironmentReader, OnlyWholeNumbersAreIntegers) {
  for (const char* text : {"1.5", "1e3", "0x10", " 5", "5 ", "five", "-", "99999999999999999999", "5ms"}) {
    auto reader = ReaderOf({{"N", text}});
    EXPECT_EQ(reader.Integer("N", {.fallback = 5, .min = -100, .max = 1'000'000}), 5) << text;
    EXPECT_THAT(reader.Finish(), Fails(ErrorCode::kInvalidArgument, "INVALID_REQUEST")) << text;
  }
}

TEST(EnvironmentReader, EveryMistakeIsListedAtOnceWithNameValueAndWhatIsAllowed) {
  auto reader = ReaderOf({{"THREADS", "many"}, {"FORMAT", "xml"}, {"FLAG", "maybe"}, {"GOOD", "3"}});
  reader.Integer("THREADS", {.fallback = 64, .min = 1, .max = 100});
  reader.Integer("GOOD", {.fallback = 1, .min = 1, .max = 100});
  reader.Choice("FORMAT", {"json", "text"});
  reader.Flag("FLAG", true);
  const Status status = reader.Finish();
  ASSERT_THAT(status, Fails(ErrorCode::kInvalidArgument, "INVALID_REQUEST"));
  EXPECT_THAT(status.error().violations,
              ElementsAre(Violation("THREADS", "from 1 to 100; found `many`"),
                          Violation("FORMAT", "one of json, text; found `xml`"),
                          Violation("FLAG", "true, false, 1, 0, yes, no, on, off; found `maybe`")));
}

TEST(EnvironmentReader, SecretsAreNotListed) {
  auto reader = ReaderOf({{"PASSWORD", "tell-nobody"}});
  EXPECT_EQ(reader.Secret("PASSWORD"), "tell-nobody");
  EXPECT_EQ(reader.Secret("OTHER"), "");
  EXPECT_THAT(reader.Effective(), ElementsAre("PASSWORD=set", "OTHER=unset"));
}

TEST(EnvironmentReader, EffectiveListsSettingsInTheOrderRead) {
  auto reader = ReaderOf({{"B", "off"}, {"A", "x"}});
  reader.Flag("B", true);
  reader.Text("A", "y");
  reader.Integer("C", {.fallback = 3, .min = 1, .max = 9});
  EXPECT_THAT(reader.Effective(), ElementsAre("B=false", "A=x", "C=3"));
}

TEST(FromProcess, ReadsThisProcess) {
  ASSERT_EQ(setenv("LOADLINE_TEST_VARIABLE", "value", 1), 0);
  EXPECT_EQ(FromProcess("LOADLINE_TEST_VARIABLE"), "value");
  ASSERT_EQ(setenv("LOADLINE_TEST_VARIABLE", "", 1), 0);
  EXPECT_EQ(FromProcess("LOADLINE_TEST_VARIABLE"), std::nullopt);
  ASSERT_EQ(unsetenv("LOADLINE_TEST_VARIABLE"), 0);
  EXPECT_EQ(FromProcess("LOADLINE_TEST_VARIABLE"), std::nullopt);
}

}  // namespace
}  // namespace loadline::base
