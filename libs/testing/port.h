#pragma once

namespace loadline::testing {

/// A port of 127.0.0.1 that nobody listens on just now. Another process may
/// take it before the caller does; prefer port 0 where a program accepts it.
int FreePort();

}  // namespace loadline::testing
