#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

namespace loadline::testing {

enum class Health { kUnreachable, kUnknownService, kServing, kNotServing };

/// What `grpc.health.v1.Health/Check` says of `service`.
Health HealthOf(const std::shared_ptr<grpc::Channel>& channel, const std::string& service);

}  // namespace loadline::testing
