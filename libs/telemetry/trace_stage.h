#pragma once

#include <memory>
#include <vector>

#include "libs/rpc/pipeline.h"
#include "libs/rpc/span.h"
#include "libs/telemetry/methods.h"

namespace loadline::telemetry {

/// Which traces are kept.
struct Sampling {
  /// The share, 0 to 1, of those that are decided about here.
  double ratio = 0;
  /// A caller that sent its trace has decided.
  bool caller_decides = true;
};

/// The stage "trace": has a call work for the trace that its caller sent
/// (`traceparent`, `tracestate`), or for a new one, so that log lines and calls
/// to other services carry it; names it in the error of a call that fails
/// (metadata `trace_id`); and records the call as a span where the trace is
/// sampled. Outermost.
///
/// `spans` may be null: then no span is kept, and no new trace is sampled. It
/// outlives the stage.
std::shared_ptr<const rpc::Stage> TraceCalls(const std::vector<Method>& methods, const Sampling& sampling,
                                             rpc::SpanSink* spans);

}  // namespace loadline::telemetry
