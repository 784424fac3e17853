#include "tests/unit/services/planner/fake_evidence_store.h"

#include <algorithm>
#include <new>
#include <set>
#include <utility>

namespace loadline::planner::testing {
namespace {

base::Error Away() { return base::Unavailable("STORE_UNREACHABLE", "away", std::chrono::seconds(1)); }

}  // namespace

template <typename Apply>
void FakeEvidenceStore::Change(const Apply& change) {
  {
    const std::lock_guard lock(mutex_);
    change();
  }
  changed_.notify_all();
}

void FakeEvidenceStore::Import(std::vector<domain::Benchmark> benchmarks) {
  Change([&] {
    ++revision_;
    for (auto& benchmark : benchmarks) {
      benchmark.revision = revision_;
      benchmarks_.push_back(std::move(benchmark));
    }
  });
}

void FakeEvidenceStore::ChangeCatalog(const std::function<void(StoreCatalog&)>& change) {
  Change([&] {
    catalog_changed_ = ++revision_;
    change(catalog_);
  });
}

void FakeEvidenceStore::ReplaceData() {
  Change([&] {
    ++data_set_;
    ++breaks_;
    revision_ = 0;
    catalog_changed_ = 0;
    benchmarks_.clear();
  });
}

void FakeEvidenceStore::Beat() {
  Change([&] { ++beats_; });
}
void FakeEvidenceStore::GoAway() {
  Change([&] { away_ = true; });
}
void FakeEvidenceStore::ComeBack() {
  Change([&] { away_ = false; });
}
void FakeEvidenceStore::FailReads(bool fail) {
  Change([&] { fail_reads_ = fail; });
}
void FakeEvidenceStore::ThrowFromNextRead() {
  Change([&] { throw_from_read_ = true; });
}
void FakeEvidenceStore::HoldReads() {
  Change([&] { hold_reads_ = true; });
}
void FakeEvidenceStore::ReleaseReads() {
  Change([&] { hold_reads_ = false; });
}
void FakeEvidenceStore::HoldWatch() {
  Change([&] { hold_watch_ = true; });
}
void FakeEvidenceStore::ReleaseWatch() {
  Change([&] { hold_watch_ = false; });
}
void FakeEvidenceStore::OnNextCatalogRead(std::function<void()> hook) {
  Change([&] { catalog_hook_ = std::move(hook); });
}
void FakeEvidenceStore::Shutdown() {
  Change([&] { shut_ = true; });
}

int FakeEvidenceStore::model_reads(const std::string& model) const {
  const std::lock_guard lock(mutex_);
  const auto found = model_reads_.find(model);
  return found == model_reads_.end() ? 0 : found->second;
}

int FakeEvidenceStore::catalog_reads() const {
  const std::lock_guard lock(mutex_);
  return catalog_reads_;
}

int FakeEvidenceStore::held_reads() const {
  const std::lock_guard lock(mutex_);
  return held_reads_;
}

int FakeEvidenceStore::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

domain::Revision FakeEvidenceStore::revision() const {
  const std::lock_guard lock(mutex_);
  return revision_;
}

base::Result<StoreCatalog> FakeEvidenceStore::ReadCatalog(Deadline) {
  std::unique_lock lock(mutex_);
  if (const auto hook = std::exchange(catalog_hook_, nullptr)) {
    lock.unlock();
    hook();
    lock.lock();
  }
  ++catalog_reads_;
  if (Gone() || fail_reads_) return base::Fail(Away());
  auto catalog = catalog_;
  catalog.revision = revision_;
  for (const auto& benchmark : benchmarks_) {
    const auto& name = benchmark.measurement.configuration.model;
    auto model = std::find_if(catalog.models.begin(), catalog.models.end(),
                              [&](const domain::Model& known) { return known.name == name; });
    if (model == catalog.models.end()) model = catalog.models.insert(model, {.name = name});
    ++model->benchmark_count;
  }
  return catalog;
}

base::Result<std::vector<domain::Benchmark>> FakeEvidenceStore::ReadModel(const std::string& model,
                                                                          domain::Revision revision, Deadline) {
  std::unique_lock lock(mutex_);
  ++model_reads_[model];
  if (std::exchange(throw_from_read_, false)) throw std::bad_alloc();
  ++held_reads_;
  changed_.wait(lock, [&] { return !hold_reads_ || Gone(); });
  --held_reads_;
  if (Gone() || fail_reads_) return base::Fail(Away());
  std::vector<domain::Benchmark> found;
  for (const auto& benchmark : benchmarks_) {
    if (benchmark.measurement.configuration.model == model && benchmark.revision <= revision) {
      found.push_back(benchmark);
    }
  }
  return found;
}

std::string FakeEvidenceStore::SnapshotId() const {
  return "data-" + std::to_string(data_set_) + "@" + std::to_string(revision_);
}

StoreChange FakeEvidenceStore::Since(domain::Revision after, const std::string& snapshot_id) const {
  const auto data_set = "data-" + std::to_string(data_set_) + "@";
  const bool reset = !snapshot_id.empty() && !snapshot_id.starts_with(data_set);
  std::set<std::string> models;
  for (const auto& benchmark : benchmarks_) {
    if (reset || benchmark.revision > after) models.insert(benchmark.measurement.configuration.model);
  }
  return {.revision = revision_,
          .snapshot_id = SnapshotId(),
          .models = {models.begin(), models.end()},
          .catalog = catalog_changed_ > after,
          .reset = reset};
}

base::Status FakeEvidenceStore::Watch(domain::Revision after, const std::string& snapshot_id,
                                      const std::function<bool(const StoreChange&)>& on_change) {
  std::unique_lock lock(mutex_);
  const int breaks = breaks_;
  auto known = std::pair(after, snapshot_id);
  for (bool wanted = true; wanted && !Gone() && breaks == breaks_;) {
    const auto repeat = StoreChange{.revision = known.first, .snapshot_id = known.second};
    const auto change = hold_watch_ ? repeat : Since(known.first, known.second);
    known = {change.revision, change.snapshot_id};
    const int beats = beats_;
    lock.unlock();
    wanted = on_change(change);
    lock.lock();
    ++messages_;
    const auto news = [&] { return beats_ != beats || (!hold_watch_ && known.second != SnapshotId()); };
    changed_.wait(lock, [&] { return Gone() || breaks_ != breaks || news(); });
  }
  if (Gone() || breaks != breaks_) return base::Fail(Away());
  return {};
}

}  // namespace loadline::planner::testing
