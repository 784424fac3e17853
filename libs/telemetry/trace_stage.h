#pragma once

#include <memory>
#include <vector>

#include "libs/rpc/pipeline.h"
#include "libs/rpc/span.h"
#include "libs/telemetry/methods.h"

namespace loadline::telemetry {

/// The stage "trace": has a call work for the trace that its caller sent
/// (`traceparent`, `tracestate`), or for a new one, so that log lines and calls
/// to other services carry it; names it in the error of a call that fails
/// (metadata `trace_id`); and records the call as a span where the trace is
/// sampled. A caller decides about its trace; of new ones `sample_ratio` are
/// sampled. Outermost.
///
/// `spans` may be null: then no span is kept, and no new trace is sampled. It
/// outlives the stage.
std::shared_ptr<const rpc::Stage> TraceCalls(const std::vector<Method>& methods, double sample_ratio,
                                             rpc::SpanSink* spans);

}  // namespace loadline::telemetry
