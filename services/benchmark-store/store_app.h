#pragma once

#include <functional>

#include "libs/base/result.h"
#include "services/benchmark-store/config.h"

namespace loadline::store {

/// Serves until `await_stop` returns. The one place that names concrete
/// backends, stages and clocks. Tests call it with port 0 and their own stop.
base::Status Serve(const Config& config, const std::function<void(int port)>& await_stop);

}  // namespace loadline::store
