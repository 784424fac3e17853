#include "libs/service/health_command.h"

#include <cstdlib>
#include <ostream>

#include "libs/base/blanks.h"
#include "libs/rpc/health_check.h"

namespace loadline::service {
namespace {

constexpr int kNotServing = 1;
constexpr int kBadUsage = 2;
// Less than what probes allow by default, so that they see this message.
constexpr std::chrono::milliseconds kTimeout{2'000};

int Refuse(std::string_view message, std::ostream& out) {
  out << "health: " << message << '\n';
  return kBadUsage;
}

}  // namespace

std::string DialAddress(std::string_view listen) {
  const auto first = base::WithoutBlanks(listen.substr(0, listen.find(',')));
  const auto host = first.substr(0, first.rfind(':'));
  const auto port = std::string(first.substr(host.size()));
  if (host == "0.0.0.0" || host == "[::]") return "127.0.0.1" + port;
  return std::string(first);
}

int RunHealth(const Settings& settings, const std::vector<std::string>& arguments, std::ostream& out) {
  if (arguments.size() > 1) return Refuse("takes one service at most", out);
  const bool admin = !settings.admin_address.empty();
  if (!admin && !settings.tls.cert_file.empty()) {
    return Refuse("set ADMIN_ADDRESS: with TLS, only that port tells everyone", out);
  }
  const auto address = DialAddress(admin ? settings.admin_address : settings.listen_address);
  const auto health = rpc::CheckHealth(address, arguments.empty() ? "" : arguments[0], kTimeout);
  out << (health ? address + " is SERVING." : health.error().message) << '\n';
  return health ? EXIT_SUCCESS : kNotServing;
}

}  // namespace loadline::service
