#include "libs/rpc/handshake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/libs/rpc/secure_loopback.h"

namespace loadline::rpc {
namespace {

using testing::CertificateAuthority;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kPlanner;
using testing::kServer;
using testing::Meet;
using testing::Party;
using testing::SecureServer;

/// Real handshakes that fail, and what is said of them: it rests on gRPC's words.
class HandshakeTest : public ::testing::Test {
 protected:
  static ClientTls Words(bool used, bool has_certificate) {
    return {.used = used,
            .has_certificate = has_certificate,
            .ca_setting = "--ca",
            .certificate_setting = "--cert and --key",
            .name_setting = "--name"};
  }
  std::string AdviceFor(const Party& client, bool has_certificate, const std::string& name = {}) const {
    return HandshakeAdvice(MessageOf(server_.address(), {.credentials = client->ForChannels(), .server_name = name}),
                           Words(true, has_certificate));
  }
  static std::string MessageOf(const std::string& address, const ChannelSecurity& security) {
    const auto status = Meet(address, security).status;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
    RecordProperty("message", status.error_message());
    return status.error_message();
  }

  const CertificateAuthority ca_;
  const CertificateAuthority other_ca_{{.name = "other CA"}};
  const Party party_{ca_.Issue(kServer), ca_.certificate()};
  const SecureServer server_{party_};
};

TEST_F(HandshakeTest, AServerOfAnotherCa) {
  EXPECT_EQ(AdviceFor(Party(ca_.Issue(kPlanner), other_ca_.certificate()), true),
            "Its certificate is not signed by a CA of --ca, or has expired.");
}

TEST_F(HandshakeTest, AServerOfAnotherName) {
  EXPECT_THAT(AdviceFor(Party(ca_.Issue(kPlanner), ca_.certificate()), true, "store.example"), HasSubstr("--name"));
}

TEST_F(HandshakeTest, AServerThatAsksForACertificate) {
  EXPECT_EQ(AdviceFor(Party({}, ca_.certificate()), false), "It may ask for a certificate: give --cert and --key.");
}

TEST_F(HandshakeTest, AServerThatDoesNotTakeOurCertificate) {
  EXPECT_THAT(AdviceFor(Party(other_ca_.Issue(kPlanner), ca_.certificate()), true),
              HasSubstr("may not accept your certificate: is the one of --cert and --key signed by"));
}

TEST_F(HandshakeTest, PlaintextToAServerWithTls) {
  EXPECT_THAT(HandshakeAdvice(MessageOf(server_.address(), {}), Words(false, false)),
              HasSubstr("If it speaks TLS, give --ca"));
}

TEST_F(HandshakeTest, TlsToAServerOfPlaintext) {
  const testing::Loopback plain([](Call&) { return base::Status(); });
  const Party client({}, ca_.certificate());
  EXPECT_EQ(HandshakeAdvice(MessageOf(plain.address(), {.credentials = client->ForChannels()}), Words(true, false)),
            "It speaks plaintext: call it without --ca.");
}

TEST_F(HandshakeTest, NobodyAtTheAddressIsNoHandshake) {
  const Party client({}, ca_.certificate());
  const auto message = MessageOf("127.0.0.1:1", {.credentials = client->ForChannels()});
  EXPECT_THAT(HandshakeAdvice(message, Words(true, false)), IsEmpty()) << message;
  EXPECT_THAT(HandshakeAdvice(MessageOf("127.0.0.1:1", {}), Words(false, false)), IsEmpty());
}

}  // namespace
}  // namespace loadline::rpc
