#include "libs/telemetry/certificate_expiry.h"

#include <gtest/gtest.h>

#include <chrono>

#include "libs/testing/certificates.h"
#include "libs/testing/temp_dir.h"

namespace loadline::telemetry {
namespace {

using testing::CertificateAuthority;
using testing::TempDir;

double Now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

TEST(CertificateExpiryTest, ItIsTheFirstCertificatesOfTheFile) {
  const CertificateAuthority ca;
  TempDir folder;
  folder.Write("tls.crt",
               ca.Issue({.name = "store", .valid_until = std::chrono::hours(5)}).certificate + ca.certificate());
  const auto expiry = CertificateExpiry((folder.path() / "tls.crt").string());
  ASSERT_TRUE(expiry);
  EXPECT_NEAR(*expiry, Now() + 5 * 3600, 60);
}

TEST(CertificateExpiryTest, AFileWithoutOneHasNone) {
  TempDir folder;
  folder.Write("tls.crt", "no certificate");
  EXPECT_FALSE(CertificateExpiry((folder.path() / "tls.crt").string()));
  EXPECT_FALSE(CertificateExpiry((folder.path() / "absent").string()));
}

}  // namespace
}  // namespace loadline::telemetry
