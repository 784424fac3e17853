#include "libs/rpc/tls_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/certificates.h"
#include "libs/testing/matchers.h"
#include "libs/testing/temp_dir.h"

namespace loadline::rpc {
namespace {

using testing::CertificateAuthority;
using testing::CertificateOf;
using testing::Fails;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::PemPair;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// Files of a test, as the settings of a server name them.
class TlsFilesTest : public ::testing::Test {
 protected:
  TlsFiles Write(const PemPair& pair, const std::string& ca) const {
    return {.certificate = {"TLS_CERT_FILE", folder_.Write("tls.crt", pair.certificate)},
            .key = {"TLS_KEY_FILE", folder_.Write("tls.key", pair.key)},
            .ca = {"TLS_CLIENT_CA_FILE", folder_.Write("ca.crt", ca)}};
  }
  TlsFiles Right() const { return Write(ca_.Issue({.name = "server"}), ca_.certificate()); }

  base::Result<TlsMaterial> Read(const TlsFiles& files) const { return ReadTls(files, clock_.WallTime()); }

  // The one violation of files that have one.
  base::FieldViolation Mistake(const TlsFiles& files) const {
    const auto read = Read(files);
    EXPECT_THAT(read, Fails(base::ErrorCode::kInvalidArgument, "INVALID_REQUEST"));
    if (read || read.error().violations.size() != 1) return {};
    return read.error().violations.front();
  }

