#pragma once

#include "services/benchmark-store/app/repositories.h"

namespace loadline::store {

/// Adds or changes hardware, which may be named by an alias. Fails with
/// `kInvalidArgument`, naming every field of `hardware` that is wrong.
base::Result<UpsertedHardware> UpsertHardware(const Repositories& repositories, domain::Hardware change,
                                              const CallScope& scope);

}  // namespace loadline::store
