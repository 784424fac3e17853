#include "libs/rpc/health_check.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "grpc/health/v1/health.grpc.pb.h"
#include "libs/rpc/channel.h"

namespace loadline::rpc {
namespace {

using grpc::health::v1::HealthCheckResponse;

base::Status FailedCall(const grpc::Status& status, const std::string& address, const std::string& service) {
  if (status.error_code() == grpc::StatusCode::NOT_FOUND) {
    return base::Fail({.code = base::ErrorCode::kNotFound,
                       .reason = "NO_SUCH_SERVICE",
                       .message = fmt::format("{} knows no service `{}`.", address, service)});
  }
  return base::Fail({.code = base::ErrorCode::kUnavailable,
                     .reason = "NO_ANSWER",
                     .message = fmt::format("{} does not answer: {}.", address, status.error_message())});
}

}  // namespace

base::Status CheckHealth(const std::string& address, const std::string& service, std::chrono::milliseconds timeout) {
  const auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  grpc::ClientContext context;
  SetDeadline(context, timeout);
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  HealthCheckResponse response;
  const auto status = grpc::health::v1::Health::NewStub(channel)->Check(&context, request, &response);
  if (!status.ok()) return FailedCall(status, address, service);
  if (response.status() == HealthCheckResponse::SERVING) return {};
  return base::Fail(
      {.code = base::ErrorCode::kUnavailable,
       .reason = "NOT_SERVING",
       .message = fmt::format("{} is {}.", address, HealthCheckResponse::ServingStatus_Name(response.status()))});
}

}  // namespace loadline::rpc
