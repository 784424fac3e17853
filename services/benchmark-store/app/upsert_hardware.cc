#include "services/benchmark-store/app/upsert_hardware.h"

namespace loadline::store {

base::Result<UpsertedHardware> UpsertHardware(const Repositories& repositories, domain::Hardware change,
                                              const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(domain::Validate(change));
  LOADLINE_ASSIGN_OR_RETURN(const auto snapshot, repositories.catalog.Read(scope));
  change.name = domain::CanonicalHardware(change.name, snapshot.catalog->hardware);
  return repositories.catalog.UpsertHardware(change, scope);
}

}  // namespace loadline::store
