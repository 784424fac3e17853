#pragma once

#include <functional>
#include <memory>

#include "libs/telemetry/metric.h"
#include "services/benchmark-store/app/repositories.h"
#include "services/benchmark-store/config.h"

namespace loadline::store {

/// The repositories of one backend, and what keeps their data.
class Storage {
 public:
  virtual ~Storage() = default;
  /// Valid as long as this is. Not to be used before `Start` has succeeded.
  virtual Repositories repositories() = 0;
  /// Fails with `kUnavailable` while the database is away, and with
  /// `kFailedPrecondition` (`SCHEMA_TOO_OLD`) while it lacks migrations; try
  /// again. Ends soon once `cancelled`. Call from one thread at a time.
  virtual base::Status Start(const std::function<bool()>& /*cancelled*/) { return {}; }
  /// What it says of itself, once it has started. Thread-safe; may wait for a
  /// second.
  virtual telemetry::Metrics Collect() = 0;
};

/// The backend that `config` names, to be started. Logs what an operator should
/// know of it. Fails as the backend's store does.
base::Result<std::unique_ptr<Storage>> OpenStorage(const Config& config);

}  // namespace loadline::store
