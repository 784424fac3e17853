#include "services/benchmark-store/app/list_models.h"

#include <map>

namespace loadline::store {
namespace {

domain::Model WithParametersFromName(domain::Model model) {
  if (model.parameters_billion) return model;
  model.parameters_billion = domain::ParametersFromName(model.name);
  model.parameters_from_name = model.parameters_billion.has_value();
  return model;
}

}  // namespace

base::Result<ModelList> ListModels(const Repositories& repositories, const CallScope& scope) {
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
  for (auto& [name, model] : merged) list.models.push_back(WithParametersFromName(std::move(model)));
  return list;
}

}  // namespace loadline::store
