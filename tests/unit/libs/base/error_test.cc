#include "libs/base/error.h"

#include <gtest/gtest.h>

#include "libs/base/result.h"

namespace loadline::base {
namespace {

TEST(InvalidArgument, SaysEveryFieldInItsMessage) {
  const Error error = InvalidArgument({{"a", "is wrong"}, {"b.c", "is too"}});
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(error.message, "a: is wrong; b.c: is too");
  ASSERT_EQ(error.violations.size(), 2u);
}

TEST(NotFound, NamesTheResourceInItsMetadata) {
  const Error error = NotFound("MODEL_NOT_FOUND", "no such model", {"model", "x"});
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_EQ(error.metadata.at("name"), "x");
  EXPECT_EQ(error.resource, (Resource{"model", "x"}));
}

TEST(Unavailable, SaysWhenToTryAgain) {
  EXPECT_EQ(Unavailable("STORE_AWAY", "away", std::chrono::milliseconds(250)).retry_after,
            std::chrono::milliseconds(250));
}

TEST(Internal, TellsTheCallerNothingOfTheDetail) {
  const Error error = Internal("disk /dev/sda1 is full");
  EXPECT_EQ(error.message.find("sda1"), std::string::npos);
  EXPECT_EQ(error.detail, "disk /dev/sda1 is full");
}

TEST(ErrorCode, NamesAreThoseOfGrpc) {
  EXPECT_EQ(Name(ErrorCode::kInvalidArgument), "INVALID_ARGUMENT");
  EXPECT_EQ(Name(ErrorCode::kUnavailable), "UNAVAILABLE");
  EXPECT_EQ(static_cast<int>(ErrorCode::kUnavailable), 14);
}

Result<int> Half(int number) {
  if (number % 2 != 0) return Fail(InvalidArgument("number", "is odd"));
  return number / 2;
}

Result<int> Quarter(int number) {
  LOADLINE_ASSIGN_OR_RETURN(const int half, Half(number));
  return Half(half);
}

Status CheckEven(int number) {
  LOADLINE_RETURN_IF_ERROR(Half(number).map([](int) {}));
  return {};
}

TEST(Result, MacrosReturnTheFirstError) {
  EXPECT_EQ(Quarter(8).value(), 2);
  EXPECT_EQ(Quarter(7).error().message, "number: is odd");
  EXPECT_EQ(Quarter(6).error().message, "number: is odd");
  EXPECT_TRUE(CheckEven(2).has_value());
  EXPECT_FALSE(CheckEven(3).has_value());
}

}  // namespace
}  // namespace loadline::base
