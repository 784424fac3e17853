#include "services/benchmark-store/repository/postgres/connection.h"

#include <gmock/gmock.h>

#include <atomic>

#include "libs/testing/matchers.h"
#include "libs/testing/postgres_server.h"
#include "services/benchmark-store/repository/postgres/call_time.h"

namespace loadline::store::postgres {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using loadline::testing::SharedPostgres;
using loadline::testing::TestDatabase;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Not;

class ConnectionTest : public ::testing::Test {
 protected:
  std::unique_ptr<Connection> Connect() { return Connection::Open(database_.url(), {}).value(); }
  bool NothingRuns() const {
    return database_.Await(
        "SELECT count(*) = 0 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep%' AND pid <> "
        "pg_backend_pid()");
  }

  TestDatabase database_{SharedPostgres()};
};

TEST_F(ConnectionTest, ValuesComeBackAsTheyWent) {
  const auto connection = Connect();
  const double tiny = 4.9e-324;
  Parameters parameters;
  parameters.Integer(-7).BigInteger(-1'234'567'890'123).Double(tiny).Double(std::nullopt).Boolean(true);
  parameters.Text("O'Brien; -- \xC3\xA4").Bytes(std::string("\0\xFF", 2)).Texts({"a", "", "{b,\"c\"}"});
  const auto rows = connection->Run("SELECT $1, $2, $3, $4, $5, $6, $7, $8", parameters, {});
  ASSERT_THAT(rows, IsOk());
  EXPECT_EQ(rows->Integer(0, 0), -7);
  EXPECT_EQ(rows->BigInteger(0, 1), -1'234'567'890'123);
  EXPECT_EQ(rows->Double(0, 2), tiny);
  EXPECT_FALSE(rows->Reading(0, 3));
  EXPECT_TRUE(rows->Boolean(0, 4));
  EXPECT_EQ(rows->Text(0, 5), "O'Brien; -- \xC3\xA4");
  EXPECT_EQ(rows->Bytes(0, 6), std::string_view("\0\xFF", 2));
  EXPECT_THAT(rows->Texts(0, 7), ElementsAre("a", "", "{b,\"c\"}"));
}

TEST_F(ConnectionTest, ListsOfIntegersMayBeEmpty) {
  const auto connection = Connect();
  const Statement statement = {.name = "sum", .sql = "SELECT coalesce(sum(n), 0)::int4 FROM unnest($1) AS t(n)"};
  EXPECT_EQ(connection->Run(statement, Parameters().Integers({}), {})->Integer(0, 0), 0);
  EXPECT_EQ(connection->Run(statement, Parameters().Integers({1, -2, 5}), {})->Integer(0, 0), 4);
}

TEST_F(ConnectionTest, AStatementIsPreparedOnce) {
  const auto connection = Connect();
  const Statement statement = {.name = "one", .sql = "SELECT 1"};
  for (int i = 0; i < 3; ++i) ASSERT_THAT(connection->Run(statement, {}, {}), IsOk());
  const auto rows =
      connection->Run("SELECT generic_plans, count(*) OVER () FROM pg_prepared_statements WHERE name = 'one'", {}, {});
  ASSERT_EQ(rows->size(), 1);
  EXPECT_EQ(rows->BigInteger(0, 0), 3);
}

TEST_F(ConnectionTest, AMistakeInSqlIsInternalAndItsTextIsForTheLogOnly) {
  const auto connection = Connect();
  const auto failed = connection->Run("SELECT secret_column", {}, {});
  ASSERT_THAT(failed, Fails(ErrorCode::kInternal, "INTERNAL"));
  EXPECT_THAT(failed.error().message, Not(HasSubstr("secret_column")));
  EXPECT_THAT(failed.error().detail, HasSubstr("secret_column"));
  EXPECT_TRUE(connection->reusable());
}

/// What an SQLSTATE means to a caller.
struct Meaning {
  const char* sqlstate;
  ErrorCode code;
  const char* reason;
};

class MeaningTest : public ConnectionTest, public ::testing::WithParamInterface<Meaning> {};

TEST_P(MeaningTest, OfAnSqlStateIsTheSameInAndOutsideOfTransactions) {
  const auto connection = Connect();
  const auto script = std::string("DO $$ BEGIN RAISE 'planted' USING ERRCODE = '") + GetParam().sqlstate + "'; END $$";
  const auto failed = connection->Execute(script, {});
  ASSERT_THAT(failed, Fails(GetParam().code, GetParam().reason));
  EXPECT_THAT(failed.error().message, Not(HasSubstr("planted")));
  EXPECT_TRUE(connection->reusable());
  const auto transaction = Transaction::Begin(*connection, {});
  EXPECT_THAT(connection->Execute(script, {}), Fails(GetParam().code, GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(SqlStates, MeaningTest,
                         ::testing::Values(Meaning{"42501", ErrorCode::kFailedPrecondition, "DATABASE_NOT_ALLOWED"},
                                           Meaning{"53100", ErrorCode::kFailedPrecondition, "DATA_NOT_WRITABLE"},
                                           Meaning{"53200", ErrorCode::kFailedPrecondition, "DATA_NOT_WRITABLE"},
                                           Meaning{"53000", ErrorCode::kFailedPrecondition, "DATA_NOT_WRITABLE"},
                                           Meaning{"58030", ErrorCode::kFailedPrecondition, "DATA_NOT_WRITABLE"},
                                           Meaning{"40001", ErrorCode::kAborted, "DATABASE_CONFLICT"},
                                           Meaning{"40P01", ErrorCode::kAborted, "DATABASE_CONFLICT"},
                                           Meaning{"55P03", ErrorCode::kAborted, "DATABASE_CONFLICT"},
                                           Meaning{"25006", ErrorCode::kUnavailable, "DATABASE_UNAVAILABLE"},
                                           Meaning{"53300", ErrorCode::kUnavailable, "DATABASE_UNAVAILABLE"},
                                           Meaning{"57P03", ErrorCode::kUnavailable, "DATABASE_UNAVAILABLE"},
                                           Meaning{"08006", ErrorCode::kUnavailable, "DATABASE_UNAVAILABLE"},
                                           Meaning{"57014", ErrorCode::kDeadlineExceeded, "NO_TIME_LEFT"},
                                           Meaning{"23505", ErrorCode::kInternal, "INTERNAL"},
                                           Meaning{"22P02", ErrorCode::kInternal, "INTERNAL"},
                                           Meaning{"0A000", ErrorCode::kInternal, "INTERNAL"},
                                           Meaning{"P0001", ErrorCode::kInternal, "INTERNAL"}),
                         [](const auto& each) { return std::string(each.param.sqlstate); });

TEST_F(ConnectionTest, AStatementOfAFailedTransactionDoesNotRunAlone) {
  const auto connection = Connect();
  ASSERT_THAT(connection->Execute("CREATE TABLE t (n int)", {}), IsOk());
  {
    const auto transaction = Transaction::Begin(*connection, {});
    EXPECT_FALSE(connection->Execute("SELECT 1/0", {}));
    EXPECT_FALSE(connection->Run("INSERT INTO t VALUES (1)", {}, {}));
    EXPECT_FALSE(connection->CopyIn("t", "2\n", {}));
  }
  EXPECT_EQ(connection->Run("SELECT count(*) FROM t", {}, {})->BigInteger(0, 0), 0);
}

TEST_F(ConnectionTest, ACommitThatIsNotConfirmedMayHaveBeenMadeAndSaysSo) {
  const auto connection = Connect();
  // What is deferred is run by COMMIT, and lasts.
  database_.Psql(
      "CREATE TABLE t (n int); ALTER TABLE t OWNER TO loadline; "
      "CREATE FUNCTION rest() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'; "
      "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
      "EXECUTE FUNCTION rest()");
  auto transaction = Transaction::Begin(*connection, {});
  ASSERT_THAT(transaction, IsOk());
  ASSERT_THAT(connection->Execute("INSERT INTO t VALUES (1)", {}), IsOk());
  const auto late = transaction->Commit(Within(milliseconds(100)));
  ASSERT_THAT(late, Fails(ErrorCode::kDeadlineExceeded, "NO_TIME_LEFT"));
  EXPECT_THAT(late.error().message, HasSubstr("not known whether"));
  EXPECT_THAT(late.error().message, Not(HasSubstr("nothing was changed")));
  EXPECT_TRUE(connection->abandoned());
  EXPECT_TRUE(NothingRuns());
}

TEST_F(ConnectionTest, ACommitThatHasNoTimeLeftIsNotSentAndChangesNothing) {
  const auto connection = Connect();
  ASSERT_THAT(connection->Execute("CREATE TABLE t (n int)", {}), IsOk());
  {
    auto transaction = Transaction::Begin(*connection, {});
    ASSERT_THAT(connection->Execute("INSERT INTO t VALUES (1)", {}), IsOk());
    const auto late = transaction->Commit({.deadline = steady_clock::now()});
    ASSERT_THAT(late, Fails(ErrorCode::kDeadlineExceeded, "NO_TIME_LEFT"));
    EXPECT_THAT(late.error().message, HasSubstr("nothing was changed"));
  }
  EXPECT_TRUE(connection->reusable());
  EXPECT_EQ(connection->Run("SELECT count(*) FROM t", {}, {})->BigInteger(0, 0), 0);
}

TEST_F(ConnectionTest, AQueryEndsWithTheDeadlineAndIsCancelled) {
  const auto connection = Connect();
  const auto start = std::chrono::steady_clock::now();
  const auto slow = connection->Run("SELECT pg_sleep(60)", {}, Within(milliseconds(100)));
  EXPECT_THAT(slow, Fails(ErrorCode::kDeadlineExceeded, "NO_TIME_LEFT"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  EXPECT_TRUE(connection->abandoned());
  EXPECT_TRUE(NothingRuns());
}

TEST_F(ConnectionTest, AQueryEndsWithItsCaller) {
  const auto connection = Connect();
  std::atomic<int> looks = 0;
  const CallScope scope = {.cancelled = [&] { return ++looks > 2; }};
  EXPECT_THAT(connection->Run("SELECT pg_sleep(60)", {}, scope), Fails(ErrorCode::kCancelled, "CANCELLED"));
  EXPECT_TRUE(connection->abandoned());
  EXPECT_FALSE(connection->reusable());
}

TEST_F(ConnectionTest, TheServerKnowsHowMuchTimeIsLeft) {
  const auto connection = Connect();
  const auto timeout = [&](milliseconds left) {
    const auto rows =
        connection->Run("SELECT setting::int8 FROM pg_settings WHERE name = 'statement_timeout'", {}, Within(left));
    return rows.value().BigInteger(0, 0);
  };
  EXPECT_THAT(timeout(milliseconds(10'000)), AllOf(Ge(9'000), Le(80'000)));
  EXPECT_THAT(timeout(milliseconds(1'000'000)), AllOf(Ge(999'000), Le(8'000'000)));
  EXPECT_THAT(timeout(milliseconds(10'000)), AllOf(Ge(9'000), Le(80'000)));
}

TEST_F(ConnectionTest, TheServerFindsOutWhenWeVanish) {
  const auto connection = Connect();
  const auto rows = connection->Run(
      "SELECT sum(setting::int8)::int8 FROM pg_settings WHERE name IN ('tcp_keepalives_idle', "
      "'tcp_keepalives_interval', 'tcp_keepalives_count', 'tcp_user_timeout')",
      {}, {});
  ASSERT_THAT(rows, IsOk());
  EXPECT_EQ(rows->BigInteger(0, 0), 10 + 5 + 3 + 10'000) << "seconds, seconds, probes, milliseconds";
}

TEST_F(ConnectionTest, ATransactionThatIsDroppedIsRolledBack) {
  const auto connection = Connect();
  ASSERT_THAT(connection->Execute("CREATE TABLE t (n int CHECK (n > 0))", {}), IsOk());
  {
    const auto transaction = Transaction::Begin(*connection, {});
    ASSERT_THAT(connection->Execute("INSERT INTO t VALUES (1)", {}), IsOk());
    EXPECT_FALSE(connection->Execute("INSERT INTO t VALUES (-1)", {}));
    EXPECT_FALSE(connection->reusable());
  }
  EXPECT_TRUE(connection->reusable());
  EXPECT_EQ(connection->Run("SELECT count(*) FROM t", {}, {})->BigInteger(0, 0), 0);
}

TEST_F(ConnectionTest, CopyTakesAllOrNothing) {
  const auto connection = Connect();
  ASSERT_THAT(connection->Execute("CREATE TABLE t (n int)", {}), IsOk());
  std::string lines;
  for (int i = 0; i < 200'000; ++i) lines += std::to_string(i) + "\n";
  EXPECT_THAT(connection->CopyIn("t", lines, {}), IsOk());
  EXPECT_FALSE(connection->CopyIn("t", "1\nnonsense\n", {}));
  EXPECT_TRUE(connection->reusable());
  EXPECT_EQ(connection->Run("SELECT count(*) FROM t", {}, {})->BigInteger(0, 0), 200'000);
}

TEST_F(ConnectionTest, AConnectionThatTheServerEndsIsUnavailable) {
  const auto connection = Connect();
  database_.Psql("SELECT pg_terminate_backend(" + std::to_string(connection->server_process()) + ")");
  EXPECT_THAT(connection->Run("SELECT 1", {}, {}), Fails(ErrorCode::kUnavailable, "DATABASE_UNAVAILABLE"));
  EXPECT_FALSE(connection->reusable());
}

TEST_F(ConnectionTest, ListenersWakeUp) {
  const auto listener = Connect();
  ASSERT_THAT(listener->Listen("news", {}), IsOk());
  EXPECT_EQ(listener->AwaitNotification(milliseconds(1)), false);
  ASSERT_THAT(Connect()->Execute("NOTIFY news", {}), IsOk());
  EXPECT_EQ(listener->AwaitNotification(std::chrono::seconds(60)), true);
}

TEST(ConnectionFailureTest, AServerThatIsNotThereIsUnavailable) {
  EXPECT_THAT(Connection::Open("postgresql://nobody@127.0.0.1:1/none", {}),
              Fails(ErrorCode::kUnavailable, "DATABASE_UNAVAILABLE"));
}

TEST(ConnectionFailureTest, AWrongPasswordIsRefusedAndNeverTold) {
  SharedPostgres().CreateRole("guarded", "right");
  const auto refused = Connection::Open(SharedPostgres().Url("postgres", "guarded", "Xwrong-secretX"), {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused, Fails(ErrorCode::kFailedPrecondition, "DATABASE_REFUSED"));
  EXPECT_THAT(refused.error().message + refused.error().detail, Not(HasSubstr("Xwrong-secretX")));
}

TEST(ConnectionFailureTest, AMalformedUrlIsNamedAndNeverTold) {
  const auto wrong = CheckUrl("postgresql://me:sec%ret@host/db", "DATABASE_URL");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_THAT(wrong, HasViolation("DATABASE_URL"));
  EXPECT_THAT(wrong.error().message, Not(HasSubstr("sec%ret")));
  EXPECT_THAT(CheckUrl("postgresql://me:secret@a:1,b:2/db?target_session_attrs=read-write", "DATABASE_URL"), IsOk());
  EXPECT_THAT(CheckUrl("host=/tmp dbname=x", "DATABASE_URL"), IsOk());
}

}  // namespace
}  // namespace loadline::store::postgres
