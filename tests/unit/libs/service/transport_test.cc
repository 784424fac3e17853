#include "libs/service/transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/certificates.h"
#include "libs/testing/matchers.h"
#include "libs/testing/temp_dir.h"

namespace loadline::service {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsNull;
using ::testing::Not;
using ::testing::NotNull;
using ::testing::SizeIs;

const base::SystemClock kClock;

std::vector<base::FieldViolation> Check(const Settings& settings) {
  return CheckTransport(settings, kClock.WallTime());
}

Settings Plaintext(const std::string& listen_address) {
  Settings settings;
  settings.listen_address = listen_address;
  return settings;
}

auto On(const std::string& setting) { return Field("field", &base::FieldViolation::field, setting); }

/// Settings that name files of a CA of their own.
class TlsSettingsTest : public ::testing::Test {
 protected:
  Settings Mutual() const {
    auto settings = Plaintext("0.0.0.0:1");
    settings.tls = {.cert_file = volume_ / "tls.crt",
                    .key_file = volume_ / "tls.key",
                    .client_ca_file = volume_ / "ca.crt",
                    .refresh = std::chrono::seconds(1),
                    .allowed_callers = {"spiffe://loadline/planner", "spiffe://loadline/people/*"}};
    return settings;
  }

  const testing::TempDir folder_;
  const testing::CertificateAuthority ca_;
  const testing::SecretVolume volume_{folder_ / "tls", testing::TlsSecret(ca_.Issue({}), ca_.certificate())};
};

class PlaintextOn : public ::testing::TestWithParam<const char*> {};
class PlaintextNotOn : public ::testing::TestWithParam<const char*> {};

TEST_P(PlaintextOn, IsForThisMachine) { EXPECT_THAT(Check(Plaintext(GetParam())), IsEmpty()); }
INSTANTIATE_TEST_SUITE_P(Addresses, PlaintextOn,
                         ::testing::Values("127.0.0.1:50051", "127.8.9.10:0", "localhost:50051", "[::1]:50051",
                                           "127.0.0.1:1,[::1]:1"));

TEST_P(PlaintextNotOn, BothWaysOutAreNamed) {
  const auto mistakes = Check(Plaintext(GetParam()));
  ASSERT_THAT(mistakes, ElementsAre(On("LISTEN_ADDRESS")));
  for (const auto* way : {GetParam(), "TLS_CERT_FILE", "TLS_KEY_FILE", "ALLOW_PLAINTEXT=true"}) {
    EXPECT_THAT(mistakes.front().description, HasSubstr(way));
  }
}
INSTANTIATE_TEST_SUITE_P(Addresses, PlaintextNotOn,
                         ::testing::Values("0.0.0.0:50051", "[::]:50051", "10.0.0.7:1", "store:50051",
                                           "127.0.0.1:1,0.0.0.0:2", "1127.0.0.1:1", "127.example.com:1"));

TEST(Addresses, ThatAreNoneAreToldTogether) {
  auto settings = Plaintext("nonsense");
  settings.admin_address = "127.0.0.1:70000";
  settings.metrics_address = "::1:9090";
  EXPECT_THAT(Check(settings), ElementsAre(On("LISTEN_ADDRESS"), On("ADMIN_ADDRESS"), On("METRICS_ADDRESS")));
}

TEST(Endpoint, OfSpansIsAWebAddress) {
  auto settings = Plaintext("127.0.0.1:1");
  for (const auto* right : {"", "http://127.0.0.1:4318", "https://collector.example/otlp", "http://[::1]:4318/a@b"}) {
    settings.traces.endpoint = right;
    EXPECT_THAT(Check(settings), IsEmpty()) << right;
  }
  for (const auto* wrong : {"collector:4317", "file:///etc/passwd", "http://", "https:///v1"}) {
    settings.traces.endpoint = wrong;
    EXPECT_THAT(Check(settings), ElementsAre(On("OTEL_EXPORTER_OTLP_ENDPOINT"))) << wrong;
  }
}

TEST(Endpoint, OfSpansHoldsNoSecretAndTheMistakeDoesNotRepeatIt) {
  auto settings = Plaintext("127.0.0.1:1");
  for (const auto* secret : {"http://me:s3cret@collector:4318", "https://s3cret@collector", "http://c:4318?key=s3cret",
                             "me:s3cret@collector:4318"}) {
    settings.traces.endpoint = secret;
    const auto mistakes = Check(settings);
    ASSERT_THAT(mistakes, ElementsAre(On("OTEL_EXPORTER_OTLP_ENDPOINT"))) << secret;
    EXPECT_THAT(mistakes.front().description, Not(HasSubstr("s3cret")));
  }
}

TEST(Plaintext, IsAllowedWhereTheOperatorSaysSoAndIsLoggedAsAWarning) {
  auto settings = Plaintext("0.0.0.0:50051");
  settings.allow_plaintext = true;
  EXPECT_THAT(Check(settings), IsEmpty());
  ::testing::internal::CaptureStderr();
  EXPECT_THAT(OpenTransport(settings, kClock).value(), IsNull());
  const auto log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("warn"));
  EXPECT_THAT(log, HasSubstr("0.0.0.0:50051"));
}

