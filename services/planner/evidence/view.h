#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "libs/domain/catalog.h"
#include "services/planner/evidence/evidence_store.h"
#include "services/planner/planning/model_evidence.h"
#include "services/planner/planning/plan.h"

namespace loadline::planner {

/// What answers need beside benchmarks, as of one revision. Immutable.
struct Catalog {
  planning::PlanningCatalog planning = {};
  /// The hardware of `planning`, in order of name.
  std::vector<domain::Hardware> hardware = {};
  std::map<std::string, domain::UseCase, std::less<>> use_cases = {};
  /// Models that have benchmarks.
  std::set<std::string, std::less<>> measured_models = {};
  domain::Revision revision = 0;
};

std::shared_ptr<const Catalog> MakeCatalog(StoreCatalog from);

/// One model's evidence in memory. Immutable but for the mark of its last use.
struct LoadedModel {
  planning::ModelEvidence evidence = {};
  /// Larger is later; 0: never.
  mutable std::atomic<std::uint64_t> last_used = 0;
};
using LoadedModelPtr = std::shared_ptr<const LoadedModel>;

/// Evidence of some models, sorted by name.
using ModelList = std::vector<std::shared_ptr<const planning::ModelEvidence>>;

/// Counts how often the store's data were exchanged for others: revisions of
/// different generations cannot be compared.
using Generation = std::int64_t;

/// Names one state of one model's benchmarks.
struct ModelKey {
  std::string model;
  domain::Revision revision = 0;
  Generation generation = 0;

  friend bool operator<(const ModelKey& a, const ModelKey& b) {
    return std::tie(a.model, a.revision, a.generation) < std::tie(b.model, b.revision, b.generation);
  }
};

/// A model with benchmarks.
struct ModelSlot {
  std::string name;
  /// Null while it is not loaded.
  LoadedModelPtr loaded = {};
  /// The revision of the last change that was seen: what was read at this or
  /// any later revision of the view is the same.
  domain::Revision changed = 0;
};

/// Everything that answers rest on, as of one revision. Immutable once
/// published, and exchanged as a whole.
struct View {
  domain::Revision revision = 0;
  std::string snapshot_id = {};
  Generation generation = 0;
  std::shared_ptr<const Catalog> catalog = {};
  /// In order of name.
  std::vector<ModelSlot> slots = {};
  /// The evidence of every model when all are loaded, else null.
  std::shared_ptr<const ModelList> all = {};

  /// Null if `model` has no benchmarks.
  const ModelSlot* Find(std::string_view model) const;
  /// What `key` names, if it is here.
  LoadedModelPtr Find(const ModelKey& key) const;
  std::vector<std::string> ModelNames() const;
  /// Memory of the loaded models.
  std::size_t bytes() const;
};
using ViewPtr = std::shared_ptr<const View>;

/// `loaded` as planning takes it.
std::shared_ptr<const planning::ModelEvidence> EvidenceOf(const LoadedModelPtr& loaded);

/// How the view becomes that of `change.revision`.
struct ViewUpdate {
  StoreChange change = {};
  std::shared_ptr<const Catalog> catalog = {};
  /// Changed models that were read at the new revision already.
  std::map<std::string, LoadedModelPtr> reloaded = {};
};

/// The view after `update`. Unchanged models stay loaded, unless it is a reset.
View Advanced(const View& view, const ViewUpdate& update);

/// `view` with what was read for `key`, if that is what the view is about.
View WithModel(const View& view, const ModelKey& key, const LoadedModelPtr& loaded);

/// `view` without the least recently used models that are too much for
/// `max_bytes`. Adds their names to `evicted`.
View Bounded(View view, std::size_t max_bytes, std::vector<std::string>* evicted);

}  // namespace loadline::planner
