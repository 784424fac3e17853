#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/result.h"
#include "libs/domain/benchmark.h"
#include "libs/domain/catalog.h"
#include "libs/domain/filter.h"
#include "libs/domain/judge.h"
#include "services/benchmark-store/repository/search/model_query.h"

namespace loadline::store {

/// When a call must be done, and whether its caller has gone.
struct CallScope {
  base::Instant deadline = base::Instant::max();
  std::function<bool()> cancelled = [] { return false; };
};

/// Up to `size` elements after the one that `after` names (empty: the first).
struct PageRequest {
  int size = 100;
  std::string after = {};
  /// As of this revision; 0 means the newest.
  domain::Revision revision = 0;
};

/// `next` is empty on the last page, else the `after` of the next page.
template <typename T>
struct Page {
  std::vector<T> items;
  std::string next;
  domain::Revision revision = 0;
};

/// What was measured of one configuration.
struct ConfigurationSummary {
  domain::Configuration configuration;
  int benchmark_count = 0;
  std::vector<domain::TrafficShape> shapes;
  std::vector<domain::Origin> origins;
};

struct ClosestBenchmark {
  domain::Benchmark benchmark;
  double distance = 0;
  domain::Revision revision = 0;
};

/// A model that a search found.
struct FoundModel {
  /// What the catalogue says of it, with `configuration_count` and
  /// `benchmark_count` set.
  domain::Model model;
  /// How well it matches: above 0, up to 1.
  double score = 0;
};

/// A row that import refused.
struct QuarantinedRow {
  domain::BenchmarkId id;
  domain::Measurement measurement;
  std::string location;
  std::vector<domain::QuarantineReason> reasons;
  domain::Revision revision = 0;
};

/// What an import did, or would do. Counts are rows.
struct ImportOutcome {
  std::int64_t accepted = 0;
  /// Their content was there already, or twice in the import.
  std::int64_t already_present = 0;
  /// New ones, and such as are in quarantine already.
  std::int64_t quarantined = 0;
  /// Accepted ones whose load is marked as saturated.
  std::int64_t saturated = 0;
  /// The store's revision afterwards.
  domain::Revision revision = 0;
};

/// Is told how many of an import's rows are merged so far, in rising order; 0
/// where a merge has to be repeated.
using OnMerged = std::function<void(std::int64_t rows)>;

/// An import under way. Not thread-safe. Dropping it before `Commit` leaves no
/// trace.
class ImportSession {
 public:
  virtual ~ImportSession() = default;
  /// `verdict` must be accepted.
  virtual base::Status Accept(const domain::Verdict& verdict) = 0;
  /// `row.revision` is ignored.
  virtual base::Status Quarantine(QuarantinedRow row) = 0;
  /// Makes all rows durable and visible at once, under one new revision (the
  /// current one, where nothing was new). Call once, last. Rows that are there
  /// already, or twice in the session, are counted as already present.
  /// `on_merged` is told of all rows in the end, and must not block: others may
  /// be waiting for this import.
  virtual base::Result<ImportOutcome> Commit(const OnMerged& on_merged) = 0;
  base::Result<ImportOutcome> Commit() {
    return Commit([](std::int64_t) {});
  }
  /// Counts what `Commit` would do, and changes nothing. Call instead of it.
  virtual base::Result<ImportOutcome> DryRun() = 0;
};

/// What changed after some revision.
struct Changes {
  domain::Revision revision = 0;
  std::string snapshot_id;
  /// Sorted, without repeats.
  std::vector<std::string> models;
  bool catalog = false;
  /// The caller's revision is of another data set.
  bool reset = false;
};

/// Keeps benchmarks. Every sentence below has a test of the same name in
/// tests/conformance, and every backend passes that suite.
///
/// Thread-safe. Filters hold canonical text. All methods may also fail with
/// `kUnavailable`, `kDeadlineExceeded`, `kCancelled` or `kInternal`.
class BenchmarkRepository {
 public:
  virtual ~BenchmarkRepository() = default;

