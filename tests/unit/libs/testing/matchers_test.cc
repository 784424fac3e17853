#include "libs/testing/matchers.h"

#include <gtest/gtest.h>

namespace loadline::testing {
namespace {

using base::ErrorCode;
using ::testing::Not;
using ::testing::PrintToString;

base::Result<int> BadField() { return base::Fail(base::InvalidArgument("slo", "is empty.")); }

TEST(Matchers, AValueIsOk) {
  EXPECT_THAT(base::Result<int>(7), IsOk());
  EXPECT_THAT(base::Status(), IsOk());
  EXPECT_THAT(BadField(), Not(IsOk()));
}

TEST(Matchers, IsOkAndLooksAtTheValue) {
  EXPECT_THAT(base::Result<int>(7), IsOkAnd(7));
  EXPECT_THAT(base::Result<int>(7), Not(IsOkAnd(8)));
  EXPECT_THAT(BadField(), Not(IsOkAnd(7)));
}

TEST(Matchers, FailsLooksAtCodeAndReason) {
  EXPECT_THAT(BadField(), Fails(ErrorCode::kInvalidArgument, "INVALID_REQUEST"));
  EXPECT_THAT(BadField(), Not(Fails(ErrorCode::kNotFound, "INVALID_REQUEST")));
  EXPECT_THAT(BadField(), Not(Fails(ErrorCode::kInvalidArgument, "OTHER")));
  EXPECT_THAT(base::Result<int>(7), Not(Fails(ErrorCode::kInvalidArgument, "INVALID_REQUEST")));
}

TEST(Matchers, ErrorsMatchWithoutAResult) {
  EXPECT_THAT(BadField().error(), Fails(ErrorCode::kInvalidArgument, "INVALID_REQUEST"));
}

TEST(Matchers, HasViolationLooksAtTheField) {
  EXPECT_THAT(BadField(), HasViolation("slo"));
  EXPECT_THAT(BadField(), Not(HasViolation("shape")));
  EXPECT_THAT(base::Result<int>(7), Not(HasViolation("slo")));
}

TEST(Matchers, AFailurePrintsItsError) {
  EXPECT_EQ(PrintToString(BadField()), "INVALID_ARGUMENT (INVALID_REQUEST) \"slo: is empty.\" [slo: is empty.]");
  EXPECT_EQ(PrintToString(base::Result<int>(7)), "OK");
}

}  // namespace
}  // namespace loadline::testing
