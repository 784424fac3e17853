#include "libs/testing/health.h"

#include <chrono>

#include "grpc/health/v1/health.grpc.pb.h"

namespace loadline::testing {

Health HealthOf(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  grpc::health::v1::HealthCheckResponse response;
  const auto status = grpc::health::v1::Health::NewStub(channel)->Check(&context, request, &response);
  if (status.error_code() == grpc::StatusCode::NOT_FOUND) return Health::kUnknown;
  if (!status.ok()) return Health::kAway;
  const bool serving = response.status() == grpc::health::v1::HealthCheckResponse::SERVING;
  return serving ? Health::kServing : Health::kNotServing;
}

}  // namespace loadline::testing
