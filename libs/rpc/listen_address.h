#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace loadline::rpc {

/// One `host:port` of a list; the host is without its brackets.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;

  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// Reads `host:port[,host:port...]`, where a host is a name, an IPv4 address or
/// an IPv6 address in brackets, and a port is from 0 to 65535. Fails with
/// `kUnavailable` (`CANNOT_LISTEN`) naming the part that is none.
base::Result<std::vector<ListenAddress>> ParseListenAddresses(std::string_view text);

/// What to say of an address that cannot be listened on; `why` is a phrase.
base::Error CannotListen(std::string_view address, std::string_view why);

}  // namespace loadline::rpc
