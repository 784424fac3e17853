#include "services/benchmark-store/repository/postgres/postgres_store.h"

#include <algorithm>

#include "services/benchmark-store/repository/postgres/benchmark_row.h"
#include "services/benchmark-store/repository/postgres/call_time.h"
#include "services/benchmark-store/repository/postgres/curve_reader.h"
#include "services/benchmark-store/repository/postgres/migrate.h"
#include "services/benchmark-store/repository/postgres/partitions.h"

namespace loadline::store::postgres {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstRetry(100);
// About 10 MB.
constexpr std::size_t kMaxProvenances = 20'000;
const Statement kProvenance = {
    .name = "provenance",
    .sql =
        "SELECT source, origin, confidence_level, format, tool_version, sha256, path FROM provenances WHERE id = $1"};
constexpr char kEnsurePartition[] = "SELECT ensure_benchmark_partition($1::date)";

/// In a transaction of its own, so that readers need not wait for the change.
base::Status EnsurePartition(Connection& connection, std::chrono::year_month month, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(auto transaction, Transaction::Begin(connection, scope));
  LOADLINE_RETURN_IF_ERROR(LockState(connection, scope));
  LOADLINE_RETURN_IF_ERROR(connection.Run(kEnsurePartition, Parameters().Text(FirstDay(month)), scope));
  return transaction.Commit(scope);
}

PoolOptions ReplicaOptions(PoolOptions options, const std::string& url) {
  options.url = url;
  return options;
}

PoolOptions ImportOptions(PoolOptions options, int max_imports) {
  options.min_connections = 0;
  options.max_connections = max_imports;
  return options;
}

/// Waits for a database that is away, as one that starts beside us is.
base::Status AwaitDatabase(Pool& pool, const CallScope& scope) {
  while (true) {
    const auto lease = pool.Acquire(scope);
    if (lease) return {};
    if (!MayRetry(lease.error()) || !AwaitRetry(static_cast<int>(kFirstRetry.count() / 20), scope)) {
      return base::Fail(lease.error());
    }
  }
}

}  // namespace

PostgresStore::PostgresStore(PostgresStoreOptions options)
    : options_(std::move(options)),
      primary_(options_.pool),
      imports_(ImportOptions(options_.pool, options_.max_imports)) {
  if (!options_.read_url.empty()) replica_.emplace(ReplicaOptions(options_.pool, options_.read_url));
}

base::Result<std::unique_ptr<PostgresStore>> PostgresStore::Open(PostgresStoreOptions options) {
  auto store = Make(std::move(options));
  LOADLINE_RETURN_IF_ERROR(AwaitDatabase(store->primary_, Within(store->options_.open_patience)));
  LOADLINE_RETURN_IF_ERROR(store->Start());
  return store;
}

std::unique_ptr<PostgresStore> PostgresStore::Make(PostgresStoreOptions options) {
  return std::unique_ptr<PostgresStore>(new PostgresStore(std::move(options)));
}

base::Status PostgresStore::Start(const std::function<bool()>& cancelled) {
  const CallScope scope = {.deadline = std::chrono::steady_clock::now() + options_.open_patience,
                           .cancelled = cancelled};
  {
    LOADLINE_ASSIGN_OR_RETURN(const auto lease, primary_.Acquire(scope));
    LOADLINE_ASSIGN_OR_RETURN(const auto status, ReadMigrationStatus(*lease, EmbeddedMigrations(), scope));
    LOADLINE_RETURN_IF_ERROR(CheckSchema(status));
    LOADLINE_RETURN_IF_ERROR(SeedCatalog(*lease, options_.seed, scope));
    LOADLINE_ASSIGN_OR_RETURN(state_, ReadState(*lease, scope));
  }
  LOADLINE_RETURN_IF_ERROR(Curves(state_.curves_revision, scope));
  feed_.emplace(options_.pool.url, state_,
                ChangeFeed::Listeners{.on_state = [this](const auto& state) { OnState(state); },
                                      .on_loss =
                                          [this](const auto& error) {
                                            Report("database_lost", error.detail);
                                            const std::lock_guard lock(mutex_);
                                            lost_ = true;
                                          }});
  maintenance_.emplace(options_.pool.url, options_.maintenance_interval,
                       [this](const auto* event, const auto& message) { Report(event, message); });
  return {};
}

DatabaseStats PostgresStore::stats() {
  DatabaseStats stats{.lag = feed_->lag(), .reachable = feed_->live(), .vitals = vitals_.Read()};
  const auto add = [&](const char* name, const Pool& pool) {
    stats.pools.push_back({.name = name, .max_connections = pool.max_connections(), .stats = pool.stats()});
  };
  add("primary", primary_);
  add("imports", imports_);
  if (replica_) add("replica", *replica_);
  const std::lock_guard lock(mutex_);
  stats.state = state_;
  return stats;
}

