#pragma once

#include <string>
#include <string_view>

namespace loadline::rpc {

/// How a client protects its calls, and what the settings are called with which
/// a person can change that.
struct ClientTls {
  bool used = false;
  /// It has a certificate of its own to show.
  bool has_certificate = false;
  /// Such as "--tls-ca".
  std::string ca_setting = {};
  /// Such as "--tls-cert and --tls-key".
  std::string certificate_setting = {};
  /// Such as "--tls-server-name".
  std::string name_setting = {};
};

/// What to do about a call that failed with gRPC's `message` because the two
/// sides did not agree on TLS; empty where that is not the reason, and where
/// `tls` does not say what its settings are called. Of a
/// connection that was just closed it says what may be the reason.
std::string HandshakeAdvice(std::string_view message, const ClientTls& tls);

}  // namespace loadline::rpc
