#pragma once

#include <string>
#include <vector>

#include "tests/conformance/suite.h"

namespace loadline::store {

/// What a search of models must find on every backend.
class SearchSuite : public RepositorySuite {
 protected:
  Page<FoundModel> Search(const std::string& query, const PageRequest& page = {}) {
    return benchmarks().SearchModels(ModelQuery::Parse(query).value(), page, {}).value();
  }

  std::vector<std::string> Found(const std::string& query, const PageRequest& page = {}) {
    return NamesOf(Search(query, page));
  }

  static std::vector<std::string> NamesOf(const Page<FoundModel>& page) {
    std::vector<std::string> names;
    for (const auto& found : page.items) names.push_back(found.model.name);
    return names;
  }

  /// What a search of everything would find, straight from the definition.
  std::vector<std::string> Expected(const std::string& query);
};

}  // namespace loadline::store
