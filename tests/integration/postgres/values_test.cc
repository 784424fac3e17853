#include <gmock/gmock.h>
#include <rapidcheck.h>

#include <bit>
#include <cmath>

#include "libs/testing/matchers.h"
#include "libs/testing/postgres_server.h"
#include "services/benchmark-store/repository/postgres/connection.h"
#include "services/benchmark-store/repository/postgres/copy_buffer.h"

/// Values go to the server and come back as they are, as parameters and by
/// COPY. Seeds are printed by rapidcheck.
namespace loadline::store::postgres {
namespace {

using loadline::testing::IsOk;
using loadline::testing::SharedPostgres;
using loadline::testing::TestDatabase;
using ::testing::ElementsAre;
using namespace std::chrono_literals;

class ValuesTest : public ::testing::Test {
 protected:
  /// What of `copy` comes back from a table with these columns.
  Rows CopiedAs(const std::string& columns, CopyBuffer& copy) {
    EXPECT_THAT(connection_->Execute("DROP TABLE IF EXISTS t; CREATE TABLE t (" + columns + ")", {}), IsOk());
    EXPECT_THAT(connection_->CopyIn("t", copy.Lines(), {}), IsOk());
    return connection_->Run("SELECT * FROM t", {}, {}).value();
  }
  Rows Echo(const std::string& sql, const Parameters& parameters) {
    return connection_->Run({.name = sql, .sql = sql}, parameters, {}).value();
  }

  TestDatabase database_{SharedPostgres()};
  std::unique_ptr<Connection> connection_ = Connection::Open(database_.url(), {}).value();
};

// Text of every character but NUL, which PostgreSQL does not know.
std::string AnyText() {
  std::string text = "\\N \\. \\x41 NULL {a,\"b\"} $1 '; --\n\\.\n";
  for (int character = 1; character < 128; ++character) text += static_cast<char>(character);
  return text + "\xC3\xA4\xF0\x9F\x92\xA3\xE2\x80\xAE";
}

std::string AnyBytes() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

TEST_F(ValuesTest, DoublesAreExactToTheBit) {
  EXPECT_TRUE(rc::check("as parameters and by COPY", [&](std::uint64_t bits) {
    const auto value = std::bit_cast<double>(bits);
    RC_PRE(!std::isnan(value));
    CopyBuffer copy;
    copy.Row().Double(value);
    RC_ASSERT(std::bit_cast<std::uint64_t>(CopiedAs("d double precision", copy).Double(0, 0)) == bits);
    const auto echo = Echo("SELECT $1", Parameters().Double(value));
    RC_ASSERT(std::bit_cast<std::uint64_t>(echo.Double(0, 0)) == bits);
  }));
}

TEST_F(ValuesTest, TextIsTakenForWhatItIs) {
  for (const auto& text : {std::string(), AnyText(), std::string(1 << 20, '\\'), std::string(1 << 20, '\'')}) {
    CopyBuffer copy;
    copy.Row().Text(text).Integer(1);
    EXPECT_EQ(CopiedAs("t text, n int", copy).Text(0, 0), text);
    EXPECT_EQ(Echo("SELECT $1", Parameters().Text(text)).Text(0, 0), text);
    EXPECT_THAT(Echo("SELECT $1", Parameters().Texts({text, "x"})).Texts(0, 0), ElementsAre(text, "x"));
  }
}

TEST_F(ValuesTest, BytesAreAnyBytes) {
  for (const auto& bytes : {std::string(), AnyBytes(), std::string("\\x41")}) {
    CopyBuffer copy;
    copy.Row().Bytes(bytes);
    EXPECT_EQ(CopiedAs("b bytea", copy).Bytes(0, 0), bytes);
    EXPECT_EQ(Echo("SELECT $1", Parameters().Bytes(bytes)).Bytes(0, 0), bytes);
  }
}

TEST_F(ValuesTest, IntegersHaveAllTheirRange) {
  const auto least = std::numeric_limits<std::int64_t>::min();
  CopyBuffer copy;
  copy.Row().BigInteger(least).Integer(std::numeric_limits<std::int32_t>::max()).Boolean(true).Boolean(false);
  const auto rows = CopiedAs("a int8, b int4, c bool, d bool", copy);
  EXPECT_EQ(rows.BigInteger(0, 0), least);
  EXPECT_EQ(rows.Integer(0, 1), std::numeric_limits<std::int32_t>::max());
  EXPECT_TRUE(rows.Boolean(0, 2));
  EXPECT_FALSE(rows.Boolean(0, 3));
}

TEST_F(ValuesTest, WhatIsAbsentIsNull) {
  CopyBuffer copy;
  copy.Row().BigInteger(std::nullopt).Double(domain::Reading()).Timestamp(std::nullopt).Text("");
  const auto rows = CopiedAs("a int8, b double precision, c timestamptz, d text", copy);
  EXPECT_EQ(rows.OptionalBigInteger(0, 0), std::nullopt);
  EXPECT_FALSE(rows.Reading(0, 1));
  EXPECT_EQ(rows.OptionalTimestamp(0, 2), std::nullopt);
  EXPECT_FALSE(rows.IsNull(0, 3));
  EXPECT_TRUE(Echo("SELECT $1", Parameters().Double(std::nullopt)).IsNull(0, 0));
}

TEST_F(ValuesTest, TimesKeepTheirMilliseconds) {
  EXPECT_TRUE(rc::check("from the year 1 to 9999", [&] {
    const base::Timestamp at(std::chrono::milliseconds(*rc::gen::inRange(-62'135'596'800'000L, 253'402'300'800'000L)));
    CopyBuffer copy;
    copy.Row().Timestamp(at);
    RC_ASSERT(CopiedAs("t timestamptz", copy).OptionalTimestamp(0, 0) == at);
  }));
}

TEST_F(ValuesTest, OfTimesWhatIsBelowAMillisecondIsLeftOut) {
  const auto rows = connection_->Run("SELECT '2026-03-04 05:06:07.123999+00'::timestamptz", {}, {});
  EXPECT_EQ(rows->OptionalTimestamp(0, 0),
            std::chrono::sys_days(std::chrono::year(2026) / 3 / 4) + 5h + 6min + 7s + 123ms);
}

TEST_F(ValuesTest, AParameterHasItsTypeWhereverItStands) {
  Parameters parameters;
  parameters.Text("7").Integer(1).Integers({1, 2});
  for (int i = 4; i <= 10; ++i) parameters.Integer(i);
  const auto rows = Echo(
      "SELECT pg_typeof($1)::text, pg_typeof($2)::text, ($1)::int8, $4 - $5 + $6 - $7 + $8 - $9 + $10, '$', '$$' "
      "FROM unnest($3) LIMIT 1",
      parameters);
  EXPECT_EQ(rows.Text(0, 0), "text");
  EXPECT_EQ(rows.Text(0, 1), "integer");
  EXPECT_EQ(rows.BigInteger(0, 2), 7);
  EXPECT_EQ(rows.Integer(0, 3), 7);
  EXPECT_EQ(rows.Text(0, 4) + rows.Text(0, 5), "$$$");
}

}  // namespace
}  // namespace loadline::store::postgres
