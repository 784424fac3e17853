#pragma once

#include <netinet/in.h>

namespace loadline::testing {

/// A port of 127.0.0.1 that nobody listens on just now. Another process may
/// take it before the caller does; prefer port 0 where a program accepts it.
int FreePort();

/// 127.0.0.1:`port`, as sockets want it; port 0 is any.
sockaddr_in LoopbackAddress(int port);

}  // namespace loadline::testing
