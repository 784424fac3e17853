#pragma once

#include <memory>
#include <mutex>

#include "services/benchmark-store/repository/json/snapshot.h"
#include "services/benchmark-store/repository/search/model_index.h"

namespace loadline::store::json {

/// Searches the models of one store's snapshots. The words of the newest one
/// that was searched are kept. Thread-safe.
class ModelSearch {
 public:
  /// See BenchmarkRepository.
  base::Result<Page<FoundModel>> Find(const Snapshot& snapshot, const ModelQuery& query, const PageRequest& page) const;

 private:
  /// The models of one revision, without counts.
  struct Indexed {
    domain::Revision revision = -1;
    std::vector<domain::Model> models;
    ModelIndex index;
  };
  static std::shared_ptr<const Indexed> IndexOf(const Snapshot& snapshot);
  std::shared_ptr<const Indexed> IndexedAt(const Snapshot& snapshot) const;

  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Indexed> newest_ = std::make_shared<Indexed>();  // guarded by mutex_
};

}  // namespace loadline::store::json
