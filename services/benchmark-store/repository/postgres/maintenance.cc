#include "services/benchmark-store/repository/postgres/maintenance.h"

#include <fmt/format.h>

#include <array>

#include "services/benchmark-store/repository/postgres/partitions.h"
#include "services/benchmark-store/repository/postgres/store_state.h"

namespace loadline::store::postgres {
namespace {

// Long enough for tables of many millions of rows.
constexpr std::chrono::hours kPatience(1);

constexpr char kTryLock[] = "SELECT pg_try_advisory_xact_lock(7023364510)";

constexpr char kMonthsAhead[] =
    "SELECT ensure_benchmark_partition((now() AT TIME ZONE 'UTC' + make_interval(months => ahead))::date) "
    "FROM generate_series(0, 2) ahead";

constexpr char kIsDue[] =
    "SELECT s.revision <> m.revision, s.benchmark_count NOT BETWEEN m.benchmark_count AND m.benchmark_count * 1.1 + "
    "100 "
    "FROM maintenance m CROSS JOIN store_state s WHERE m.task = $1 AND clock_timestamp() >= m.done_at + 20 * m.took";

// `now()` is when the task's transaction began.
constexpr char kSetDone[] =
    "UPDATE maintenance m SET revision = $2, benchmark_count = $3, done_at = clock_timestamp(), "
    "took = clock_timestamp() - now() WHERE m.task = $1";

constexpr char kMonthsInDefault[] =
    "SELECT ensure_benchmark_partition(month) FROM (SELECT DISTINCT date_trunc('month', measured_at AT TIME ZONE 'UTC')"
    "::date AS month FROM benchmark_results_default WHERE measured_at IS NOT NULL) m "
    "WHERE month BETWEEN $1::date AND $2::date";

constexpr char kCountOutside[] = "SELECT count(*) FROM benchmark_results_default WHERE measured_at IS NOT NULL";

/// What changes ask for: any change, or many benchmarks.
enum class Due { kAfterAnyChange, kAfterManyBenchmarks };

/// One task: due, then done, under the lock that stores take turns with.
struct Task {
  const char* name;
  Due due;
  std::function<base::Status()> work;
};

base::Result<bool> TakeTurn(Connection& connection, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto locked, connection.Run(kTryLock, {}, scope));
  return locked.Boolean(0, 0);
}

base::Result<bool> IsDue(Connection& connection, const Task& task, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto due, connection.Run(kIsDue, Parameters().Text(task.name), scope));
  return !due.empty() && due.Boolean(0, task.due == Due::kAfterAnyChange ? 0 : 1);
}

/// False: it was not due, or another store is at it.
base::Result<bool> DoIfDue(Connection& connection, const Task& task, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(auto transaction, Transaction::Begin(connection, scope));
  LOADLINE_ASSIGN_OR_RETURN(const bool turn, TakeTurn(connection, scope));
  if (!turn) return false;
  LOADLINE_ASSIGN_OR_RETURN(const bool due, IsDue(connection, task, scope));
  if (!due) return false;
  // Read before the work, so that what is committed meanwhile makes it due again.
  LOADLINE_ASSIGN_OR_RETURN(const auto state, ReadState(connection, scope));
  LOADLINE_RETURN_IF_ERROR(task.work());
  Parameters done;
  done.Text(task.name).BigInteger(state.revision).BigInteger(state.benchmark_count);
  LOADLINE_RETURN_IF_ERROR(connection.Run(kSetDone, done, scope));
  LOADLINE_RETURN_IF_ERROR(transaction.Commit(scope));
  return true;
}

base::Status MakeMonthsAhead(Connection& connection, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(auto transaction, Transaction::Begin(connection, scope));
  LOADLINE_ASSIGN_OR_RETURN(const bool turn, TakeTurn(connection, scope));
  if (!turn) return {};
  LOADLINE_RETURN_IF_ERROR(LockState(connection, scope));
  LOADLINE_RETURN_IF_ERROR(connection.Run(kMonthsAhead, {}, scope));
  return transaction.Commit(scope);
}

base::Result<std::int64_t> EmptyDefaultPartition(Connection& connection, const CallScope& scope) {
  Parameters months;
  months.Text(FirstDay(kFirstPartition)).Text(FirstDay(kLastPartition));
  LOADLINE_RETURN_IF_ERROR(LockState(connection, scope));
  LOADLINE_RETURN_IF_ERROR(connection.Run(kMonthsInDefault, months, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto left, connection.Run(kCountOutside, {}, scope));
  return left.BigInteger(0, 0);
}

}  // namespace

base::Result<MaintenanceFindings> Maintain(Connection& connection, const CallScope& scope) {
  MaintenanceFindings findings;
  const auto run = [&](const char* sql) -> base::Status {
    LOADLINE_RETURN_IF_ERROR(connection.Run(sql, {}, scope));
    return {};
  };
  const auto empty_default = [&]() -> base::Status {
    LOADLINE_ASSIGN_OR_RETURN(findings.outside_partitions, EmptyDefaultPartition(connection, scope));
    return {};
  };
  const std::array<Task, 3> tasks = {{
      {"default_partition", Due::kAfterAnyChange, empty_default},
      {"planner_statistics", Due::kAfterManyBenchmarks, [&] { return run("SELECT analyze_benchmarks()"); }},
      {"daily_model_stats", Due::kAfterAnyChange, [&] { return run("SELECT refresh_daily_model_stats()"); }},
  }};
  LOADLINE_RETURN_IF_ERROR(MakeMonthsAhead(connection, scope));
  for (const auto& task : tasks) LOADLINE_RETURN_IF_ERROR(DoIfDue(connection, task, scope));
  return findings;
}

Maintenance::Maintenance(std::string url, std::chrono::milliseconds interval, OnEvent on_event)
    : url_(std::move(url)), interval_(interval), on_event_(std::move(on_event)), thread_([this] { Run(); }) {}

Maintenance::~Maintenance() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
}

bool Maintenance::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

bool Maintenance::Rest() {
  std::unique_lock lock(mutex_);
  return !stopped_.wait_for(lock, interval_, [this] { return stopping_; });
}

void Maintenance::Run() {
  do Round();
  while (Rest());
}

void Maintenance::Round() {
  const CallScope scope = {.deadline = std::chrono::steady_clock::now() + kPatience,
                           .cancelled = [this] { return stopping(); }};
  const auto findings = [&]() -> base::Result<MaintenanceFindings> {
    LOADLINE_ASSIGN_OR_RETURN(const auto connection, Connection::Open(url_, scope));
    return Maintain(*connection, scope);
  }();
  if (!findings) return Report(findings.error());
  last_failure_.clear();
  if (findings->outside_partitions.value_or(0) == 0) return;
  on_event_("benchmarks_outside_partitions",
            fmt::format("{} benchmarks were measured before {} or after {} and share the default partition, which "
                        "slows down reads: see docs/OPERATIONS.md.",
                        *findings->outside_partitions, static_cast<int>(kFirstPartition.year()),
                        static_cast<int>(kLastPartition.year())));
}

void Maintenance::Report(const base::Error& error) {
  if (stopping()) return;
  const auto message = error.detail.empty() ? error.message : error.message + " " + error.detail;
  if (std::exchange(last_failure_, message) != message) on_event_("maintenance_failed", message);
}

}  // namespace loadline::store::postgres
