#pragma once

#include <string>
#include <vector>

#include "services/benchmark-store/repository/benchmark_repository.h"

namespace loadline::store {

/// The entry of `name` in `catalogue`, which is in order of name; else a model
/// of that name and nothing more.
domain::Model Described(const std::string& name, const std::vector<domain::Model>& catalogue);

/// The page of `found`, best first; ties go to more benchmarks, then to the
/// smaller name. Positions are names. Fails with `kInvalidArgument` on an
/// `after` that is none of them.
base::Result<Page<FoundModel>> PageOf(std::vector<FoundModel> found, const PageRequest& page,
                                      domain::Revision revision);

}  // namespace loadline::store
