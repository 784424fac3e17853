#include "libs/base/error.h"

#include <utility>

namespace loadline::base {

Error InvalidArgument(std::string_view field, std::string_view description) {
  return InvalidArgument({FieldViolation{std::string(field), std::string(description)}});
}

Error InvalidArgument(std::vector<FieldViolation> violations) {
  std::string message;
  for (const auto& violation : violations) {
    if (!message.empty()) message += "; ";
    message += violation.field + ": " + violation.description;
  }
  return {.code = ErrorCode::kInvalidArgument,
          .reason = "INVALID_REQUEST",
          .message = std::move(message),
          .violations = std::move(violations)};
}

Error FailedPrecondition(std::string_view reason, std::string_view message) {
  return {.code = ErrorCode::kFailedPrecondition, .reason = std::string(reason), .message = std::string(message)};
}

Error NotFound(std::string_view reason, std::string_view message, Resource resource) {
  Error error{.code = ErrorCode::kNotFound, .reason = std::string(reason), .message = std::string(message)};
  error.metadata = {{"name", resource.name}};
  error.resource = std::move(resource);
  return error;
}

Error Unavailable(std::string_view reason, std::string_view message, std::chrono::milliseconds retry_after) {
  return {.code = ErrorCode::kUnavailable,
          .reason = std::string(reason),
          .message = std::string(message),
          .retry_after = retry_after};
}

Error Internal(std::string_view detail) {
  return {.code = ErrorCode::kInternal,
          .reason = "INTERNAL",
          .message = "An internal error occurred. The server's log has the details.",
          .detail = std::string(detail)};
}

std::string_view Name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kCancelled: return "CANCELLED";
    case ErrorCode::kInvalidArgument: return "INVALID_ARGUMENT";
    case ErrorCode::kDeadlineExceeded: return "DEADLINE_EXCEEDED";
    case ErrorCode::kNotFound: return "NOT_FOUND";
    case ErrorCode::kPermissionDenied: return "PERMISSION_DENIED";
    case ErrorCode::kResourceExhausted: return "RESOURCE_EXHAUSTED";
    case ErrorCode::kFailedPrecondition: return "FAILED_PRECONDITION";
    case ErrorCode::kAborted: return "ABORTED";
    case ErrorCode::kInternal: return "INTERNAL";
    case ErrorCode::kUnavailable: return "UNAVAILABLE";
  }
  return "UNKNOWN";
}

}  // namespace loadline::base
