#include "libs/service/this_machine.h"

#include <arpa/inet.h>

#include <algorithm>

#include "libs/rpc/listen_address.h"

namespace loadline::service {
namespace {

// 127.0.0.0/8 or ::1. A name such as 127.example.com is none, whatever it begins with.
bool IsLoopback(const rpc::ListenAddress& address) {
  in_addr ipv4 = {};
  in6_addr ipv6 = {};
  if (::inet_pton(AF_INET, address.host.c_str(), &ipv4) == 1) return (ntohl(ipv4.s_addr) >> 24) == IN_LOOPBACKNET;
  if (::inet_pton(AF_INET6, address.host.c_str(), &ipv6) == 1) return IN6_IS_ADDR_LOOPBACK(&ipv6);
  return address.host == "localhost";
}

}  // namespace

bool OnlyThisMachine(std::string_view listen_address) {
  const auto addresses = rpc::ParseListenAddresses(listen_address);
  return !addresses || std::all_of(addresses->begin(), addresses->end(), IsLoopback);
}

}  // namespace loadline::service
