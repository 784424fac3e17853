#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "services/planner/evidence/evidence_store.h"

namespace loadline::planner::testing {

/// A store in memory whose faults are ordered by tests. Thread-safe.
class FakeEvidenceStore final : public EvidenceStore {
 public:
  /// Adds benchmarks under one new revision, and announces it.
  void Import(std::vector<domain::Benchmark> benchmarks);
  /// Changes the catalogue under a new revision, and announces it.
  void ChangeCatalog(const std::function<void(StoreCatalog&)>& change);
  /// Starts over with no benchmarks, as another data set.
  void ReplaceData();
  /// Sends a sign of life.
  void Beat();

  /// Breaks the watch and fails every call, until `ComeBack`.
  void GoAway();
  void ComeBack();
  /// Fails reads only; the watch stays.
  void FailReads(bool fail);
  /// Reads of models wait until `ReleaseReads`.
  void HoldReads();
  void ReleaseReads();
  /// The next read of a model throws std::bad_alloc.
  void ThrowFromNextRead();
  /// Runs `hook` at the beginning of the next read of the catalogue.
  void OnNextCatalogRead(std::function<void()> hook);
  /// What is imported meanwhile is announced at `ReleaseWatch` only.
  void HoldWatch();
  void ReleaseWatch();

  int model_reads(const std::string& model) const;
  int catalog_reads() const;
  int held_reads() const;
  /// Messages of watches so far.
  int messages() const;
  domain::Revision revision() const;

  base::Result<StoreCatalog> ReadCatalog(Deadline deadline) override;
  base::Result<std::vector<domain::Benchmark>> ReadModel(const std::string& model, domain::Revision revision,
                                                         Deadline deadline) override;
  base::Status Watch(domain::Revision after, const std::string& snapshot_id,
                     const std::function<bool(const StoreChange&)>& on_change) override;
  void Shutdown() override;

 private:
  bool Gone() const { return away_ || shut_; }
  std::string SnapshotId() const;
  StoreChange Since(domain::Revision after, const std::string& snapshot_id) const;
  template <typename Change>
  void Change(const Change& change);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<domain::Benchmark> benchmarks_;
  StoreCatalog catalog_;
  domain::Revision catalog_changed_ = 0;
  domain::Revision revision_ = 0;
  int data_set_ = 1;
  int beats_ = 0;
  int breaks_ = 0;
  bool away_ = false;
  bool shut_ = false;
  bool fail_reads_ = false;
  bool throw_from_read_ = false;
  bool hold_reads_ = false;
  bool hold_watch_ = false;
  int held_reads_ = 0;
  int catalog_reads_ = 0;
  int messages_ = 0;
  std::function<void()> catalog_hook_;
  std::map<std::string, int> model_reads_;
};

}  // namespace loadline::planner::testing
