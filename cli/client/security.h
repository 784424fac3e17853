#pragma once

#include <memory>
#include <string>

#include "libs/base/result.h"

namespace loadline::cli {

/// What a person says of TLS; all empty for plaintext.
struct TlsOptions {
  /// Files, PEM: the services' CA, our certificate and its key.
  std::string ca = {};
  std::string certificate = {};
  std::string key = {};
  /// The name in the service's certificate, where it is not that of its address.
  std::string server_name = {};

  friend bool operator==(const TlsOptions&, const TlsOptions&) = default;
};

/// How services are called with TLS.
class Security;

/// Reads the files. Null where `options` are empty. Fails with `kInvalidArgument`
/// and a violation for each option that is wrong, such as `--tls-cert`.
base::Result<std::shared_ptr<const Security>> OpenSecurity(const TlsOptions& options);

}  // namespace loadline::cli
