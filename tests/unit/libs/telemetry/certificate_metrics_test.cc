#include "libs/telemetry/certificate_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "libs/testing/wait.h"
#include "tests/unit/libs/rpc/secure_loopback.h"

namespace loadline::telemetry {
namespace {

using ::testing::IsEmpty;
using testing::Party;

double ExpiryIn(const Metrics& metrics) { return metrics.at(0).samples.at(0).value; }

double Now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

TEST(CertificateMetrics, PlaintextHasNone) { EXPECT_THAT(CertificateMetrics(nullptr), IsEmpty()); }

TEST(CertificateMetrics, TheExpiryIsThatOfTheCertificateInUseThoughItsFilesHoldAWrongOne) {
  const testing::CertificateAuthority ca;
  const auto lasting = [&](int hours) { return ca.Issue({.valid_until = std::chrono::hours(hours)}); };
  Party party(lasting(5), ca.certificate());
  EXPECT_NEAR(ExpiryIn(CertificateMetrics(&*party)), Now() + 5 * 3600, 60);
  // The key of another certificate.
  party.Replace({.certificate = lasting(50).certificate, .key = lasting(50).key}, ca.certificate());
  const int looks = party.looks();
  ASSERT_TRUE(testing::WaitFor([&] { return party.looks() > looks + 3; }));
  EXPECT_NEAR(ExpiryIn(CertificateMetrics(&*party)), Now() + 5 * 3600, 60);
  party.Replace(lasting(50), ca.certificate());
  EXPECT_TRUE(testing::WaitFor([&] { return ExpiryIn(CertificateMetrics(&*party)) > Now() + 49 * 3600; }));
}

}  // namespace
}  // namespace loadline::telemetry
