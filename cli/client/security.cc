#include "cli/client/security.h"

#include <utility>

#include "cli/client/secure_channel.h"
#include "libs/base/clock.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/credentials.h"

namespace loadline::cli {
namespace {

// A run is short: files that change meanwhile are the next run's.
constexpr std::chrono::milliseconds kNoRefresh{0};

rpc::TlsFiles FilesOf(const TlsOptions& options) {
  return {.certificate = {"--tls-cert", options.certificate},
          .key = {"--tls-key", options.key},
          .ca = {"--tls-ca", options.ca}};
}

}  // namespace

class Security {
 public:
  Security(std::unique_ptr<rpc::Credentials> credentials, const TlsOptions& options)
      : credentials_(std::move(credentials)),
        server_name_(options.server_name),
        has_certificate_(!options.certificate.empty()) {}

  bool has_certificate() const { return has_certificate_; }

  rpc::ChannelSecurity ForChannel() const {
    return {.credentials = credentials_->ForChannels(), .server_name = server_name_};
  }

 private:
  const std::unique_ptr<rpc::Credentials> credentials_;
  const std::string server_name_;
  const bool has_certificate_;
};

base::Result<std::shared_ptr<const Security>> OpenSecurity(const TlsOptions& options) {
  static const base::SystemClock clock;
  if (options == TlsOptions()) return nullptr;
  if (options.ca.empty()) {
    return base::Fail(
        base::InvalidArgument("--tls-ca", "is not set, and TLS needs it: the CA of the services' certificates"));
  }
  LOADLINE_ASSIGN_OR_RETURN(auto credentials, rpc::Credentials::Open(FilesOf(options), kNoRefresh, clock));
  return std::make_shared<const Security>(std::move(credentials), options);
}

std::shared_ptr<grpc::Channel> ChannelTo(const Endpoint& endpoint) {
  return rpc::MakeChannel(endpoint.address,
                          endpoint.security ? endpoint.security->ForChannel() : rpc::ChannelSecurity());
}

rpc::ClientTls TlsOf(const Endpoint& endpoint) {
  return {.used = endpoint.security != nullptr,
          .has_certificate = endpoint.security != nullptr && endpoint.security->has_certificate(),
          .ca_setting = "--tls-ca",
          .certificate_setting = "--tls-cert and --tls-key",
          .name_setting = "--tls-server-name"};
}

}  // namespace loadline::cli
