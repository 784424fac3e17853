#include "services/benchmark-store/repository/json/model_search.h"

#include <algorithm>
#include <set>

#include "services/benchmark-store/repository/found_models.h"
#include "services/benchmark-store/repository/json/queries.h"

namespace loadline::store::json {
namespace {

/// The catalogue's and the measured ones, in order of name.
std::vector<domain::Model> ModelsOf(const Snapshot& snapshot) {
  const auto& catalogue = snapshot.catalog.catalog->models;
  std::set<std::string> names;
  for (const auto& model : catalogue) names.insert(model.name);
  for (auto& name : snapshot.index->ModelNames()) names.insert(std::move(name));
  std::vector<domain::Model> models;
  models.reserve(names.size());
  for (const auto& name : names) models.push_back(Described(name, catalogue));
  return models;
}

/// How many rows of the configuration there were at `revision`.
int RowsAt(const Snapshot& snapshot, std::size_t rank, domain::Revision revision) {
  const auto rows = snapshot.index->RowsOf(rank);
  if (revision == snapshot.revision) return static_cast<int>(rows.size());
  return static_cast<int>(
      std::count_if(rows.begin(), rows.end(), [&](auto row) { return snapshot.rows[row].revision <= revision; }));
}

void Count(const Snapshot& snapshot, domain::Revision revision, domain::Model& model) {
  const auto [first, last] = snapshot.index->RanksOf(snapshot.rows, model.name);
  for (auto rank = first; rank < last; ++rank) {
    const int rows = RowsAt(snapshot, rank, revision);
    model.configuration_count += rows > 0 ? 1 : 0;
    model.benchmark_count += rows;
  }
}

bool IsCatalogued(const Snapshot& snapshot, const std::string& name) {
  const auto& models = snapshot.catalog.catalog->models;
  return std::binary_search(models.begin(), models.end(), domain::Model{.name = name},
                            [](const auto& a, const auto& b) { return a.name < b.name; });
}

}  // namespace

std::shared_ptr<const ModelSearch::Indexed> ModelSearch::IndexOf(const Snapshot& snapshot) {
  Indexed indexed = {.revision = snapshot.revision, .models = ModelsOf(snapshot), .index = {}};
  indexed.index = ModelIndex(indexed.models);
  return std::make_shared<const Indexed>(std::move(indexed));
}

std::shared_ptr<const ModelSearch::Indexed> ModelSearch::IndexedAt(const Snapshot& snapshot) const {
  {
    const std::lock_guard lock(mutex_);
    if (newest_->revision == snapshot.revision) return newest_;
  }
  auto indexed = IndexOf(snapshot);
  const std::lock_guard lock(mutex_);
  if (newest_->revision < snapshot.revision) newest_ = indexed;
  return indexed;
}

base::Result<Page<FoundModel>> ModelSearch::Find(const Snapshot& snapshot, const ModelQuery& query,
                                                 const PageRequest& page) const {
  LOADLINE_ASSIGN_OR_RETURN(const auto revision, RevisionFor(page, snapshot));
  const auto indexed = IndexedAt(snapshot);
  std::vector<FoundModel> found;
  for (const auto& match : indexed->index.Find(query)) {
    FoundModel model = {.model = indexed->models[match.model], .score = match.score};
    Count(snapshot, revision, model.model);
    if (model.model.benchmark_count == 0 && !IsCatalogued(snapshot, model.model.name)) continue;
    found.push_back(std::move(model));
  }
  return PageOf(std::move(found), page, revision);
}

}  // namespace loadline::store::json
