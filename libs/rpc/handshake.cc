#include "libs/rpc/handshake.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace loadline::rpc {
namespace {

bool HasOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// With TLS 1.3 a server that refuses the client's certificate closes the
// connection after the client has finished its part of the handshake.
bool IsClosed(std::string_view message) {
  return HasOneOf(message, {"Socket closed", "Connection reset", "Broken pipe", "SETTINGS frame", "GOAWAY",
                            "Handshake read failed", "handshaker shutdown", "alert"});
}

std::string AdviceWithTls(std::string_view message, const ClientTls& tls) {
  if (HasOneOf(message, {"certificate verify failed"})) {
    return fmt::format("Its certificate is not signed by a CA of {}, or has expired.", tls.ca_setting);
  }
  if (HasOneOf(message, {"Hostname Verification Check failed"})) {
    return fmt::format("Its certificate has other names than the address: give one that it has with {}.",
                       tls.name_setting);
  }
  if (HasOneOf(message, {"wrong version number"})) {
    return fmt::format("It speaks plaintext: call it without {}.", tls.ca_setting);
  }
  if (!IsClosed(message)) return {};
  if (!tls.has_certificate) return fmt::format("It may ask for a certificate: give {}.", tls.certificate_setting);
  return fmt::format("It may not accept your certificate: is the one of {} signed by a CA that the service trusts?",
                     tls.certificate_setting);
}

}  // namespace

std::string HandshakeAdvice(std::string_view message, const ClientTls& tls) {
  if (tls.ca_setting.empty()) return {};
  if (tls.used) return AdviceWithTls(message, tls);
  if (!IsClosed(message)) return {};
  return fmt::format("If it speaks TLS, give {}; else it may have ended just now: try again.", tls.ca_setting);
}

}  // namespace loadline::rpc
