#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <chrono>
#include <memory>

#include "libs/base/clock.h"
#include "libs/base/result.h"
#include "libs/rpc/tls_files.h"

namespace loadline::rpc {

/// Certificates for TLS, 1.2 or newer, that follow their files: what is written
/// there later is used for new connections without a restart. New files that
/// are wrong change nothing and are logged once. Thread-safe.
///
/// It must outlive the servers and channels that use it.
class Credentials {
 public:
  /// Reads the files now, and every `refresh` from then on (0: never again).
  /// gRPC takes up to a second more to notice. Fails like `ReadTls`. `clock`
  /// must outlive the object.
  static base::Result<std::unique_ptr<Credentials>> Open(TlsFiles files, std::chrono::milliseconds refresh,
                                                         const base::Clock& clock);
  ~Credentials();

  /// For a server that shows `certificate`, which must be given. With `ca`, a
  /// client without a certificate that it signed gets no connection.
  std::shared_ptr<grpc::ServerCredentials> ForServer() const;

  /// For a client that trusts `ca`, which must be given, and shows
  /// `certificate`, if any, to servers that ask.
  std::shared_ptr<grpc::ChannelCredentials> ForChannels() const;

  /// When the certificate in use expires; the epoch where there is none.
  base::Timestamp expires() const;

 private:
  class Watch;
  explicit Credentials(std::unique_ptr<Watch> watch);
  std::unique_ptr<Watch> watch_;
};

}  // namespace loadline::rpc
