#pragma once

#include <memory>

#include "libs/telemetry/metric.h"
#include "services/benchmark-store/app/repositories.h"
#include "services/benchmark-store/config.h"

namespace loadline::store {

/// The repositories of one backend, and what keeps their data.
class Storage {
 public:
  virtual ~Storage() = default;
  /// Valid as long as this is.
  virtual Repositories repositories() = 0;
  /// What it says of itself. Thread-safe; may wait for a second.
  virtual telemetry::Metrics Collect() = 0;
};

/// Opens the backend that `config` names, and logs what an operator should
/// know of it. Fails as the backend's store does.
base::Result<std::unique_ptr<Storage>> OpenStorage(const Config& config);

}  // namespace loadline::store
