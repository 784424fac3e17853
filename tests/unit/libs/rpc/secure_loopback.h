#pragma once

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>

#include <atomic>
#include <memory>
#include <string>

#include "libs/rpc/callers.h"
#include "libs/rpc/credentials.h"
#include "libs/testing/certificates.h"
#include "libs/testing/matchers.h"
#include "libs/testing/temp_dir.h"
#include "tests/unit/libs/rpc/loopback.h"

/// A server and clients that prove who they are, in this process.
namespace loadline::testing {

inline const CertificateOf kServer = {.name = "server", .also = {"DNS:localhost", "IP:127.0.0.1"}};
inline const CertificateOf kPlanner = {.name = "planner", .also = {"URI:spiffe://loadline/planner"}};

/// The machine's time, and how often it was asked for.
class CountingClock final : public base::Clock {
 public:
  base::Instant Now() const override { return clock_.Now(); }
  base::Timestamp WallTime() const override {
    ++asked_;
    return clock_.WallTime();
  }
  int asked() const { return asked_; }

 private:
  const base::SystemClock clock_{};
  mutable std::atomic<int> asked_ = 0;
};

/// Certificates in a folder, followed as fast as gRPC does.
class Party {
 public:
  Party(const PemPair& pair, const std::string& trusted)
      : volume_(folder_ / "tls", TlsSecret(pair, trusted)),
        credentials_(
            rpc::Credentials::Open(Files(!pair.certificate.empty(), !trusted.empty()), kRefresh, clock_).value()) {}

  const rpc::Credentials& operator*() const { return *credentials_; }
  const rpc::Credentials* operator->() const { return credentials_.get(); }
  void Replace(const PemPair& pair, const std::string& trusted) { volume_.Replace(TlsSecret(pair, trusted)); }
  /// How often the files have been looked at.
  int looks() const { return clock_.asked(); }

 private:
  static constexpr std::chrono::milliseconds kRefresh{10};

  rpc::TlsFiles Files(bool identity, bool trusted) const {
    return {.certificate = {"TLS_CERT_FILE", identity ? volume_ / "tls.crt" : ""},
            .key = {"TLS_KEY_FILE", identity ? volume_ / "tls.key" : ""},
            .ca = {"TLS_CA_FILE", trusted ? volume_ / "ca.crt" : ""}};
  }

  const CountingClock clock_;
  const TempDir folder_;
  SecretVolume volume_;
  const std::unique_ptr<rpc::Credentials> credentials_;
};

/// Tells every caller, as the metadata `caller`, who it is.
class SecureServer {
 public:
  explicit SecureServer(const Party& party)
      : loopback_(
            [](rpc::Call& call) {
              call.context.AddTrailingMetadata("caller", rpc::CallerOf(call.context));
              return base::Status();
            },
            {.credentials = party->ForServer()}) {}

  std::string address() const { return loopback_.address(); }

 private:
  Loopback loopback_;
};

/// How a call ended, and who the two sides were to each other.
struct Meeting {
  grpc::Status status;
  /// What the server was told of us.
  std::string caller = {};
  /// The common name of the server's certificate.
  std::string server = {};
};

inline Meeting Meet(pb::BenchmarkService::Stub& stub) {
  grpc::ClientContext context;
  rpc::SetDeadline(context, std::chrono::seconds(20));
  pb::GetBenchmarkResponse response;
  Meeting meeting = {.status = stub.GetBenchmark(&context, {}, &response)};
  if (!meeting.status.ok()) return meeting;
  const auto caller = context.GetServerTrailingMetadata().find("caller");
  meeting.caller = {caller->second.data(), caller->second.size()};
  const auto names = context.auth_context()->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
  if (!names.empty()) meeting.server = {names.front().data(), names.front().size()};
  return meeting;
}

/// One call over a connection of its own.
inline Meeting Meet(const std::string& address, const rpc::ChannelSecurity& security) {
  return Meet(*pb::BenchmarkService::NewStub(rpc::MakeChannel(address, security)));
}

}  // namespace loadline::testing
