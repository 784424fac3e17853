#pragma once

namespace loadline::cli {

/// Keeps gRPC's own lines off stderr: what matters in them is in the error of
/// the call. With GRPC_VERBOSITY set they are written. Call before the first
/// channel is made.
void QuietGrpc();

}  // namespace loadline::cli
