#include "libs/service/transport.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "libs/rpc/callers.h"
#include "libs/rpc/listen_address.h"
#include "libs/rpc/log.h"
#include "libs/service/this_machine.h"

namespace loadline::service {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr char kBlanks[] = " \t\r\n";

bool IsPlaintext(const TlsSettings& tls) { return tls.cert_file.empty() && tls.key_file.empty(); }

// "spiffe://domain/name" or "spiffe://domain/*": everybody of every domain is
// what leaving the setting out is for.
bool IsCaller(std::string_view entry) {
  const auto scheme = entry.find("://");
  if (scheme == npos || scheme == 0 || entry.find_first_of(kBlanks) != npos) return false;
  const auto domain = entry.substr(scheme + 3);
  if (domain.empty() || domain.front() == '/' || domain.front() == '*') return false;
  const auto star = entry.find('*');
  return star == npos || (star + 1 == entry.size() && entry[star - 1] == '/');
}

// The part of a URL that says whom to ask, and as whom.
std::string_view AuthorityOf(std::string_view url) {
  const auto rest = url.substr(url.find("://") + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

using Violations = std::vector<base::FieldViolation>;

void CheckAddresses(const Settings& settings, Violations& mistakes) {
  const auto check = [&](const char* name, const std::string& text) {
    const auto addresses = rpc::ParseListenAddresses(text);
    if (!addresses) mistakes.push_back({name, addresses.error().message});
  };
  check("LISTEN_ADDRESS", settings.listen_address);
  if (!settings.admin_address.empty()) check("ADMIN_ADDRESS", settings.admin_address);
  if (!settings.metrics_address.empty()) check("METRICS_ADDRESS", settings.metrics_address);
}

// Does not repeat the value, which may hold a password. The address is logged at the start.
void CheckEndpoint(const TraceSettings& traces, Violations& mistakes) {
  const std::string_view url = traces.endpoint;
  const auto refuse = [&](const char* why) { mistakes.push_back({"OTEL_EXPORTER_OTLP_ENDPOINT", why}); };
  if (url.empty()) return;
  if (!url.starts_with("http://") && !url.starts_with("https://")) return refuse("must begin with http:// or https://");
  if (AuthorityOf(url).empty()) return refuse("names no host; write http://host:4318");
  if (AuthorityOf(url).find('@') != npos || url.find_first_of("?#") != npos) {
    refuse("may hold no user, password or query; send what proves who you are in OTEL_EXPORTER_OTLP_HEADERS");
  }
}

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
  CheckAddresses(settings, mistakes);
  CheckEndpoint(settings.traces, mistakes);
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
