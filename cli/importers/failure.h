#pragma once

#include <map>
#include <string>

#include "libs/base/error.h"

namespace loadline::cli {

/// The file as a whole cannot be imported. Every value in `message` is also in
/// `metadata`.
inline base::Error ReportFailure(std::string reason, std::string message,
                                 std::map<std::string, std::string> metadata = {}) {
  return {.code = base::ErrorCode::kInvalidArgument,
          .reason = std::move(reason),
          .message = std::move(message),
          .metadata = std::move(metadata)};
}

}  // namespace loadline::cli
