#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "libs/base/clock.h"
#include "libs/rpc/pipeline.h"
#include "libs/telemetry/methods.h"
#include "libs/telemetry/metric.h"

namespace loadline::telemetry {

/// The stage "metrics": counts calls, and times them, under the names of
/// go-grpc-prometheus, which dashboards know. Calls that gRPC itself refuses (no
/// thread, too large) reach no stage and are not counted. Thread-safe.
class CallMetrics final : public rpc::Stage {
 public:
  /// Calls of other methods are passed on uncounted.
  CallMetrics(const std::vector<Method>& methods, const base::Clock& clock);
  ~CallMetrics() override;

  std::string_view name() const override { return "metrics"; }
  base::Status Handle(rpc::Call& call, const Next& next) const override;

  Metrics Collect() const;

 private:
  struct Counts;

  Counts* Find(std::string_view method) const;

  const base::Clock& clock_;
  // Made once: a call finds its own by name, and touches nothing but atomics.
  std::vector<std::unique_ptr<Counts>> counts_;
};

}  // namespace loadline::telemetry
