#include "services/benchmark-store/repository/postgres/dial.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

#include "libs/testing/matchers.h"
#include "libs/testing/port.h"
#include "libs/testing/postgres_server.h"
#include "services/benchmark-store/repository/postgres/call_time.h"
#include "services/benchmark-store/repository/postgres/connection.h"

namespace loadline::store::postgres {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using loadline::testing::PostgresServer;
using loadline::testing::SharedPostgres;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;
using Clock = std::chrono::steady_clock;

/// A server that takes connections and never says a word.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    auto address = testing::LoopbackAddress(0);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(socket_, any, size), 0);
    EXPECT_EQ(::listen(socket_, 16), 0);
    EXPECT_EQ(::getsockname(socket_, any, &size), 0);
    place_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  ~SilentServer() { ::close(socket_); }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  /// host:port
  const std::string& place() const { return place_; }

 private:
  const int socket_;
  std::string place_;
};

std::string PlaceOf(const PostgresServer& server) { return "127.0.0.1:" + std::to_string(server.port()); }

std::string UrlOf(const std::string& places, const std::string& options = "") {
  return "postgresql://loadline@" + places + "/postgres?" + options;
}

class DialTest : public ::testing::Test {
 protected:
  milliseconds elapsed() const { return std::chrono::duration_cast<milliseconds>(Clock::now() - start_); }

  SilentServer silent_;
  const std::string silent_then_well_ = silent_.place() + "," + PlaceOf(SharedPostgres());
  const Clock::time_point start_ = Clock::now();
};

TEST_F(DialTest, AServerThatIsSilentTakesTheTimeThatTheCallHasAndNoMore) {
  EXPECT_THAT(Dial(UrlOf(silent_.place()), Within(milliseconds(100))),
              Fails(ErrorCode::kDeadlineExceeded, "NO_TIME_LEFT"));
  EXPECT_LT(elapsed(), seconds(2));
}

TEST_F(DialTest, AServerThatIsSilentEndsWithItsCaller) {
  std::atomic<int> looks = 0;
  EXPECT_THAT(Dial(UrlOf(silent_.place()), {.cancelled = [&] { return ++looks > 2; }}),
              Fails(ErrorCode::kCancelled, "CANCELLED"));
  EXPECT_LT(elapsed(), seconds(2));
}

TEST_F(DialTest, ConnectTimeoutIsForEachHost) {
  EXPECT_THAT(Dial(UrlOf(silent_.place(), "connect_timeout=1"), {}),
              Fails(ErrorCode::kUnavailable, "DATABASE_UNAVAILABLE"));
  EXPECT_THAT(Dial(UrlOf(silent_then_well_, "connect_timeout=1"), {}), IsOk());
  EXPECT_LT(elapsed(), seconds(4));
}

TEST_F(DialTest, ASilentHostTakesOnlyItsShareOfTheTime) {
  EXPECT_THAT(Dial(UrlOf(silent_then_well_), Within(seconds(2))), IsOk());
}

TEST_F(DialTest, HostsMayBeGivenOneByOneInAnyForm) {
  const auto port = std::to_string(SharedPostgres().port());
  EXPECT_THAT(Dial("user=loadline dbname=postgres host=127.0.0.1,127.0.0.1 port=1," + port, {}), IsOk());
  EXPECT_THAT(Dial("user=loadline dbname=postgres hostaddr=127.0.0.1,127.0.0.1 port=" + port, {}), IsOk());
  EXPECT_THAT(
      Dial("user=loadline dbname=postgres host=a.invalid,b.invalid hostaddr=127.0.0.1,127.0.0.1 port=1," + port, {}),
      IsOk());
}

TEST_F(DialTest, ARefusalIsNotTriedElsewhere) {
  const auto places = PlaceOf(SharedPostgres()) + "," + silent_.place();
  EXPECT_THAT(Dial("postgresql://nobody:wrong@" + places + "/postgres", {}),
              Fails(ErrorCode::kFailedPrecondition, "DATABASE_REFUSED"));
  EXPECT_LT(elapsed(), seconds(2));
}

