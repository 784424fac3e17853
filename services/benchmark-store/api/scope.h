#pragma once

#include "libs/rpc/pipeline.h"
#include "services/benchmark-store/repository/benchmark_repository.h"

namespace loadline::store {

/// The scope of `call`, which must outlive it.
inline CallScope ScopeOf(const rpc::Call& call) {
  return {.deadline = call.deadline, .cancelled = [&call] { return call.Cancelled(); }};
}

}  // namespace loadline::store
