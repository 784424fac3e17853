#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/rpc/pipeline.h"
#include "libs/service/settings.h"
#include "libs/telemetry/call_metrics.h"
#include "libs/telemetry/metric.h"
#include "libs/telemetry/span_exporter.h"

namespace loadline::telemetry {

/// What a program tells of itself. Outlives the server, and whatever works for
/// calls.
class Telemetry {
 public:
  /// `services` are those whose calls are counted and traced, by their full
  /// names. Sends spans only where the settings name an endpoint.
  Telemetry(const service::Settings& settings, std::string program, const std::vector<std::string>& services,
            const base::Clock& clock);

  /// The stages that watch every call: trace, metrics.
  std::vector<std::shared_ptr<const rpc::Stage>> observers() const { return {trace_stage_, call_metrics_}; }

  /// What both programs have: calls, log, spans, build, process.
  Metrics Collect() const;

 private:
  SpanCounts span_counts() const { return spans_ ? spans_->counts() : SpanCounts{}; }

  const std::string program_;
  std::unique_ptr<SpanExporter> spans_;
  std::shared_ptr<const CallMetrics> call_metrics_;
  std::shared_ptr<const rpc::Stage> trace_stage_;
};

}  // namespace loadline::telemetry