  const base::SystemClock clock_{};
  const CertificateAuthority ca_;
  const testing::TempDir folder_;
};

TEST_F(TlsFilesTest, AreReadWhole) {
  const auto pair = ca_.Issue({.name = "server", .valid_until = std::chrono::hours(48)});
  const auto material = Read(Write(pair, ca_.certificate()));
  ASSERT_THAT(material, IsOk());
  EXPECT_EQ(material->identity, pair.key + pair.certificate);
  EXPECT_EQ(material->trusted, ca_.certificate());
  const auto left = material->expires - clock_.WallTime();
  EXPECT_LE(left, std::chrono::hours(48));
  EXPECT_GT(left, std::chrono::hours(47));
}

TEST_F(TlsFilesTest, AChainAndABundleKeepTheirOrder) {
  const CertificateAuthority other;
  auto pair = ca_.Issue({.name = "server"});
  pair.certificate += ca_.certificate();
  const auto material = Read(Write(pair, other.certificate() + ca_.certificate()));
  ASSERT_THAT(material, IsOk());
  EXPECT_EQ(material->identity, pair.key + pair.certificate);
  EXPECT_EQ(material->trusted, other.certificate() + ca_.certificate());
}

TEST_F(TlsFilesTest, NoneIsNoMistake) { EXPECT_EQ(Read({}).value(), TlsMaterial()); }

TEST_F(TlsFilesTest, AMissingFileIsNamedWithItsSetting) {
  auto files = Right();
  files.certificate.path = folder_ / "nowhere.crt";
  const auto mistake = Mistake(files);
  EXPECT_EQ(mistake.field, "TLS_CERT_FILE");
  EXPECT_EQ(mistake.description, files.certificate.path + " cannot be read: No such file or directory");
}

TEST_F(TlsFilesTest, AFolderIsNoFile) {
  auto files = Right();
  files.ca.path = folder_.path();
  EXPECT_THAT(Mistake(files).description, HasSubstr("cannot be read: Is a directory"));
}

TEST_F(TlsFilesTest, ACertificateWithoutAKeyIsAMistakeAndTheReverse) {
  auto files = Right();
  files.key.path.clear();
  EXPECT_EQ(Mistake(files).field, "TLS_KEY_FILE");
  files = Right();
  files.certificate.path.clear();
  EXPECT_EQ(Mistake(files).description, "is not set, and TLS_KEY_FILE is: give both or neither");
}

TEST_F(TlsFilesTest, TheKeyOfAnotherCertificateIsFound) {
  auto pair = ca_.Issue({.name = "server"});
  pair.key = ca_.Issue({.name = "other"}).key;
  const auto mistake = Mistake(Write(pair, ca_.certificate()));
  EXPECT_EQ(mistake.field, "TLS_KEY_FILE");
  EXPECT_THAT(mistake.description, HasSubstr("is not the key of the certificate in"));
}

TEST_F(TlsFilesTest, AnExpiredCertificateIsFound) {
  const auto pair = ca_.Issue({.valid_from = std::chrono::hours(-2), .valid_until = std::chrono::hours(-1)});
  const auto mistake = Mistake(Write(pair, ca_.certificate()));
  EXPECT_EQ(mistake.field, "TLS_CERT_FILE");
  EXPECT_THAT(mistake.description, HasSubstr("has expired at 20"));
}

TEST_F(TlsFilesTest, ACertificateThatIsNotValidYetIsFound) {
  const auto pair = ca_.Issue({.valid_from = std::chrono::hours(1)});
  const auto files = Write(pair, ca_.certificate());
  EXPECT_THAT(Mistake(files).description, HasSubstr("is valid from 20"));
  // The same at every look, so that it is logged once.
  const auto later = ReadTls(files, clock_.WallTime() + std::chrono::seconds(90));
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().violations.front(), Mistake(files));
}

TEST_F(TlsFilesTest, AnExpiredCaIsAMistakeUnlessAnotherOfTheBundleIsValid) {
  const CertificateAuthority old({.valid_from = std::chrono::hours(-2), .valid_until = std::chrono::hours(-1)});
  const auto pair = ca_.Issue({});
  EXPECT_EQ(Mistake(Write(pair, old.certificate())).field, "TLS_CLIENT_CA_FILE");
  EXPECT_THAT(Read(Write(pair, old.certificate() + ca_.certificate())), IsOk());
}

TEST_F(TlsFilesTest, ATextThatIsNoPemIsFound) {
  const auto pair = ca_.Issue({});
  EXPECT_EQ(Mistake(Write(pair, "no PEM")).field, "TLS_CLIENT_CA_FILE");
  EXPECT_EQ(Mistake(Write({.certificate = pair.certificate, .key = "no PEM"}, ca_.certificate())).field,
            "TLS_KEY_FILE");
  EXPECT_THAT(Mistake(Write(pair, "")).description, HasSubstr("holds no certificate in PEM"));
}

TEST_F(TlsFilesTest, ABundleThatIsCutInTheMiddleIsNotHalfTaken) {
  const auto cut = ca_.certificate() + ca_.certificate().substr(0, 300);
  EXPECT_EQ(Mistake(Write(ca_.Issue({}), cut)).field, "TLS_CLIENT_CA_FILE");
}

TEST_F(TlsFilesTest, AKeyWithAPasswordIsRefusedWithoutAsking) {
  auto pair = ca_.Issue({});
  pair.key = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
  EXPECT_THAT(Mistake(Write(pair, ca_.certificate())).description, HasSubstr("without a password"));
}

TEST_F(TlsFilesTest, AHugeFileIsNotTaken) {
  EXPECT_THAT(Mistake(Write(ca_.Issue({}), std::string(2 << 20, 'x'))).description, HasSubstr("is larger than"));
}

TEST_F(TlsFilesTest, AllMistakesAreToldAtOnce) {
  const auto read = Read({.certificate = {"TLS_CERT_FILE", "/nowhere/a"},
                          .key = {"TLS_KEY_FILE", "/nowhere/b"},
                          .ca = {"TLS_CLIENT_CA_FILE", "/nowhere/c"}});
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().violations, SizeIs(3));
}

TEST_F(TlsFilesTest, NoMistakeQuotesAKey) {
  auto pair = ca_.Issue({});
  pair.certificate = pair.key;
  const auto description = Mistake(Write(pair, ca_.certificate())).description;
  EXPECT_THAT(description, HasSubstr("holds no certificate"));
  EXPECT_EQ(description.find(pair.key.substr(40, 20)), std::string::npos);
}

}  // namespace
}  // namespace loadline::rpc
