#include "libs/rpc/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <string_view>
#include <thread>

#include "libs/testing/wait.h"
#include "tests/unit/libs/rpc/secure_loopback.h"

namespace loadline::rpc {
namespace {

using testing::CertificateAuthority;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::kPlanner;
using testing::kServer;
using testing::Meet;
using testing::Party;
using testing::SecureServer;

int CountOf(std::string_view word, std::string_view text) {
  int count = 0;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

/// A server with mutual TLS, and the CA that both sides trust.
class CredentialsTest : public ::testing::Test {
 protected:
  ChannelSecurity As(const Party& party) const { return {.credentials = party->ForChannels()}; }
  grpc::StatusCode CodeOf(const Party& client) const { return Meet(server_.address(), As(client)).status.error_code(); }

  const CertificateAuthority ca_;
  const CertificateAuthority other_ca_{{.name = "other CA"}};
  Party server_party_{ca_.Issue(kServer), ca_.certificate()};
  const SecureServer server_{server_party_};
  Party client_{ca_.Issue(kPlanner), ca_.certificate()};
};

TEST_F(CredentialsTest, BothSidesKnowEachOther) {
  const auto meeting = Meet(server_.address(), As(client_));
  EXPECT_TRUE(meeting.status.ok()) << meeting.status.error_message();
  EXPECT_EQ(meeting.caller, "spiffe://loadline/planner");
  EXPECT_EQ(meeting.server, "server");
}

TEST_F(CredentialsTest, AClientWithoutACertificateIsRefused) {
  EXPECT_EQ(CodeOf(Party({}, ca_.certificate())), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(CredentialsTest, AClientOfAnotherCaIsRefused) {
  EXPECT_EQ(CodeOf(Party(other_ca_.Issue(kPlanner), ca_.certificate())), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(CredentialsTest, APlaintextClientIsRefused) {
  EXPECT_EQ(Meet(server_.address(), {}).status.error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(CredentialsTest, AServerOfAnotherCaIsNotTrusted) {
  EXPECT_EQ(CodeOf(Party(ca_.Issue(kPlanner), other_ca_.certificate())), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(CredentialsTest, AServerOfAnotherNameIsNotTrustedUnlessThatNameIsExpected) {
  const Party named(ca_.Issue({.name = "store", .also = {"DNS:store.loadline.svc"}}), ca_.certificate());
  const SecureServer server(named);
  EXPECT_EQ(Meet(server.address(), As(client_)).status.error_code(), grpc::StatusCode::UNAVAILABLE);
  auto security = As(client_);
  security.server_name = "store.loadline.svc";
  EXPECT_TRUE(Meet(server.address(), security).status.ok());
}

TEST_F(CredentialsTest, WithoutACaTheServerAsksNobodyForACertificate) {
  const Party open(ca_.Issue(kServer), "");
  const SecureServer server(open);
  const Party nobody({}, ca_.certificate());
  for (const Party* client : std::initializer_list<const Party*>{&client_, &nobody}) {
    const auto meeting = Meet(server.address(), As(*client));
    EXPECT_TRUE(meeting.status.ok()) << meeting.status.error_message();
    EXPECT_EQ(meeting.caller, "");
  }
}

TEST_F(CredentialsTest, NewConnectionsSeeANewCertificateAndNoCallFails) {
  std::atomic<bool> stop = false;
  std::atomic<int> calls = 0;
  std::atomic<int> failures = 0;
  const auto stub = testing::pb::BenchmarkService::NewStub(MakeChannel(server_.address(), As(client_)));
  std::thread old_connection([&] {
    for (; !stop; ++calls) failures += Meet(*stub).status.ok() ? 0 : 1;
  });
  std::thread new_connections([&] {
    for (; !stop; ++calls) failures += Meet(server_.address(), As(client_)).status.ok() ? 0 : 1;
  });
  for (const auto* name : {"second", "third"}) {
    server_party_.Replace(ca_.Issue({.name = name, .also = kServer.also}), ca_.certificate());
    EXPECT_TRUE(testing::WaitFor([&] { return Meet(server_.address(), As(client_)).server == name; })) << name;
  }
  stop = true;
  old_connection.join();
  new_connections.join();
  EXPECT_EQ(failures, 0) << "of " << calls;
  EXPECT_GT(calls, 10);
}

TEST_F(CredentialsTest, AClientOfAReplacedCaIsRefusedAndOneOfTheNewIsTaken) {
  const Party newcomer(other_ca_.Issue(kPlanner), ca_.certificate());
  EXPECT_NE(CodeOf(newcomer), grpc::StatusCode::OK);
  server_party_.Replace(ca_.Issue(kServer), other_ca_.certificate());
  EXPECT_TRUE(testing::WaitFor([&] { return CodeOf(newcomer) == grpc::StatusCode::OK; }));
  EXPECT_EQ(CodeOf(client_), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(CredentialsTest, AClientFollowsItsFilesToo) {
  auto security = As(client_);
  EXPECT_EQ(Meet(server_.address(), security).caller, "spiffe://loadline/planner");
  client_.Replace(ca_.Issue({.name = "planner", .also = {"URI:spiffe://loadline/renamed"}}), ca_.certificate());
  EXPECT_TRUE(
      testing::WaitFor([&] { return Meet(server_.address(), security).caller == "spiffe://loadline/renamed"; }));
}

TEST_F(CredentialsTest, WrongNewFilesChangeNothingUntilRightOnesCome) {
  auto wrong = ca_.Issue({.name = "wrong", .also = kServer.also});
  wrong.key = ca_.Issue(kServer).key;
  const auto expires = server_party_->expires();
  ::testing::internal::CaptureStderr();
  server_party_.Replace(wrong, "no PEM");
  const int looks = server_party_.looks();
  EXPECT_TRUE(testing::WaitFor([&] { return server_party_.looks() > looks + 10; }));
  EXPECT_EQ(server_party_->expires(), expires);
  server_party_.Replace(ca_.Issue({.name = "right", .also = kServer.also}), ca_.certificate());
  EXPECT_TRUE(testing::WaitFor([&] {
    const auto meeting = Meet(server_.address(), As(client_));
    EXPECT_TRUE(meeting.status.ok()) << meeting.status.error_message();
    return meeting.server == "right";
  }));
  const auto log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(CountOf("tls_files_broken", log), 1) << log;
  EXPECT_THAT(log, HasSubstr("is not the key of the certificate"));
  EXPECT_THAT(log, HasSubstr("TLS_CA_FILE"));
}

/// While it lives, no file of this process, one in memory either, grows beyond `bytes`.
class FilesUpTo {
 public:
  explicit FilesUpTo(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FilesUpTo() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, action_);
  }
  FilesUpTo(const FilesUpTo&) = delete;
  FilesUpTo& operator=(const FilesUpTo&) = delete;

 private:
  // Else that signal ends the process.
  const sighandler_t action_ = ::signal(SIGXFSZ, SIG_IGN);
  rlimit before_ = {};
};

TEST_F(CredentialsTest, NewFilesThatTheMachineHasNoRoomForChangeNothingUntilItHas) {
  constexpr int kIntermediates = 100;
  auto next = ca_.Issue({.name = "next", .also = kServer.also, .valid_until = std::chrono::hours(240)});
  for (int i = 0; i < kIntermediates; ++i) next.certificate += ca_.certificate();
  // The files are there at once; the limit is for the copies in memory.
  const testing::TempDir folder;
  const auto current = folder / "current";
  const testing::SecretVolume first(folder / "first", testing::TlsSecret(ca_.Issue(kServer), ca_.certificate()));
  const testing::SecretVolume second(folder / "second", testing::TlsSecret(next, ca_.certificate()));
  std::filesystem::create_directory_symlink(folder / "first", current);
  const testing::CountingClock clock;
  const auto credentials = Credentials::Open(
      {.certificate = {"TLS_CERT_FILE", current / "tls.crt"}, .key = {"TLS_KEY_FILE", current / "tls.key"}},
      std::chrono::milliseconds(10), clock);
  ASSERT_THAT(credentials, IsOk());
  const auto before = (*credentials)->expires();
  ::testing::internal::CaptureStderr();
  {
    const FilesUpTo limit(16 * 1024);
    std::filesystem::create_directory_symlink(folder / "second", folder / "new");
    std::filesystem::rename(folder / "new", current);
    const int looks = clock.asked();
    EXPECT_TRUE(testing::WaitFor([&] { return clock.asked() > looks + 10; }));
    EXPECT_EQ((*credentials)->expires(), before);
  }
  EXPECT_TRUE(testing::WaitFor([&] { return (*credentials)->expires() != before; }));
  const auto log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(CountOf("tls_files_broken", log), 1) << log;
  EXPECT_EQ(CountOf("tls_files_replaced", log), 1) << log;
}

TEST_F(CredentialsTest, TheExpiryIsThatOfTheCertificateInUse) {
  const auto before = server_party_->expires();
  server_party_.Replace(ca_.Issue({.name = "long", .valid_until = std::chrono::hours(240)}), ca_.certificate());
  EXPECT_TRUE(testing::WaitFor([&] { return server_party_->expires() > before + std::chrono::hours(200); }));
}

TEST_F(CredentialsTest, FilesThatAreWrongAtTheStartAreRefused) {
  const base::SystemClock clock;
  EXPECT_THAT(Credentials::Open({.ca = {"TLS_CLIENT_CA_FILE", "/nowhere"}}, std::chrono::seconds(1), clock),
              testing::HasViolation("TLS_CLIENT_CA_FILE"));
}

// An expired client certificate: we would not load it, others might.
TEST_F(CredentialsTest, AnExpiredClientCertificateIsRefused) {
  const auto pair = ca_.Issue({.name = "planner",
                               .also = kPlanner.also,
                               .valid_from = std::chrono::hours(-2),
                               .valid_until = std::chrono::hours(-1)});
  const auto credentials = grpc::SslCredentials(
      {.pem_root_certs = ca_.certificate(), .pem_private_key = pair.key, .pem_cert_chain = pair.certificate});
  EXPECT_EQ(Meet(server_.address(), {.credentials = credentials}).status.error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace loadline::rpc
