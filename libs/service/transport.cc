#include "libs/service/transport.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "libs/rpc/callers.h"
#include "libs/rpc/listen_address.h"
#include "libs/rpc/log.h"

namespace loadline::service {
namespace {

bool IsLoopback(const rpc::ListenAddress& address) {
  return address.host == "localhost" || address.host == "::1" || address.host.starts_with("127.");
}

// What is no address is refused where it is listened on.
bool OnlyThisMachine(const std::string& listen_address) {
  const auto addresses = rpc::ParseListenAddresses(listen_address);
  return !addresses || std::all_of(addresses->begin(), addresses->end(), IsLoopback);
}

bool IsPlaintext(const TlsSettings& tls) { return tls.cert_file.empty() && tls.key_file.empty(); }

// "spiffe://domain/name" or "spiffe://domain/*".
bool IsCaller(std::string_view entry) {
  const auto scheme = entry.find("://");
  if (scheme == std::string_view::npos || scheme == 0) return false;
  const auto star = entry.find('*');
  return star == std::string_view::npos || (star + 1 == entry.size() && entry[star - 1] == '/');
}

using Violations = std::vector<base::FieldViolation>;

void CheckPlaintext(const Settings& settings, Violations& mistakes) {
  if (!IsPlaintext(settings.tls) || settings.allow_plaintext || OnlyThisMachine(settings.listen_address)) return;
  mistakes.push_back({"LISTEN_ADDRESS", fmt::format("{} is open to other machines, and there is no TLS; set "
                                                    "TLS_CERT_FILE and TLS_KEY_FILE, or ALLOW_PLAINTEXT=true where "
                                                    "the network is trusted",
                                                    settings.listen_address)});
}

void CheckCallers(const TlsSettings& tls, Violations& mistakes) {
  if (!tls.client_ca_file.empty() && IsPlaintext(tls)) {
    mistakes.push_back({"TLS_CLIENT_CA_FILE", "needs TLS_CERT_FILE and TLS_KEY_FILE: plaintext has no certificates"});
  }
  if (!tls.allowed_callers.empty() && tls.client_ca_file.empty()) {
    mistakes.push_back({"ALLOWED_CALLERS", "needs TLS_CLIENT_CA_FILE: without it callers show no certificate"});
  }
  for (const auto& entry : tls.allowed_callers) {
    if (IsCaller(entry)) continue;
    mistakes.push_back({"ALLOWED_CALLERS", fmt::format("`{}` is no URI such as spiffe://domain/name or "
                                                       "spiffe://domain/*",
                                                       entry)});
  }
}

}  // namespace

rpc::TlsFiles ServerFiles(const TlsSettings& tls) {
  return {.certificate = {"TLS_CERT_FILE", tls.cert_file},
          .key = {"TLS_KEY_FILE", tls.key_file},
          .ca = {"TLS_CLIENT_CA_FILE", tls.client_ca_file}};
}

std::vector<base::FieldViolation> CheckTransport(const Settings& settings, base::Timestamp now) {
  Violations mistakes;
  CheckPlaintext(settings, mistakes);
  CheckCallers(settings.tls, mistakes);
  if (const auto read = rpc::ReadTls(ServerFiles(settings.tls), now); !read) {
    mistakes.insert(mistakes.end(), read.error().violations.begin(), read.error().violations.end());
  }
  return mistakes;
}

base::Result<std::unique_ptr<rpc::Credentials>> OpenTransport(const Settings& settings, const base::Clock& clock) {
  if (!IsPlaintext(settings.tls)) return rpc::Credentials::Open(ServerFiles(settings.tls), settings.tls.refresh, clock);
  if (!OnlyThisMachine(settings.listen_address)) {
    rpc::Log(
        rpc::LogLevel::kWarning, "plaintext",
        {{"address", settings.listen_address},
         {"message", "Calls and answers cross the network unencrypted, and whoever reaches this address may call."}});
  }
  return nullptr;
}

std::vector<std::shared_ptr<const rpc::Stage>> BehindCallers(const TlsSettings& tls,
                                                             std::vector<std::shared_ptr<const rpc::Stage>> guards) {
  if (!tls.allowed_callers.empty()) guards.insert(guards.begin(), rpc::AllowCallers(tls.allowed_callers));
  return guards;
}

}  // namespace loadline::service
