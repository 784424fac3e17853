#pragma once

#include <chrono>
#include <string>

#include "libs/base/result.h"

namespace loadline::rpc {

/// Asks the server at `address` (host:port, plaintext) for the health of
/// `service`, empty for the whole server. Fails with `kUnavailable` and reason
/// NOT_SERVING where it is not SERVING, NO_ANSWER where nothing answers within
/// `timeout`, and with `kNotFound` where there is no such service.
base::Status CheckHealth(const std::string& address, const std::string& service, std::chrono::milliseconds timeout);

}  // namespace loadline::rpc
