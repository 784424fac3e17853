#include "services/benchmark-store/app/list_models.h"

#include <algorithm>
#include <map>

#include "libs/domain/text.h"

namespace loadline::store {
namespace {

using domain::EqualsIgnoringCase;

bool HasTag(const domain::Model& model, const std::string& tag) {
  return std::any_of(model.tags.begin(), model.tags.end(),
                     [&](const auto& known) { return EqualsIgnoringCase(known, tag); });
}

bool Suits(const domain::Model& model, const std::string& use_case) {
  return std::any_of(model.use_cases.begin(), model.use_cases.end(), [&](const auto& each) {
    return each.suitability > 0 && EqualsIgnoringCase(each.use_case, use_case);
  });
}

}  // namespace

bool ModelFilter::Matches(const domain::Model& model) const {
  if (!architecture.empty() && !EqualsIgnoringCase(architecture, model.architecture)) return false;
  if (!use_case.empty() && !Suits(model, use_case)) return false;
  return std::all_of(tags.begin(), tags.end(), [&](const auto& tag) { return HasTag(model, tag); });
}

domain::Model WithParametersFromName(domain::Model model) {
  if (model.parameters_billion) return model;
  model.parameters_billion = domain::ParametersFromName(model.name);
  model.parameters_from_name = model.parameters_billion.has_value();
  return model;
}

base::Result<ModelList> ListModels(const Repositories& repositories, const ModelFilter& filter,
                                   const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto snapshot, repositories.catalog.Read(scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto measured, repositories.benchmarks.Models(scope));
  std::map<std::string, domain::Model> merged;
  for (const auto& model : snapshot.catalog->models) merged.emplace(model.name, model);
  for (const auto& model : measured) {
    auto& entry = merged.try_emplace(model.name, domain::Model{.name = model.name}).first->second;
    entry.configuration_count = model.configuration_count;
    entry.benchmark_count = model.benchmark_count;
  }
  ModelList list = {.models = {}, .revision = snapshot.revision};
  for (auto& [name, model] : merged) {
    if (filter.Matches(model)) list.models.push_back(WithParametersFromName(std::move(model)));
  }
  return list;
}

}  // namespace loadline::store
