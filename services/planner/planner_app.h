#pragma once

#include <functional>

#include "libs/base/result.h"
#include "services/planner/config.h"

namespace loadline::planner {

/// Serves until `await_stop` returns. The one place that names concrete
/// stores, stages and clocks. Tests call it with port 0 and their own stop.
base::Status Serve(const Config& config, const std::function<void(int port)>& await_stop);

}  // namespace loadline::planner