TEST(Plaintext, OnThisMachineIsNotWorthAWord) {
  ::testing::internal::CaptureStderr();
  EXPECT_THAT(OpenTransport(Plaintext("127.0.0.1:1"), kClock).value(), IsNull());
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(Plaintext, ACallerWithoutANameIsAMistake) {
  auto settings = Plaintext("127.0.0.1:1");
  settings.tls.allowed_callers = {""};
  EXPECT_THAT(Check(settings), ::testing::Contains(On("ALLOWED_CALLERS")));
}

TEST(Plaintext, HasNoCallers) {
  auto settings = Plaintext("127.0.0.1:1");
  settings.tls.allowed_callers = {"spiffe://loadline/planner"};
  EXPECT_THAT(Check(settings), ElementsAre(On("ALLOWED_CALLERS")));
}

TEST_F(TlsSettingsTest, RightFilesAreNoMistakeOnAnyAddress) {
  EXPECT_THAT(Check(Mutual()), IsEmpty());
  EXPECT_THAT(OpenTransport(Mutual(), kClock).value(), NotNull());
}

TEST_F(TlsSettingsTest, ACaAloneIsAMistake) {
  auto settings = Mutual();
  settings.listen_address = "127.0.0.1:1";
  settings.tls.cert_file.clear();
  settings.tls.key_file.clear();
  EXPECT_THAT(Check(settings), ElementsAre(On("TLS_CLIENT_CA_FILE")));
}

TEST_F(TlsSettingsTest, ACallerThatIsNoUriIsAMistake) {
  auto settings = Mutual();
  settings.tls.allowed_callers = {
      "planner",   "spiffe://loadline/*/x",      "spiffe://loadline/plan*",    "://x", "*", "spiffe://*", "spiffe:///*",
      "spiffe://", " spiffe://loadline/planner", "spiffe://loadline/a planner"};
  EXPECT_THAT(Check(settings), SizeIs(settings.tls.allowed_callers.size()));
}

TEST_F(TlsSettingsTest, EveryMistakeIsToldAtOnce) {
  auto settings = Mutual();
  settings.tls.cert_file = "/nowhere/tls.crt";
  settings.tls.key_file = volume_ / "ca.crt";
  settings.tls.allowed_callers = {"planner"};
  EXPECT_THAT(Check(settings), ElementsAre(On("ALLOWED_CALLERS"), On("TLS_CERT_FILE"), On("TLS_KEY_FILE")));
}

TEST_F(TlsSettingsTest, CallersAreTheFirstGuardWhereSomeAreNamed) {
  const std::shared_ptr<const rpc::Stage> other = rpc::CatchExceptions();
  EXPECT_THAT(BehindCallers({}, {other}), ElementsAre(other));
  const auto guards = BehindCallers(Mutual().tls, {other});
  ASSERT_THAT(guards, SizeIs(2));
  EXPECT_EQ(guards.front()->name(), "callers");
  EXPECT_EQ(guards.back(), other);
}

}  // namespace
}  // namespace loadline::service
