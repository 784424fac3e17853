#pragma once

#include <memory>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/catalog.h"
#include "services/benchmark-store/repository/benchmark_repository.h"

namespace loadline::store {

/// What plans need beside benchmarks. Small.
struct Catalog {
  /// Models known by architecture, in order of name.
  std::vector<domain::Model> models;
  /// In order of name.
  std::vector<domain::Hardware> hardware;
  /// In order of id.
  std::vector<domain::UseCase> use_cases;
};

/// The catalogue as of one revision. Never null.
struct CatalogSnapshot {
  std::shared_ptr<const Catalog> catalog;
  domain::Revision revision = 0;
};

/// Hardware after a change.
struct UpsertedHardware {
  domain::Hardware hardware;
  domain::Revision revision = 0;
};

/// Keeps the catalogue. Thread-safe. It shares its revision with the benchmark
/// repository of the same backend. Errors as there.
class CatalogRepository {
 public:
  virtual ~CatalogRepository() = default;

  /// The whole catalogue, shared and never changed. Cheap: it is read for every
  /// filter that names hardware.
  virtual base::Result<CatalogSnapshot> Read(const CallScope& scope) const = 0;

  /// Merges `change` (domain::Merge) and makes it durable under a new revision;
  /// where nothing differs, the revision stays. `change` must be valid, with
  /// its canonical name.
  virtual base::Result<UpsertedHardware> UpsertHardware(const domain::Hardware& change, const CallScope& scope) = 0;
};

}  // namespace loadline::store
