#pragma once

#include <chrono>
#include <string>

namespace loadline::cli {

/// Where a service is, and how long a call to it may take.
struct Endpoint {
  std::string address;
  std::chrono::milliseconds timeout{30'000};
};

}  // namespace loadline::cli
