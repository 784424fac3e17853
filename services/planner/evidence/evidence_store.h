#pragma once

#include <functional>
#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/result.h"
#include "libs/domain/benchmark.h"
#include "libs/domain/catalog.h"

namespace loadline::planner {

/// A change that the store announced; see WatchChangesResponse.
struct StoreChange {
  domain::Revision revision = 0;
  std::string snapshot_id = {};
  std::vector<std::string> models = {};
  bool catalog = false;
  bool reset = false;
};

/// The catalogue and the names of models with benchmarks, at one revision.
struct StoreCatalog {
  std::vector<domain::Model> models = {};
  std::vector<domain::Hardware> hardware = {};
  std::vector<domain::UseCase> use_cases = {};
  domain::Revision revision = 0;
};

/// The port to benchmark-store. Thread-safe. Calls fail with `kUnavailable`
/// (`STORE_UNREACHABLE`) when the store is away and with `kDeadlineExceeded`
/// when `deadline` passes.
class EvidenceStore {
 public:
  using Deadline = base::Instant;
  virtual ~EvidenceStore() = default;

  /// Everything of one revision: a change while it is read starts it over.
  virtual base::Result<StoreCatalog> ReadCatalog(Deadline deadline) = 0;
  /// All benchmarks of `model` (canonical name) as of `revision`, without
  /// provenance but their origin. None is an empty list.
  virtual base::Result<std::vector<domain::Benchmark>> ReadModel(const std::string& model, domain::Revision revision,
                                                                 Deadline deadline) = 0;
  /// Calls `on_change` for every message of a watch until the stream breaks, is
  /// refused or falls silent (returns its error), the store ends it in good order
  /// (no error: nothing is missed by watching again), `on_change` returns false or
  /// `Shutdown` is called. A store that is away is waited for, up to the same
  /// silence.
  virtual base::Status Watch(domain::Revision after, const std::string& snapshot_id,
                             const std::function<bool(const StoreChange&)>& on_change) = 0;
  /// Ends all calls that run now, and every later one at once.
  virtual void Shutdown() = 0;
};

}  // namespace loadline::planner
