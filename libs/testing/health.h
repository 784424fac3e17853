#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

namespace loadline::testing {

/// What `grpc.health.v1` says of a service.
enum class Health { kServing, kNotServing, kUnknown, kAway };

/// Asks once. `kUnknown`: there is no such service; `kAway`: no answer.
Health HealthOf(const std::shared_ptr<grpc::Channel>& channel, const std::string& service = {});

}  // namespace loadline::testing
