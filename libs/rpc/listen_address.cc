#include "libs/rpc/listen_address.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "libs/base/blanks.h"

namespace loadline::rpc {
namespace {

constexpr char kForm[] = "it is not host:port with a port from 0 to 65535 (an IPv6 address stands in brackets)";

std::optional<std::uint16_t> PortFrom(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

// Without brackets, what has several colons has no clear port.
std::optional<std::string_view> HostFrom(std::string_view text) {
  const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
  if (bracketed) return text.substr(1, text.size() - 2);
  if (text.empty() || text.find_first_of("[]: ") != std::string_view::npos) return std::nullopt;
  return text;
}

base::Result<ListenAddress> ParseOne(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return base::Fail(CannotListen(text, kForm));
  const auto host = HostFrom(text.substr(0, colon));
  const auto port = PortFrom(text.substr(colon + 1));
  if (!host || !port) return base::Fail(CannotListen(text, kForm));
  return ListenAddress{.host = std::string(*host), .port = *port};
}

}  // namespace

base::Result<std::vector<ListenAddress>> ParseListenAddresses(std::string_view text) {
  std::vector<ListenAddress> addresses;
  while (true) {
    const auto comma = text.find(',');
    LOADLINE_ASSIGN_OR_RETURN(auto address, ParseOne(base::WithoutBlanks(text.substr(0, comma))));
    addresses.push_back(std::move(address));
    if (comma == std::string_view::npos) return addresses;
    text.remove_prefix(comma + 1);
  }
}

base::Error CannotListen(std::string_view address, std::string_view why) {
  return {.code = base::ErrorCode::kUnavailable,
          .reason = "CANNOT_LISTEN",
          .message = fmt::format("Cannot listen on {}: {}.", address, why),
          .metadata = {{"address", std::string(address)}, {"why", std::string(why)}}};
}

}  // namespace loadline::rpc
