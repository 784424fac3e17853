#include "services/benchmark-store/repository/postgres/dial.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <vector>

#include "services/benchmark-store/repository/postgres/call_time.h"
#include "services/benchmark-store/repository/postgres/sql_error.h"

/// Takes the place of libpq's function, in all of the program. libpqxx 6 asks it
/// before it takes over a result, and libpq's own says -1 once the connection is
/// lost: libpqxx then throws, and the result's memory is lost for good, 2 KB for
/// each call that is cut off. All connections of Dial are UTF-8, lost or not.
extern "C" int PQclientEncoding(const PGconn*) {
  constexpr int kUtf8 = 6;
  return kUtf8;
}

namespace loadline::store::postgres {
namespace {

using std::chrono::milliseconds;
using Settings = std::map<std::string, std::string>;

/// What a URL may override. Without them a network that swallows packets keeps
/// a call waiting for minutes.
const Settings kDefaults = {{"application_name", "loadline"}, {"connect_timeout", "5"},  {"keepalives_idle", "10"},
                            {"keepalives_interval", "5"},     {"keepalives_count", "3"}, {"tcp_user_timeout", "10000"}};

constexpr char kLettersOfHosts[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:%";

std::vector<std::string> Split(const std::string& list) {
  std::vector<std::string> parts(1);
  for (const char character : list) {
    if (character == ',') {
      parts.emplace_back();
    } else {
      parts.back() += character;
    }
  }
  return parts;
}

std::string ValueOf(const Settings& settings, const std::string& key) {
  const auto found = settings.find(key);
  return found == settings.end() ? "" : found->second;
}

/// A name, an address, or where a Unix socket is.
bool CanBeHost(const std::string& text) {
  return text.empty() || text[0] == '/' || text.find_first_not_of(kLettersOfHosts, text[0] == '@' ? 1 : 0) == text.npos;
}

bool CanBePort(const std::string& text) {
  int port = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return text.empty() || (error == std::errc() && stop == text.data() + text.size() && port > 0 && port < 65536);
}

/// What is wrong with them; empty if nothing.
std::string_view FaultOf(const Settings& settings) {
  const auto ports = Split(ValueOf(settings, "port"));
  const auto hosts = Split(ValueOf(settings, "host"));
  const auto addresses = Split(ValueOf(settings, "hostaddr"));
  if (!std::all_of(ports.begin(), ports.end(), CanBePort)) return "has a port that is not a number from 1 to 65535";
  if (!std::all_of(hosts.begin(), hosts.end(), CanBeHost)) return "has a host that is neither a name nor an address";
  if (ValueOf(settings, "dbname").find_first_of("@/") != std::string::npos) return "has '@' or '/' in the database";
  const auto count = std::max(hosts.size(), addresses.size());
  return ports.size() == 1 || ports.size() == count ? "" : "has not as many ports as hosts";
}

base::Result<Settings> Parse(const std::string& url, std::string_view field) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(PQconninfoParse(url.c_str(), &message),
                                                                               PQconninfoFree);
  PQfreemem(message);
  Settings settings;
  for (const auto* each = options.get(); each != nullptr && each->keyword != nullptr; ++each) {
    if (each->val != nullptr) settings[each->keyword] = each->val;
  }
  const auto fault = options == nullptr ? "is not a connection string" : FaultOf(settings);
  if (fault.empty()) return settings;
  return base::Fail(base::InvalidArgument(
      field, fmt::format("{}; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with characters that URLs do not "
                         "allow as %XX: '/' of a password as %2F, '@' as %40, ':' as %3A",
                         fault)));
}

/// The same for each host alone, in order.
std::vector<Settings> HostsOf(const Settings& settings) {
  const auto hosts = Split(ValueOf(settings, "host"));
  const auto addresses = Split(ValueOf(settings, "hostaddr"));
  const auto ports = Split(ValueOf(settings, "port"));
  std::vector<Settings> each(std::max(hosts.size(), addresses.size()), settings);
  for (std::size_t i = 0; i < each.size(); ++i) {
    if (settings.contains("host")) each[i]["host"] = i < hosts.size() ? hosts[i] : "";
    if (settings.contains("hostaddr")) each[i]["hostaddr"] = i < addresses.size() ? addresses[i] : "";
    if (settings.contains("port")) each[i]["port"] = ports.size() == 1 ? ports[0] : ports[i];
  }
  return each;
}

/// What to try, in order. With one host at a time, libpq cannot prefer any.
std::vector<Settings> AttemptsOf(const Settings& settings) {
  if (ValueOf(settings, "target_session_attrs") != "prefer-standby") return HostsOf(settings);
  auto first = settings;
  auto second = settings;
  first["target_session_attrs"] = "standby";
  second["target_session_attrs"] = "any";
  auto attempts = HostsOf(first);
  for (auto& each : HostsOf(second)) attempts.push_back(std::move(each));
  return attempts;
}

/// libpq's connect_timeout: whole seconds, 0 and less for none.
milliseconds LimitOf(const Settings& settings) {
  const auto text = ValueOf(settings, "connect_timeout");
  int seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return seconds <= 0 ? kLongestTime : std::chrono::seconds(seconds);
}

Line Start(const Settings& settings) {
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [key, value] : settings) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  return Line(PQconnectStartParams(keys.data(), values.data(), 0));
}

/// The server answered, and will say the same again: a wrong password, an
/// unknown database.
bool IsRefusal(std::string_view message) {
  const auto says = [&](std::string_view words) { return message.find(words) != std::string_view::npos; };
  return says("FATAL:") && !says("starting up") && !says("shutting down") && !says("too many") && !says("recovery") &&
         !says("terminating connection") && !says("connection slots") && !says("no more connections");
}

base::Error CannotConnect(const Line& line) {
  const std::string_view message = PQerrorMessage(line.get());
  if (!IsRefusal(message)) return DatabaseUnavailable(message);
  auto error = base::FailedPrecondition("DATABASE_REFUSED", "The database refuses the store's connections.");
  error.detail = message;
  return error;
}

bool AwaitSocket(const Line& line, short events, milliseconds patience) {
  pollfd watched = {.fd = PQsocket(line.get()), .events = events, .revents = 0};
  return ::poll(&watched, 1, static_cast<int>(patience.count())) != 0;
}

/// Fails with `OutOfTime` when `scope` is over.
base::Result<Line> DialOne(const Settings& settings, const CallScope& scope) {
  auto line = Start(settings);
  auto next = PQstatus(line.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (next != PGRES_POLLING_OK) {
    if (next == PGRES_POLLING_FAILED) return base::Fail(CannotConnect(line));
    const short events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    const bool ready = AwaitSocket(line, events, std::min(kCancellationPoll, TimeLeft(scope)));
    if (!ready && IsOver(scope)) return base::Fail(OutOfTime(scope));
    if (ready) next = PQconnectPoll(line.get());
  }
  return line;
}

}  // namespace

void HangUp::operator()(pg_conn* connection) const { PQfinish(connection); }

base::Result<Line> Dial(const std::string& url, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(auto settings, Parse(url, "url"));
  settings.insert(kDefaults.begin(), kDefaults.end());
  settings["client_encoding"] = "UTF8";
  const auto attempts = AttemptsOf(settings);
  std::string failures;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    const auto left = static_cast<std::int64_t>(attempts.size() - i);
    auto share = scope;
    share.deadline = std::chrono::steady_clock::now() +
                     std::min(LimitOf(settings), std::max(TimeLeft(scope) / left, milliseconds(1)));
    auto line = DialOne(attempts[i], share);
    if (line || line.error().code == base::ErrorCode::kFailedPrecondition) return line;
    if (IsOver(scope)) return base::Fail(OutOfTime(scope));
    failures += line.error().detail.empty() ? "a host did not answer in time; " : line.error().detail + "; ";
  }
  return base::Fail(DatabaseUnavailable(failures));
}

base::Status CheckUrl(const std::string& url, std::string_view field) {
  LOADLINE_RETURN_IF_ERROR(Parse(url, field));
  return {};
}

}  // namespace loadline::store::postgres
