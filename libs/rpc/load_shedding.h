#pragma once

#include <memory>

#include "libs/rpc/pipeline.h"

namespace loadline::rpc {

/// Lets `places` calls in at once, over all pipelines that share this stage,
/// and refuses more at once: `kResourceExhausted` (`OVERLOADED`), with a time
/// to come again that differs between callers, so that those who were refused
/// together do not come back together. To wait would only answer those late
/// who have given up by then.
std::shared_ptr<const Stage> LoadShedding(int places);

}  // namespace loadline::rpc
