#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "libs/testing/certificates.h"
#include "libs/testing/matchers.h"
#include "libs/testing/postgres_server.h"
#include "libs/testing/temp_dir.h"
#include "services/benchmark-store/repository/postgres/dial.h"

/// Which database the store trusts. deploy/k8s says it by libpq's variables, and
/// docs/operations/DEPLOYMENT.md by the URL.
namespace loadline::testing {
namespace {

using ::testing::HasSubstr;

/// A variable of the environment for as long as it lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

class PostgresTlsTest : public ::testing::Test {
 protected:
  PostgresTlsTest() {
    Show(ca_.Issue({.name = "database", .also = {"IP:127.0.0.1"}}));
    server_.Psql("ALTER SYSTEM SET ssl = on");
    server_.Restart();
  }

  // Has the server show this certificate from its next start on.
  void Show(const PemPair& pair) const {
    for (const auto& [name, text] : {std::pair("server.crt", pair.certificate), std::pair("server.key", pair.key)}) {
      const auto copy = files_.Write(name, text);
      const auto file = server_.data_dir() / name;
      std::filesystem::copy_file(copy, file, std::filesystem::copy_options::overwrite_existing);
      std::filesystem::permissions(file, std::filesystem::perms::owner_read);
      struct stat owner = {};
      ASSERT_EQ(::stat(server_.data_dir().c_str(), &owner), 0);
      ASSERT_EQ(::chown(file.c_str(), owner.st_uid, owner.st_gid), 0);
    }
  }

  // Connects as docs/operations/DEPLOYMENT.md has it, trusting `ca`.
  base::Result<store::postgres::Line> Dial(const std::string& ca) const {
    const auto trust = "?sslmode=verify-full&sslrootcert=" + files_.Write("ca.crt", ca).string();
    return store::postgres::Dial(database_.url() + trust, {});
  }

  const CertificateAuthority ca_;
  const TempDir files_;
  PostgresServer server_;
  TestDatabase database_{server_};
};

TEST_F(PostgresTlsTest, ADatabaseOfTheCaIsTrusted) { EXPECT_THAT(Dial(ca_.certificate()), IsOk()); }

TEST_F(PostgresTlsTest, TheEnvironmentSaysWhatTheUrlLeavesOpen) {
  const auto ca = files_.Write("ca.crt", CertificateAuthority({.name = "other CA"}).certificate());
  EXPECT_THAT(store::postgres::Dial(database_.url(), {}), IsOk()) << "without them libpq trusts anybody";
  const Variable mode("PGSSLMODE", "verify-full");
  const Variable root("PGSSLROOTCERT", ca);
  const auto line = store::postgres::Dial(database_.url(), {});
  ASSERT_FALSE(line);
  EXPECT_THAT(line.error().detail, HasSubstr("certificate verify failed"));
}

TEST_F(PostgresTlsTest, ADatabaseOfAnotherCaIsNotTrusted) {
  const auto line = Dial(CertificateAuthority({.name = "other CA"}).certificate());
  ASSERT_FALSE(line);
  EXPECT_THAT(line.error().detail, HasSubstr("certificate verify failed"));
}

TEST_F(PostgresTlsTest, ADatabaseOfAnotherNameIsNotTrusted) {
  Show(ca_.Issue({.name = "database", .also = {"DNS:another.example"}}));
  server_.Restart();
  const auto line = Dial(ca_.certificate());
  ASSERT_FALSE(line);
  EXPECT_THAT(line.error().detail, HasSubstr("does not match host name"));
}

}  // namespace
}  // namespace loadline::testing
