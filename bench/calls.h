#pragma once

#include <grpcpp/channel.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "bench/latency.h"
#include "libs/domain/benchmark.h"

/// The calls that are measured. Each throws what a call failed with.
namespace loadline::bench {

/// Makes the call of one connection; `seed` differs between connections.
using CallFactory = std::function<Call(const std::shared_ptr<grpc::Channel>&, std::uint64_t seed)>;

/// The server's health check: all that gRPC does, and nothing besides.
Call EmptyCall(const std::shared_ptr<grpc::Channel>& channel);

/// Of any model of so many, or of all together.
CallFactory FindClosest(int models, bool one_model);

/// Among `SearchableModels`, half of the words misspelled.
CallFactory SearchModels();

CallFactory PlanCapacity(int models, bool one_model, int top_n);

/// Imports all rows, and throws unless every one is new and right.
void ImportRows(const std::shared_ptr<grpc::Channel>& channel, const std::vector<domain::Measurement>& rows);

}  // namespace loadline::bench
