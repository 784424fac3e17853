#pragma once

#include <vector>

#include "services/benchmark-store/app/repositories.h"

namespace loadline::store {

/// Models as of some revision, in order of name.
struct ModelList {
  std::vector<domain::Model> models;
  domain::Revision revision = 0;
};

/// The models of the catalogue and those that have benchmarks, as one list.
/// Where the catalogue does not know a model's parameters, its name may.
base::Result<ModelList> ListModels(const Repositories& repositories, const CallScope& scope);

}  // namespace loadline::store