  /// Lists matches in order of (configuration, shape, achieved rate, id).
  /// Pages after the first read the same revision, whatever was imported since.
  /// No match is an empty page. A future revision fails with `kInvalidArgument`.
  virtual base::Result<Page<domain::Benchmark>> List(const domain::BenchmarkFilter& filter, const PageRequest& page,
                                                     const CallScope& scope) const = 0;

  /// Fails with `kNotFound` (`BENCHMARK_NOT_FOUND`) if there is none.
  virtual base::Result<domain::Benchmark> Get(const domain::BenchmarkId& id, const CallScope& scope) const = 0;

  /// Lists configurations with matches in their order. A filter with a shape
  /// counts only benchmarks of that shape.
  virtual base::Result<Page<ConfigurationSummary>> ListConfigurations(const domain::BenchmarkFilter& filter,
                                                                      const PageRequest& page,
                                                                      const CallScope& scope) const = 0;

  /// Returns the match nearest to `asked` by `domain::Distance`. Ties go to the
  /// smallest configuration, then shape, then the achieved rate nearest to
  /// `rate` (the lowest, where absent), then the lower rate, then the smallest
  /// id. `filter.shape` is ignored. Fails with `kNotFound`
  /// (`NO_BENCHMARK_MATCHES`) if nothing matches.
  virtual base::Result<ClosestBenchmark> FindClosest(const domain::BenchmarkFilter& filter,
                                                     const domain::TrafficShape& asked, std::optional<double> rate,
                                                     const CallScope& scope) const = 0;

  /// Starts an import. Imports that run at the same time end as if one had
  /// come after the other.
  virtual base::Result<std::unique_ptr<ImportSession>> BeginImport(const CallScope& scope) = 0;

  /// Lists quarantined rows in order of (revision, id).
  virtual base::Result<Page<QuarantinedRow>> ListQuarantined(const PageRequest& page, const CallScope& scope) const = 0;

  /// Returns at once what changed after `after`; with `snapshot_id` of another
  /// data set, or an `after` that was never reached, `reset` is true.
  virtual base::Result<Changes> ChangesSince(domain::Revision after, const std::string& snapshot_id,
                                             const CallScope& scope) const = 0;

  /// Waits until the revision is above `after`, `wait` is over or the caller is
  /// gone, and returns the revision.
  virtual base::Result<domain::Revision> AwaitChange(domain::Revision after, std::chrono::milliseconds wait,
                                                     const CallScope& scope) const = 0;

  /// All models that have benchmarks, sorted, with `configuration_count` and `benchmark_count` set.
  virtual base::Result<std::vector<domain::Model>> Models(const CallScope& scope) const = 0;

  /// Finds the models that every word of `query` matches (`ModelIndex`), among
  /// those of the catalogue and those that have benchmarks. The best come
  /// first; ties go to more benchmarks, then to the smaller name. Pages after
  /// the first read the same revision, whatever was imported since. No match is
  /// an empty page. A future revision fails with `kInvalidArgument`.
  virtual base::Result<Page<FoundModel>> SearchModels(const ModelQuery& query, const PageRequest& page,
                                                      const CallScope& scope) const = 0;
};

/// The row that import makes of a verdict that is not accepted.
QuarantinedRow QuarantinedFrom(domain::Verdict verdict, std::string location);

/// The errors that the contract names, so that all backends word them alike.
base::Error BenchmarkNotFound(const domain::BenchmarkId& id);
base::Error NoBenchmarkMatches(const domain::BenchmarkFilter& filter, const std::vector<std::string>& known_models,
                               const std::vector<std::string>& known_hardware);
base::Error FutureRevision(domain::Revision asked, domain::Revision current);
/// For an `after` that names nothing.
base::Error StrangePosition();
/// `detail`, such as a path, goes to the log only.
base::Error DataNotWritable(std::string_view detail);

}  // namespace loadline::store
