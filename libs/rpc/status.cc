#include "libs/rpc/status.h"

#include <grpcpp/support/error_details.h>

#include <algorithm>
#include <optional>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace loadline::rpc {
namespace {

// A client accepts 8 KiB of trailing metadata, and drops the whole error if it
// is more. The message crosses twice (as text, percent-encoded, and in the
// details), so these leave room for both.
constexpr std::size_t kMaxMessageBytes = 1536;
constexpr std::size_t kMaxValueBytes = 256;
constexpr std::size_t kMaxViolationsBytes = 2048;
constexpr std::string_view kCut = "...";

// What a byte costs in `grpc-message`, which is percent-encoded.
std::size_t EncodedSize(char byte) { return byte >= 0x20 && byte <= 0x7e && byte != '%' ? 1 : 3; }

bool ContinuesCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// The longest prefix of whole UTF-8 characters that fits into `max_bytes`,
// marked as cut if it is not all of `text`.
std::string CutAt(std::string_view text, std::size_t max_bytes) {
  std::size_t kept = 0;
  for (std::size_t cost = 0; kept < text.size(); ++kept) {
    cost += EncodedSize(text[kept]);
    if (cost > max_bytes) break;
  }
  if (kept == text.size()) return std::string(text);
  while (kept > 0 && ContinuesCharacter(text[kept])) --kept;
  return std::string(text.substr(0, kept)).append(kCut);
}

google::rpc::ErrorInfo ErrorInfoOf(const base::Error& error) {
  google::rpc::ErrorInfo info;
  info.set_reason(error.reason);
  info.set_domain(kErrorDomain);
  for (const auto& [key, value] : error.metadata) (*info.mutable_metadata())[key] = CutAt(value, kMaxValueBytes);
  return info;
}

google::rpc::BadRequest BadRequestOf(const base::Error& error) {
  google::rpc::BadRequest request;
  for (std::size_t i = 0; i < error.violations.size(); ++i) {
    auto* violation = request.add_field_violations();
    violation->set_field(CutAt(error.violations[i].field, kMaxValueBytes));
    violation->set_description(CutAt(error.violations[i].description, 2 * kMaxValueBytes));
    if (request.ByteSizeLong() <= kMaxViolationsBytes) continue;
    violation->set_field("");
    violation->set_description(std::to_string(error.violations.size() - i) + " more fields are wrong.");
    break;
  }
  return request;
}

google::rpc::RetryInfo RetryInfoOf(std::chrono::milliseconds wait) {
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(wait.count() / 1000);
  info.mutable_retry_delay()->set_nanos(static_cast<int>(wait.count() % 1000) * 1'000'000);
  return info;
}

google::rpc::ResourceInfo ResourceInfoOf(const base::Resource& resource) {
  google::rpc::ResourceInfo info;
  info.set_resource_type(resource.type);
  info.set_resource_name(CutAt(resource.name, kMaxValueBytes));
  return info;
}

google::rpc::PreconditionFailure PreconditionFailureOf(const base::Error& error) {
  google::rpc::PreconditionFailure failure;
  auto* violation = failure.add_violations();
  violation->set_type(error.reason);
  violation->set_description(CutAt(error.message, 2 * kMaxValueBytes));
  return failure;
}

std::optional<base::ErrorCode> KnownCode(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::ABORTED:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNAVAILABLE: return static_cast<base::ErrorCode>(code);
    // The other side does not have the method: a wrong address or version.
    case grpc::StatusCode::UNIMPLEMENTED: return base::ErrorCode::kFailedPrecondition;
    default: return std::nullopt;
  }
}

void Read(const google::rpc::ErrorInfo& info, base::Error& error) {
  error.reason = info.reason();
  error.metadata = {info.metadata().begin(), info.metadata().end()};
}

void Read(const google::rpc::BadRequest& request, base::Error& error) {
  for (const auto& violation : request.field_violations()) {
    error.violations.push_back({violation.field(), violation.description()});
  }
}

void Read(const google::rpc::RetryInfo& info, base::Error& error) {
  const auto& delay = info.retry_delay();
  error.retry_after = std::chrono::seconds(delay.seconds()) + std::chrono::milliseconds(delay.nanos() / 1'000'000);
}

void Read(const google::rpc::ResourceInfo& info, base::Error& error) {
  error.resource = base::Resource{info.resource_type(), info.resource_name()};
}

template <typename Detail>
void ReadIfPresent(const google::rpc::Status& wire, base::Error& error) {
  for (const auto& any : wire.details()) {
    if (Detail detail; any.UnpackTo(&detail)) return Read(detail, error);
  }
}

}  // namespace

grpc::Status ToGrpcStatus(const base::Error& error) {
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(error.code));
  wire.set_message(CutAt(error.message, kMaxMessageBytes));
  wire.add_details()->PackFrom(ErrorInfoOf(error));
  if (!error.violations.empty()) wire.add_details()->PackFrom(BadRequestOf(error));
  if (error.retry_after) wire.add_details()->PackFrom(RetryInfoOf(*error.retry_after));
  if (error.resource) wire.add_details()->PackFrom(ResourceInfoOf(*error.resource));
  if (error.code == base::ErrorCode::kFailedPrecondition) wire.add_details()->PackFrom(PreconditionFailureOf(error));
  grpc::Status status;
  grpc::SetErrorDetails(wire, &status);
  return status;
}

base::Error FromGrpcStatus(const grpc::Status& status) {
  base::Error error{.code = KnownCode(status.error_code()).value_or(base::ErrorCode::kInternal),
                    .reason = "TRANSPORT",
                    .message = status.error_message()};
  google::rpc::Status wire;
  if (!grpc::ExtractErrorDetails(status, &wire).ok()) return error;
  ReadIfPresent<google::rpc::ErrorInfo>(wire, error);
  ReadIfPresent<google::rpc::BadRequest>(wire, error);
  ReadIfPresent<google::rpc::RetryInfo>(wire, error);
  ReadIfPresent<google::rpc::ResourceInfo>(wire, error);
  return error;
}

}  // namespace loadline::rpc
