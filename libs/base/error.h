#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loadline::base {

/// Why an operation failed. Values equal `grpc::StatusCode`, so the transport
/// edge casts; nothing below the edge includes a gRPC header.
enum class ErrorCode {
  kCancelled = 1,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kInternal = 13,
  kUnavailable = 14,
};

/// One field of a request that is wrong: its dotted path, and what is wrong
/// with it and what would be right.
struct FieldViolation {
  std::string field;
  std::string description;

  friend bool operator==(const FieldViolation&, const FieldViolation&) = default;
};

/// The thing that an error is about, such as a model that is not known.
struct Resource {
  std::string type;
  std::string name;

  friend bool operator==(const Resource&, const Resource&) = default;
};

/// A failure that callers can branch on.
///
/// `reason` is the machine-readable cause (UPPER_SNAKE_CASE, at most 63
/// characters) and never changes its meaning. Every value that appears in
/// `message` also appears in `metadata`. `detail` is for the log only: it may
/// hold file names or SQL and must not reach a client.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string reason = {};
  std::string message = {};
  std::map<std::string, std::string> metadata = {};
  std::vector<FieldViolation> violations = {};
  std::optional<Resource> resource = {};
  std::optional<std::chrono::milliseconds> retry_after = {};
  std::string detail = {};

  friend bool operator==(const Error&, const Error&) = default;
};

/// One field is wrong. The message is `field: description`.
Error InvalidArgument(std::string_view field, std::string_view description);

/// Several fields are wrong. `violations` must not be empty.
Error InvalidArgument(std::vector<FieldViolation> violations);

/// The data or the configuration of this process are not as they must be.
Error FailedPrecondition(std::string_view reason, std::string_view message);

/// Something that was asked for does not exist.
Error NotFound(std::string_view reason, std::string_view message, Resource resource);

/// Something that this process needs is away for now.
Error Unavailable(std::string_view reason, std::string_view message, std::chrono::milliseconds retry_after);

/// A bug, or the machine failed us. `detail` goes to the log only.
Error Internal(std::string_view detail);

/// "INVALID_ARGUMENT", ...
std::string_view Name(ErrorCode code);

}  // namespace loadline::base
