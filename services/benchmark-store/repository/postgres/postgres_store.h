#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "services/benchmark-store/repository/catalog_repository.h"
#include "services/benchmark-store/repository/postgres/catalog_store.h"
#include "services/benchmark-store/repository/postgres/change_feed.h"
#include "services/benchmark-store/repository/postgres/curve_index.h"
#include "services/benchmark-store/repository/postgres/maintenance.h"
#include "services/benchmark-store/repository/postgres/pool.h"
#include "services/benchmark-store/repository/postgres/retry.h"
#include "services/benchmark-store/repository/postgres/vitals.h"

namespace loadline::store::postgres {

using SharedProvenance = std::shared_ptr<const domain::Provenance>;

struct PostgresStoreOptions {
  /// `pool.url` is the primary's.
  PoolOptions pool;
  /// A replica's, for reads; empty for none.
  std::string read_url = {};
  /// Imports that may be under way at once, each with a connection of its own.
  int max_imports = 4;
  /// What a database that never had a catalogue starts with.
  Catalog seed = {};
  /// How long `Open` waits for a database that is away, and an attempt to start
  /// may take.
  std::chrono::milliseconds open_patience = std::chrono::seconds(30);
  /// How often it looks whether the database needs maintenance.
  std::chrono::milliseconds maintenance_interval = std::chrono::minutes(1);
  /// What an operator should know, as it happens: an event's name and text.
  /// Called by any thread.
  std::function<void(const char* event, const std::string& message)> on_event = [](const char*, const std::string&) {};
};

/// One of a store's pools, as it is now.
struct NamedPool {
  /// "primary", "replica" or "imports".
  std::string name;
  int max_connections = 0;
  PoolStats stats = {};
};

/// For metrics.
struct DatabaseStats {
  std::vector<NamedPool> pools = {};
  /// As far as is known here.
  StoreState state = {};
  /// How long ago the database was heard of.
  std::chrono::milliseconds lag{0};
  bool reachable = false;
  Vitals vitals = {};
};

/// Benchmarks and catalogue in PostgreSQL: what both repositories share.
/// Thread-safe.
///
/// Curves and the catalogue are kept in memory as of the revision that changed
/// them last; each read finds out in its own statement whether that is still
/// the newest, and reads them again where it is not.
class PostgresStore {
 public:
  /// Made and started, once the database is there.
  static base::Result<std::unique_ptr<PostgresStore>> Open(PostgresStoreOptions options);
  /// Not started: nothing else may be used before `Start` has succeeded.
  static std::unique_ptr<PostgresStore> Make(PostgresStoreOptions options);
  /// Fails with `kFailedPrecondition`: `SCHEMA_TOO_OLD`, `MIGRATION_CHANGED`,
  /// `DATABASE_REFUSED`; with `kUnavailable` where the database is away; or as
  /// `cancelled` and patience end it. May be tried again until it succeeds, by
  /// one thread at a time.
  base::Status Start(const std::function<bool()>& cancelled = [] { return false; });

  Pool& primary() { return primary_; }
  /// The replica, or the primary where there is none.
  Pool& readers() { return replica_ ? *replica_ : primary_; }
  Pool& imports() { return imports_; }
  ChangeFeed& feed() { return *feed_; }
  /// May ask the database, and wait for a second.
  DatabaseStats stats();
  bool has_replica() const { return replica_.has_value(); }

  /// Runs `body(connection)`, which only reads, on the replica where there is
  /// one and it can be reached, else on the primary.
  template <typename Body>
  auto Read(const CallScope& scope, const Body& body) -> decltype(body(std::declval<Connection&>()));

  /// All curves as of `curves_revision` or later.
  base::Result<std::shared_ptr<const CurveIndex>> Curves(domain::Revision curves_revision, const CallScope& scope);
  /// What is in memory, however old.
  std::shared_ptr<const CurveIndex> KnownCurves() const;

  /// The provenance with this id.
  base::Result<SharedProvenance> ProvenanceOf(std::int32_t id, const CallScope& scope);

  base::Result<CatalogSnapshot> ReadCatalog(const CallScope& scope);

  /// A change that this process made.
  void Learn(domain::Revision revision, bool catalog);

  /// Makes the partitions of these months, so that a merge finds them.
  base::Status EnsurePartitions(Connection& connection, const std::set<std::chrono::year_month>& months,
                                const CallScope& scope);

  void Report(const char* event, const std::string& message) const { options_.on_event(event, message); }

 private:
  explicit PostgresStore(PostgresStoreOptions options);
  void OnState(const StoreState& state);
  base::Result<StoreState> KnownState(const CallScope& scope);
  base::Result<StoredCatalog> CatalogAt(domain::Revision catalog_revision, const CallScope& scope);
  StoredCatalog KnownCatalog() const;
  SharedProvenance KnownProvenance(std::int32_t id) const;
  std::int64_t History() const;
  /// Keeps what was read, unless the history that it is of has ended meanwhile.
  template <typename Value>
  bool Keep(Value& known, const Value& read, std::int64_t history);

  const PostgresStoreOptions options_;
  Pool primary_;
  std::optional<Pool> replica_;
  Pool imports_;
  // Held while curves or the catalogue are read: others wait for that result.
  std::mutex loading_;
  mutable std::mutex mutex_;
  std::shared_ptr<const CurveIndex> curves_ = std::make_shared<CurveIndex>();  // guarded by mutex_
  StoredCatalog catalog_;                                                      // guarded by mutex_
  StoreState state_;                                                           // guarded by mutex_
  // A part of them, by id. They never change.
  std::unordered_map<std::int32_t, SharedProvenance> provenances_;  // guarded by mutex_
  bool lost_ = false;                                               // guarded by mutex_
  /// How often the database was set back. What was read before belongs to
  /// another history, whatever its revision.
  std::int64_t history_ = 0;                      // guarded by mutex_
  std::set<std::chrono::year_month> partitions_;  // guarded by mutex_
  std::optional<ChangeFeed> feed_;
  std::optional<Maintenance> maintenance_;
  VitalsMonitor vitals_{primary_};
};

/// A read that failed like this on a replica may do well on the primary: the
/// replica is away, or lacks what a migration has made there.
inline bool MayPrimaryDo(const base::Error& error) {
  return MayRetry(error) || error.code == base::ErrorCode::kInternal;
}

template <typename Body>
auto PostgresStore::Read(const CallScope& scope, const Body& body) -> decltype(body(std::declval<Connection&>())) {
  if (!has_replica()) return RunRepeatable(primary_, scope, body);
  auto result = RunRepeatable(*replica_, scope, body);
  if (result || !MayPrimaryDo(result.error())) return result;
  return RunRepeatable(primary_, scope, body);
}

}  // namespace loadline::store::postgres
