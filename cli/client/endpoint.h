#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "cli/client/security.h"

namespace loadline::cli {

/// Where a service is, how it is called, and how long a call to it may take,
/// retries included.
struct Endpoint {
  std::string address;
  std::chrono::milliseconds timeout{30'000};
  /// Is told why, before a call waits to be made again; may be empty.
  std::function<void(const std::string& why)> on_wait = {};
  /// Null: plaintext.
  std::shared_ptr<const Security> security = {};
};

}  // namespace loadline::cli