TEST_F(DialTest, TargetSessionAttributesChooseTheHost) {
  PostgresServer primary;
  const auto replica = primary.Replica();
  const auto replica_first = PlaceOf(*replica) + "," + PlaceOf(primary);
  const auto in_recovery = [](const std::string& url) {
    return Connection::Open(url, {}).value()->Run("SELECT pg_is_in_recovery()", {}, {})->Boolean(0, 0);
  };
  EXPECT_FALSE(in_recovery(UrlOf(replica_first, "target_session_attrs=read-write")));
  const auto primary_first = PlaceOf(primary) + "," + PlaceOf(*replica);
  EXPECT_TRUE(in_recovery(UrlOf(primary_first, "target_session_attrs=prefer-standby")));
  EXPECT_FALSE(in_recovery(UrlOf(PlaceOf(primary), "target_session_attrs=prefer-standby")));
}

/// URLs in which pieces of the password `Tea/Pot@7` or the like stand where
/// libpq takes them for something else.
class PasswordTest : public ::testing::TestWithParam<const char*> {};

TEST_P(PasswordTest, IsInNoErrorInPieces) {
  const std::string url = GetParam();
  for (const auto& failed :
       {CheckUrl(url, "DATABASE_URL"), base::Status(Dial(url, Within(seconds(2))).map([](auto&&) {}))}) {
    ASSERT_FALSE(failed.has_value()) << url;
    auto told = failed.error().message + failed.error().detail;
    for (const auto& violation : failed.error().violations) told += violation.description;
    for (const auto& piece : {"Tea", "Pot", "Cup"}) EXPECT_THAT(told, Not(HasSubstr(piece))) << url;
  }
  EXPECT_THAT(CheckUrl(url, "DATABASE_URL"), HasViolation("DATABASE_URL"));
}

INSTANTIATE_TEST_SUITE_P(Urls, PasswordTest,
                         ::testing::Values("postgresql://u:Tea/Pot@127.0.0.1/x", "postgresql://u:12/Pot@127.0.0.1/x",
                                           "postgresql://u:/Pot@127.0.0.1/x", "postgresql://u:Tea@Pot@127.0.0.1/x",
                                           "postgresql://u:1,2/Pot@127.0.0.1/x", "postgresql://u:Tea%Pot@127.0.0.1/x",
                                           "postgresql://u:Tea?Pot/Cup@127.0.0.1/x",
                                           "postgresql://u:5/6?Pot=1@127.0.0.1/x", "postgresql://u:Tea@[127.0.0.1/x",
                                           "postgresql://u:p@127.0.0.1:Tea/x", "postgresql://u:p@127.0.0.1:70000/Pot@",
                                           "host=127.0.0.1 password=Tea Pot", "host=127.0.0.1 password='Tea"));

TEST(Password, ThatIsWrittenAsUrlsWantItIsTakenWhole) {
  SharedPostgres().CreateRole("careful", "Tea/Pot@7:#?");
  const auto url =
      "postgresql://careful:Tea%2FPot%407%3A%23%3F@" + PlaceOf(SharedPostgres()) + "/postgres?application_name=x";
  EXPECT_THAT(CheckUrl(url, "DATABASE_URL"), IsOk());
  EXPECT_THAT(Dial(url, {}), IsOk());
}

TEST(CheckUrl, KnowsWhatLibpqTakes) {
  for (const auto* url : {"postgresql://me:secret@a:1,b:2/db?target_session_attrs=read-write", "host=/tmp dbname=x",
                          "postgresql:///db", "postgresql://[::1]:5432/db", "host=@abstract", "", "service=mine",
                          "postgresql://a,b:5433/db", "host=a,b port=1"}) {
    EXPECT_THAT(CheckUrl(url, "DATABASE_URL"), IsOk()) << url;
  }
  EXPECT_THAT(CheckUrl("host=a,b,c port=1,2", "DATABASE_URL"), HasViolation("DATABASE_URL"));
}

}  // namespace
}  // namespace loadline::store::postgres
