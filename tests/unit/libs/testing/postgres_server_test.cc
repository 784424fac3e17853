#include "libs/testing/postgres_server.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "libs/testing/wait.h"

namespace loadline::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

// Psql, as somebody who must give a password.
Process PsqlAs(const std::string& url) {
  return Process({.binary = "/usr/lib/postgresql/15/bin/psql",
                  .arguments = {"--no-psqlrc", "--no-password", "--dbname=" + url, "--command=SELECT 1"}});
}

TEST(PostgresServer, RunsSql) {
  EXPECT_EQ(SharedPostgres().Psql("SELECT 1, 'a' UNION ALL SELECT 2, 'b' ORDER BY 1"), "1|a\n2|b");
}

TEST(PostgresServer, SaysWhatIsWrongWithSql) {
  EXPECT_THAT([] { SharedPostgres().Psql("SELECT nonsense"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("\"nonsense\" does not exist")));
}

TEST(PostgresServer, IsVersion15) { EXPECT_THAT(SharedPostgres().Psql("SHOW server_version"), HasSubstr("15.")); }

TEST(PostgresServer, AsksEveryOtherRoleForItsPassword) {
  const auto& server = SharedPostgres();
  server.CreateRole("guest", "open-sesame");
  EXPECT_EQ(PsqlAs(server.Url("postgres", "guest", "open-sesame")).Wait(), 0);
  auto refused = PsqlAs(server.Url("postgres", "guest", "wrong"));
  EXPECT_EQ(refused.Wait(), 2);
  EXPECT_THAT(refused.ErrorOutput(), HasSubstr("password authentication failed"));
}

TEST(TestDatabase, IsEmptyAndOwnedByTheProduct) {
  const TestDatabase database(SharedPostgres());
  EXPECT_EQ(database.Psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0");
  EXPECT_EQ(database.Psql("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"),
            "loadline");
}

TEST(TestDatabase, CopiesAnother) {
  const TestDatabase original(SharedPostgres());
  original.Psql("CREATE TABLE words AS SELECT 'hello' AS word");
  const TestDatabase copy(SharedPostgres(), original.name());
  EXPECT_EQ(copy.Psql("SELECT word FROM words"), "hello");
}

TEST(TestDatabase, IsDroppedAtTheEnd) {
  std::string name;
  {
    const TestDatabase database(SharedPostgres());
    name = database.name();
  }
  EXPECT_EQ(SharedPostgres().Psql("SELECT count(*) FROM pg_database WHERE datname = '" + name + "'"), "0");
}

TEST(PostgresServer, KeepsItsDataAndPortWhenItIsStoppedOrKilled) {
  PostgresServer server;
  const int port = server.port();
  server.Psql("CREATE TABLE words (word text)");
  server.Psql("INSERT INTO words VALUES ('stopped')");
  server.Restart();
  server.Psql("INSERT INTO words VALUES ('killed')");
  server.Psql("CHECKPOINT");
  server.Kill9();
  EXPECT_THROW(server.Psql("SELECT 1"), std::runtime_error);
  server.Start();
  EXPECT_EQ(server.port(), port);
  EXPECT_EQ(server.Psql("SELECT word FROM words ORDER BY word"), "killed\nstopped");
}

TEST(PostgresServer, HasReplicasThatCanBePromoted) {
  PostgresServer primary;
  const auto replica = primary.Replica();
  primary.Psql("CREATE TABLE words AS SELECT 'hello' AS word");
  ASSERT_TRUE(replica->AwaitReplay(primary));
  EXPECT_EQ(replica->Psql("SELECT word FROM words"), "hello");
  EXPECT_THROW(replica->Psql("INSERT INTO words VALUES ('no')"), std::runtime_error);
  primary.Kill9();
  replica->Promote();
  EXPECT_EQ(replica->Psql("INSERT INTO words VALUES ('yes') RETURNING word"), "yes");
}

bool IsRunning(pid_t process) { return ::kill(process, 0) == 0; }

TEST(PostgresServer, IsGoneWithItsFolderWhenTheTestCrashes) {
  std::array<int, 2> pipe = {};
  ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
  const auto child = ::fork();
  if (child == 0) {
    const PostgresServer server;
    const auto folder = server.data_dir().parent_path().string();
    const auto id = ReadFile(server.data_dir() / "postmaster.pid");
    const auto said = id.substr(0, id.find('\n')) + ' ' + folder + '\n';
    if (::write(pipe[1], said.data(), said.size()) < 0) ::_exit(1);
    ::raise(SIGKILL);
  }
  ::close(pipe[1]);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  std::array<char, 4096> said = {};
  ASSERT_GT(::read(pipe[0], said.data(), said.size() - 1), 0);
  ::close(pipe[0]);
  pid_t server = 0;
  std::string folder;
  std::istringstream(said.data()) >> server >> folder;
  EXPECT_TRUE(WaitFor([&] { return !std::filesystem::exists(folder); })) << folder;
  EXPECT_TRUE(WaitFor([&] { return !IsRunning(server); })) << server;
}

}  // namespace
}  // namespace loadline::testing
