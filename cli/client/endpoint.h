#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace loadline::cli {

/// Where a service is, and how long a call to it may take, retries included.
struct Endpoint {
  std::string address;
  std::chrono::milliseconds timeout{30'000};
  /// Is told why, before a call waits to be made again; may be empty.
  std::function<void(const std::string& why)> on_wait = {};
};

}  // namespace loadline::cli
