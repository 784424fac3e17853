#pragma once

#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/catalog.h"
#include "services/benchmark-store/repository/benchmark_repository.h"

namespace loadline::store {

/// The catalogue as of one revision.
struct Catalog {
  /// Models known by architecture, in order of name.
  std::vector<domain::Model> models;
  /// In order of name.
  std::vector<domain::Hardware> hardware;
  /// In order of id.
  std::vector<domain::UseCase> use_cases;
  domain::Revision revision = 0;
};

/// Keeps what plans need beside benchmarks. Thread-safe. It shares its revision
/// with the benchmark repository of the same backend. Errors as there.
class CatalogRepository {
 public:
  virtual ~CatalogRepository() = default;

  /// The whole catalogue, which is small, as one consistent copy.
  virtual base::Result<Catalog> Read(const CallScope& scope) const = 0;

  /// Merges `change` (domain::Merge) and makes it durable under a new revision;
  /// where nothing differs, the revision stays. `change` must be valid. Returns
  /// the hardware afterwards and sets `*revision`.
  virtual base::Result<domain::Hardware> UpsertHardware(const domain::Hardware& change, domain::Revision* revision,
                                                        const CallScope& scope) = 0;
};

}  // namespace loadline::store
