#pragma once

#include <google/protobuf/message.h>

#include "libs/base/result.h"
#include "libs/rpc/status.h"
#include "tests/fuzz/expect.h"

namespace loadline::fuzz {

// A client takes 8 KiB of metadata in all.
inline constexpr std::size_t kMaxStatusBytes = 7 * 1024;

/// Of any error that a call may end with.
inline void ExpectUseful(const base::Error& error) {
  Expect(!error.reason.empty() && !error.message.empty(), "an error has a reason and a message");
  Expect(error.code != base::ErrorCode::kInternal, "what a caller sends is no fault of ours");
  const auto status = rpc::ToGrpcStatus(error);
  Expect(status.error_message().size() + status.error_details().size() <= kMaxStatusBytes, "an error fits its frame");
}

/// Reads a request of this type from bytes; true if they are one.
template <typename Request>
bool Read(std::string_view bytes, Request* request) {
  return request->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace loadline::fuzz