void PostgresStore::OnState(const StoreState& state) {
  const std::lock_guard lock(mutex_);
  // The database may have been set back while we did not see it.
  if (std::exchange(lost_, false)) {
    ++history_;
    curves_ = std::make_shared<CurveIndex>();
    catalog_ = {};
    provenances_.clear();
    partitions_.clear();
    state_ = state;
  }
  if (state.revision >= state_.revision) state_ = state;
}

void PostgresStore::Learn(domain::Revision revision, bool catalog) {
  {
    const std::lock_guard lock(mutex_);
    state_.revision = std::max(state_.revision, revision);
    if (catalog) state_.catalog_revision = std::max(state_.catalog_revision, revision);
  }
  feed_->Learn(revision);
}

std::shared_ptr<const CurveIndex> PostgresStore::KnownCurves() const {
  const std::lock_guard lock(mutex_);
  return curves_;
}

base::Result<std::shared_ptr<const CurveIndex>> PostgresStore::Curves(domain::Revision curves_revision,
                                                                      const CallScope& scope) {
  if (auto known = KnownCurves(); known->curves_revision() >= curves_revision) return known;
  const std::lock_guard loading(loading_);
  while (true) {
    // In this order: curves of a later history are then only read once more.
    const auto history = History();
    const auto known = KnownCurves();
    if (known->curves_revision() >= curves_revision) return known;
    LOADLINE_ASSIGN_OR_RETURN(auto read, RunRepeatable(primary_, scope, [&](Connection& connection) {
                                return ReadCurves(connection, *known, scope);
                              }));
    if (Keep(curves_, read, history)) return read;
  }
}

std::int64_t PostgresStore::History() const {
  const std::lock_guard lock(mutex_);
  return history_;
}

template <typename Value>
bool PostgresStore::Keep(Value& known, const Value& read, std::int64_t history) {
  const std::lock_guard lock(mutex_);
  if (history != history_) return false;
  known = read;
  return true;
}

StoredCatalog PostgresStore::KnownCatalog() const {
  const std::lock_guard lock(mutex_);
  return catalog_;
}

base::Result<StoreState> PostgresStore::KnownState(const CallScope& scope) {
  if (feed_->live()) {
    const std::lock_guard lock(mutex_);
    return state_;
  }
  return RunRepeatable(primary_, scope, [&](Connection& connection) { return ReadState(connection, scope); });
}

base::Result<StoredCatalog> PostgresStore::CatalogAt(domain::Revision catalog_revision, const CallScope& scope) {
  if (auto known = KnownCatalog(); known.changed_at >= catalog_revision) return known;
  const std::lock_guard loading(loading_);
  while (true) {
    const auto history = History();
    if (auto known = KnownCatalog(); known.changed_at >= catalog_revision) return known;
    LOADLINE_ASSIGN_OR_RETURN(auto read, RunRepeatable(primary_, scope, [&](Connection& connection) {
                                return postgres::ReadCatalog(connection, scope);
                              }));
    // Whatever changed it last, it is as it was at the revision asked for.
    read.changed_at = std::max(read.changed_at, catalog_revision);
    if (Keep(catalog_, read, history)) return read;
  }
}

SharedProvenance PostgresStore::KnownProvenance(std::int32_t id) const {
  const std::lock_guard lock(mutex_);
  const auto found = provenances_.find(id);
  return found == provenances_.end() ? nullptr : found->second;
}

base::Result<SharedProvenance> PostgresStore::ProvenanceOf(std::int32_t id, const CallScope& scope) {
  if (auto known = KnownProvenance(id)) return known;
  const auto history = History();
  LOADLINE_ASSIGN_OR_RETURN(const auto rows, RunRepeatable(primary_, scope, [&](Connection& connection) {
                              return connection.Run(kProvenance, Parameters().Integer(id), scope);
                            }));
  if (rows.empty()) return base::Fail(base::Internal("a benchmark has no provenance"));
  auto read = std::make_shared<const domain::Provenance>(ReadProvenance(rows, 0, 0));
  const std::lock_guard lock(mutex_);
  if (provenances_.size() >= kMaxProvenances) provenances_.clear();
  if (history == history_) provenances_.emplace(id, read);
  return read;
}

base::Result<CatalogSnapshot> PostgresStore::ReadCatalog(const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto state, KnownState(scope));
  LOADLINE_ASSIGN_OR_RETURN(auto stored, CatalogAt(state.catalog_revision, scope));
  return CatalogSnapshot{.catalog = std::move(stored.catalog), .revision = std::max(state.revision, stored.changed_at)};
}

base::Status PostgresStore::EnsurePartitions(Connection& connection, const std::set<std::chrono::year_month>& months,
                                             const CallScope& scope) {
  for (const auto& month : months) {
    if (month < kFirstPartition || month > kLastPartition) continue;
    {
      const std::lock_guard lock(mutex_);
      if (partitions_.contains(month)) continue;
    }
    LOADLINE_RETURN_IF_ERROR(EnsurePartition(connection, month, scope));
    const std::lock_guard lock(mutex_);
    partitions_.insert(month);
  }
  return {};
}

}  // namespace loadline::store::postgres
