#pragma once

#include <string>

namespace loadline::testing {

/// Moves this thread, and what it starts, into a network of its own that has a
/// loopback and a packet filter. What is wrong where that is not allowed; empty
/// once done. Call before this process has other threads.
std::string EnterNetworkOfItsOwn();

/// Swallows all packets to and from a TCP port of that network, or no longer.
void DropPackets(int port);
void PassPackets(int port);

}  // namespace loadline::testing
