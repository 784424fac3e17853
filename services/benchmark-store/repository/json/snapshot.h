#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "services/benchmark-store/repository/benchmark_repository.h"
#include "services/benchmark-store/repository/catalog_repository.h"
#include "services/benchmark-store/repository/json/index.h"

namespace loadline::store::json {

/// A fingerprint of a set of ids, whatever their order: their sum.
struct IdDigest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  void Add(const domain::BenchmarkId& id);
  std::string ToString() const;

  friend bool operator==(const IdDigest&, const IdDigest&) = default;
};

/// What one revision added.
struct Commit {
  domain::Revision revision = 0;
  /// Of all benchmarks up to this revision.
  IdDigest digest;
  /// Models with new benchmarks, sorted, without repeats.
  std::vector<std::string> models;
};

/// The catalogue, the revision that changed it last, and a digest of it.
struct VersionedCatalog {
  std::shared_ptr<const Catalog> catalog = std::make_shared<Catalog>();
  domain::Revision changed_at = 0;
  std::string digest;
};

/// Quarantined rows in order of (revision, id).
using Quarantine = std::vector<std::shared_ptr<const QuarantinedRow>>;
/// In order of revision.
using Commits = std::vector<std::shared_ptr<const Commit>>;

/// Everything at one revision. Immutable, and shares what did not change with
/// the snapshot before.
struct Snapshot {
  domain::Revision revision = 0;
  RowView rows;
  std::shared_ptr<const Index> index = std::make_shared<Index>();
  std::shared_ptr<const Quarantine> quarantine = std::make_shared<Quarantine>();
  std::shared_ptr<const Commits> commits = std::make_shared<Commits>();
  VersionedCatalog catalog;

  bool HasBenchmark(const domain::BenchmarkId& id) const { return index->Find(rows, id).has_value(); }
  /// The benchmarks up to `up_to`.
  IdDigest DigestAt(domain::Revision up_to) const;
  /// Names benchmarks and catalogue as they are now; see WatchChangesRequest.
  std::string Id() const;
};

/// `snapshot` at the newer `revision`: with `rows`, which start with the rows
/// that it has, and with `quarantined` besides.
Snapshot Extended(const Snapshot& snapshot, RowView rows, std::vector<QuarantinedRow> quarantined,
                  domain::Revision revision);

/// What changed between what a caller has and `snapshot`. The caller has
/// another data set if its snapshot id does not name the benchmarks that were
/// there at `after`.
Changes ChangesBetween(domain::Revision after, const std::string& snapshot_id, const Snapshot& snapshot);

}  // namespace loadline::store::json
