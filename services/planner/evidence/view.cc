#include "services/planner/evidence/view.h"

#include <algorithm>
#include <utility>

namespace loadline::planner {
namespace {

using SlotMap = std::map<std::string, ModelSlot, std::less<>>;

SlotMap ByName(const std::vector<ModelSlot>& slots) {
  SlotMap by_name;
  for (const auto& slot : slots) by_name.emplace(slot.name, slot);
  return by_name;
}

std::vector<ModelSlot> InOrder(SlotMap&& by_name) {
  std::vector<ModelSlot> slots;
  slots.reserve(by_name.size());
  for (auto& [name, slot] : by_name) slots.push_back(std::move(slot));
  return slots;
}

LoadedModelPtr Reloaded(const ViewUpdate& update, const std::string& model) {
  const auto found = update.reloaded.find(model);
  return found == update.reloaded.end() ? nullptr : found->second;
}

std::shared_ptr<const ModelList> AllOf(const std::vector<ModelSlot>& slots) {
  auto all = std::make_shared<ModelList>();
  all->reserve(slots.size());
  for (const auto& slot : slots) {
    if (!slot.loaded) return nullptr;
    all->push_back(EvidenceOf(slot.loaded));
  }
  return all;
}

ModelSlot* LeastRecentlyUsed(std::vector<ModelSlot>& slots) {
  ModelSlot* oldest = nullptr;
  for (auto& slot : slots) {
    if (!slot.loaded) continue;
    if (oldest == nullptr || slot.loaded->last_used < oldest->loaded->last_used) oldest = &slot;
  }
  return oldest;
}

}  // namespace

std::shared_ptr<const Catalog> MakeCatalog(StoreCatalog from) {
  auto catalog = std::make_shared<Catalog>();
  catalog->revision = from.revision;
  for (const auto& model : from.models) {
    if (model.benchmark_count > 0) catalog->measured_models.insert(model.name);
    catalog->planning.models.emplace(model.name, model);
  }
  for (const auto& hardware : from.hardware) catalog->planning.hardware.emplace(hardware.name, hardware);
  for (auto& use_case : from.use_cases) {
    auto id = use_case.id;
    catalog->use_cases.emplace(std::move(id), std::move(use_case));
  }
  catalog->hardware = std::move(from.hardware);
  return catalog;
}

std::shared_ptr<const planning::ModelEvidence> EvidenceOf(const LoadedModelPtr& loaded) {
  return {loaded, &loaded->evidence};
}

const ModelSlot* View::Find(std::string_view model) const {
  const auto slot = std::lower_bound(slots.begin(), slots.end(), model,
                                     [](const ModelSlot& a, std::string_view name) { return a.name < name; });
  return slot != slots.end() && slot->name == model ? &*slot : nullptr;
}

LoadedModelPtr View::Find(const ModelKey& key) const {
  const bool seen = key.generation == generation && key.revision <= revision;
  const ModelSlot* slot = seen ? Find(key.model) : nullptr;
  return slot != nullptr && slot->changed <= key.revision ? slot->loaded : nullptr;
}

std::vector<std::string> View::ModelNames() const {
  std::vector<std::string> names;
  names.reserve(slots.size());
  for (const auto& slot : slots) names.push_back(slot.name);
  return names;
}

std::size_t View::bytes() const {
  std::size_t sum = 0;
  for (const auto& slot : slots) sum += slot.loaded ? slot.loaded->evidence.bytes : 0;
  return sum;
}

View Advanced(const View& view, const ViewUpdate& update) {
  const auto& change = update.change;
  View next{.revision = change.revision,
            .snapshot_id = change.snapshot_id,
            .generation = view.generation + (change.reset ? 1 : 0),
            .catalog = update.catalog};
  auto slots = change.reset ? SlotMap{} : ByName(view.slots);
  for (const auto& model : update.catalog->measured_models) slots.try_emplace(model, ModelSlot{.name = model});
  for (const auto& model : change.models) {
    slots[model] = {.name = model, .loaded = Reloaded(update, model), .changed = change.revision};
  }
  next.slots = InOrder(std::move(slots));
  next.all = AllOf(next.slots);
  return next;
}

View WithModel(const View& view, const ModelKey& key, const LoadedModelPtr& loaded) {
  View next = view;
  if (key.generation != view.generation || key.revision > view.revision) return next;
  const auto* slot = view.Find(key.model);
  if (slot == nullptr || slot->changed > key.revision) return next;
  next.slots[static_cast<std::size_t>(slot - view.slots.data())].loaded = loaded;
  next.all = AllOf(next.slots);
  return next;
}

View Bounded(View view, std::size_t max_bytes, std::vector<std::string>* evicted) {
  for (auto bytes = view.bytes(); bytes > max_bytes;) {
    ModelSlot* oldest = LeastRecentlyUsed(view.slots);
    bytes -= oldest->loaded->evidence.bytes;
    evicted->push_back(oldest->name);
    oldest->loaded = nullptr;
    view.all = nullptr;
  }
  return view;
}

}  // namespace loadline::planner
