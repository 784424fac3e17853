#pragma once

#include <memory>

#include "services/benchmark-store/repository/catalog_repository.h"
#include "services/benchmark-store/repository/postgres/connection.h"

/// The catalogue's tables.
namespace loadline::store::postgres {

/// The catalogue, and a revision as of which it is so, since it changed last.
struct StoredCatalog {
  std::shared_ptr<const Catalog> catalog = std::make_shared<Catalog>();
  domain::Revision changed_at = -1;
};

base::Result<StoredCatalog> ReadCatalog(Connection& connection, const CallScope& scope);

/// Puts `catalog` into a database that never had one, as a new revision. Does
/// nothing where there is one, or `catalog` is empty.
base::Status SeedCatalog(Connection& connection, const Catalog& catalog, const CallScope& scope);

/// What changes where `change` is put into `present`: hardware as domain::Merge
/// does, models likewise, use cases as a whole. Nothing is taken away.
Catalog CatalogChanges(const Catalog& present, const Catalog& change);

/// Makes these changes under a new revision; where nothing differs, the
/// revision stays.
base::Status MergeCatalog(Connection& connection, const Catalog& change, const CallScope& scope);

/// See CatalogRepository.
base::Result<UpsertedHardware> UpsertHardware(Connection& connection, const domain::Hardware& change,
                                              const CallScope& scope);

}  // namespace loadline::store::postgres
