#pragma once

#include <grpcpp/channel.h>

#include <chrono>
#include <functional>
#include <memory>

#include "libs/rpc/handshake.h"
#include "services/planner/evidence/evidence_store.h"

namespace loadline::planner {

struct GrpcEvidenceStoreOptions {
  /// A watch without a message for so long is broken. The store sends one
  /// every second.
  std::chrono::milliseconds silence = std::chrono::seconds(3);
  /// Benchmarks in one call.
  int page_size = 1000;
  /// How the channel is protected, for what is logged of a store that cannot
  /// be reached.
  rpc::ClientTls tls = {};
};

/// Makes a channel to the store, with a resolver of its own.
using DialStore = std::function<std::shared_ptr<grpc::Channel>()>;

/// The port over gRPC: the BenchmarkService and CatalogService behind the channel
/// that `dial` makes. It dials again each time that a watch found no connection for
/// as long as it may be silent.
std::unique_ptr<EvidenceStore> MakeGrpcEvidenceStore(DialStore dial, GrpcEvidenceStoreOptions options = {});

}  // namespace loadline::planner
