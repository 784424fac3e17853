#include "services/benchmark-store/app/search_models.h"

#include "services/benchmark-store/app/list_models.h"
#include "services/benchmark-store/repository/search/model_index.h"

namespace loadline::store {
namespace {

constexpr std::size_t kSuggestions = 3;

base::Result<std::vector<std::string>> NearestNames(const Repositories& repositories, const ModelQuery& query,
                                                    const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto known, ListModels(repositories, {}, scope));
  std::vector<std::string> names;
  for (const auto& match : ModelIndex(known.models).Nearest(query, kSuggestions)) {
    names.push_back(known.models[match.model].name);
  }
  return names;
}

}  // namespace

base::Result<ModelSearchResult> SearchModels(const Repositories& repositories, const ModelQuery& query,
                                             const PageRequest& page, const CallScope& scope) {
  ModelSearchResult result;
  LOADLINE_ASSIGN_OR_RETURN(result.page, repositories.benchmarks.SearchModels(query, page, scope));
  for (auto& found : result.page.items) found.model = WithParametersFromName(std::move(found.model));
  if (result.page.items.empty() && page.after.empty()) {
    LOADLINE_ASSIGN_OR_RETURN(result.suggestions, NearestNames(repositories, query, scope));
  }
  return result;
}

}  // namespace loadline::store
