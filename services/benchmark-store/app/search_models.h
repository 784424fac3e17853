#pragma once

#include <string>
#include <vector>

#include "services/benchmark-store/app/repositories.h"

namespace loadline::store {

/// One page of a search.
struct ModelSearchResult {
  Page<FoundModel> page;
  /// Where nothing matches: names that look most like the query, nearest first.
  std::vector<std::string> suggestions;
};

/// Finds models by words. Where the catalogue does not know a model's
/// parameters, its name may.
base::Result<ModelSearchResult> SearchModels(const Repositories& repositories, const ModelQuery& query,
                                             const PageRequest& page, const CallScope& scope);

}  // namespace loadline::store
