#pragma once

#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>
#include <grpcpp/server_context.h>

#include <optional>
#include <string_view>

#include "libs/base/result.h"
#include "libs/rpc/status.h"
#include "tests/fuzz/expect.h"

namespace loadline::fuzz {

/// protobuf writes a line for each text that is not UTF-8.
inline const google::protobuf::LogSilencer kNoLines;

/// A client takes 8 KiB of metadata in all.
inline constexpr std::size_t kMaxStatusBytes = 7 * 1024;
/// And messages of 4 MiB.
inline constexpr std::size_t kMaxMessageBytes = 4 << 20;

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

/// A method of a service that takes one request and has one response.
template <typename Handler, typename Request, typename Response>
using Method = grpc::Status (Handler::*)(grpc::ServerContext*, const Request*, Response*);

/// What the service answers; nothing where that is an error, which is checked.
template <typename Handler, typename Request, typename Response>
std::optional<Response> Answer(Handler& handler, Method<Handler, Request, Response> call, const Request& request) {
  grpc::ServerContext context;
  Response response;
  const auto status = (handler.*call)(&context, &request, &response);
  if (!status.ok()) {
    Expect(!status.error_details().empty(), "an error has details");
    ExpectUseful(rpc::FromGrpcStatus(status));
    return std::nullopt;
  }
  Expect(response.ByteSizeLong() <= kMaxMessageBytes, "an answer is one that clients take");
  return response;
}

/// Answers `bytes` where they are a request of the method.
template <typename Handler, typename Request, typename Response>
void Try(Handler& handler, Method<Handler, Request, Response> call, std::string_view bytes) {
  if (Request request; Read(bytes, &request)) Answer(handler, call, request);
}

}  // namespace loadline::fuzz
