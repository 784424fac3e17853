#pragma once

#include "loadline/benchmark/v1/benchmark.pb.h"
#include "loadline/benchmark/v1/benchmark_service.pb.h"
#include "loadline/catalog/v1/catalog_service.pb.h"
#include "loadline/planner/v1/planner_service.pb.h"

/// The contract's messages under short names. The command line prints what the
/// services answer, so messages are its vocabulary beyond the client too.
namespace loadline::cli {

namespace benchmark_api = ::loadline::benchmark::v1;
namespace catalog_api = ::loadline::catalog::v1;
namespace planner_api = ::loadline::planner::v1;

}  // namespace loadline::cli
