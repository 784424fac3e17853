#include "cli/output/number.h"

#include <gtest/gtest.h>

#include <limits>

namespace loadline::cli {
namespace {

TEST(Number, CountsHaveThousandsApart) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1'000), "1,000");
  EXPECT_EQ(FormatCount(-1'234'567), "-1,234,567");
  EXPECT_EQ(FormatCount(-123), "-123");
}

TEST(Number, SignificantKeepsThreeDigits) {
  EXPECT_EQ(FormatSignificant(0), "0");
  EXPECT_EQ(FormatSignificant(0.012345), "0.0123");
  EXPECT_EQ(FormatSignificant(1.2345), "1.23");
  EXPECT_EQ(FormatSignificant(12.345), "12.3");
  EXPECT_EQ(FormatSignificant(123.45), "123");
  EXPECT_EQ(FormatSignificant(12345.6), "12,346");
}

TEST(Number, WhatIsNoNumberIsPrintedAsSuch) {
  EXPECT_EQ(FormatSignificant(std::numeric_limits<double>::quiet_NaN()), "nan");
  EXPECT_EQ(FormatFixed(std::numeric_limits<double>::infinity(), 2), "inf");
}

TEST(Number, PlainHasAsFewDigitsAsTellTheValue) {
  EXPECT_EQ(FormatPlain(20), "20");
  EXPECT_EQ(FormatPlain(1.2), "1.2");
  EXPECT_EQ(FormatPlain(12'000.5), "12,000.5");
  EXPECT_EQ(FormatPlain(1e30), "1e+30");
  EXPECT_EQ(FormatPlain(std::numeric_limits<double>::quiet_NaN()), "nan");
}

TEST(Number, DollarsHaveCentsAndSmallOnesThreeDigits) {
  EXPECT_EQ(FormatUsd(17958), "17,958.00");
  EXPECT_EQ(FormatUsd(1.5), "1.50");
  EXPECT_EQ(FormatUsd(0.0412), "0.0412");
  EXPECT_EQ(FormatUsd(0.8), "0.80");
  EXPECT_EQ(FormatUsd(0.05), "0.05");
  EXPECT_EQ(FormatUsd(-0.995), "-0.995");
}

TEST(Number, TokensHaveADecimalOnlyWhereNeeded) {
  EXPECT_EQ(FormatTokens(2048), "2,048");
  EXPECT_EQ(FormatTokens(511.75), "511.8");
}

TEST(Number, PercentIsWhole) { EXPECT_EQ(FormatPercent(0.1225), "12 %"); }

}  // namespace
}  // namespace loadline::cli
