#include <fmt/format.h>

#include "services/benchmark-store/repository/postgres/benchmark_row.h"
#include "services/benchmark-store/repository/postgres/partitions.h"
#include "services/benchmark-store/repository/postgres/queries.h"

namespace loadline::store::postgres {
namespace {

// Each import that adds curves costs one more; there cannot be many meanwhile.
constexpr int kAttempts = 8;

constexpr char kAll[] = "benchmark_results";
constexpr char kDefault[] = "benchmark_results_default";

/// The table that holds all benchmarks of the curve: one partition where that
/// is known, because the server locks every partition of a table that it reads.
std::string TableOf(const StoredCurve& curve) {
  if (curve.month == StoredCurve::kSeveralMonths) return kAll;
  if (curve.month == StoredCurve::kUndated) return kDefault;
  const auto month =
      std::chrono::year(curve.month / 12) / std::chrono::month(static_cast<unsigned>(curve.month % 12 + 1));
  if (month < kFirstPartition || month > kLastPartition) return kDefault;
  return fmt::format("{}_{:04}_{:02}", kAll, static_cast<int>(month.year()), static_cast<unsigned>(month.month()));
}

/// A query for rows `b` of a table, with what the database's state is: one row
/// at least, whose `b` is NULL where there is none. Provenances are not joined:
/// they never change, and the store knows most of them.
std::string WithState(const std::string& rows) {
  return fmt::format("SELECT s.revision, s.curves_revision, {} FROM store_state s LEFT JOIN LATERAL ({}) b ON true",
                     BenchmarkColumnsWithProvenanceId(), rows);
}

/// The row of the curve with the lowest rate from $2 on, the smallest id first.
constexpr char kAtOrAbove[] =
    "SELECT * FROM {0} a WHERE a.curve_id = $1 AND a.responses_per_second >= $2 "
    "ORDER BY a.responses_per_second, a.id LIMIT 1";
/// The one with the highest rate below.
constexpr char kBelow[] =
    "SELECT * FROM {0} a WHERE a.curve_id = $1 AND a.responses_per_second = (SELECT max(l.responses_per_second) "
    "FROM {0} l WHERE l.curve_id = $1 AND l.responses_per_second < $2) ORDER BY a.id LIMIT 1";

/// Both, of which there may be only one. Without a rate the lowest will do,
/// which costs the server half as much.
std::string NearestRates(const std::string& table, bool rate_asked) {
  const auto above = fmt::format(kAtOrAbove, table);
  if (!rate_asked) return WithState(above);
  return WithState("(" + above + ") UNION ALL (" + fmt::format(kBelow, table) + ")");
}

constexpr int kRevision = 0;
constexpr int kCurvesRevision = 1;
constexpr int kFirstColumn = 2;

base::Result<Rows> Candidates(Connection& connection, const StoredCurve& curve, const std::string& table,
                              std::optional<double> rate, const CallScope& scope) {
  return connection.Run((rate ? "nearest_" : "lowest_") + table,
                        [&table, rate_asked = rate.has_value()] { return NearestRates(table, rate_asked); },
                        Parameters().Integer(curve.id).Double(rate.value_or(0)), scope);
}

bool HasNone(const Rows& candidates) { return candidates.IsNull(0, kFirstColumn); }

/// Of one or two candidates: the nearer, the lower where both are as near.
int Nearer(const Rows& candidates, std::optional<double> rate) {
  if (candidates.size() == 1) return 0;
  const auto rate_of = [&](int row) { return BenchmarkRow{candidates, row, kFirstColumn}.rate(); };
  const int below = rate_of(0) < rate_of(1) ? 0 : 1;
  const int above = 1 - below;
  return *rate - rate_of(below) <= rate_of(above) - *rate ? below : above;
}

base::Result<Rows> CandidatesAnywhere(PostgresStore& store, const StoredCurve& curve, std::optional<double> rate,
                                      const CallScope& scope) {
  const auto table = TableOf(curve);
  LOADLINE_ASSIGN_OR_RETURN(auto found, store.Read(scope, [&](Connection& connection) {
    return Candidates(connection, curve, table, rate, scope);
  }));
  if (!HasNone(found)) return found;
  // Its rows moved to a partition that was made since, or a replica lags.
  return RunRepeatable(store.primary(), scope,
                       [&](Connection& connection) { return Candidates(connection, curve, kAll, rate, scope); });
}

base::Error ChangesTooFast() {
  return base::Unavailable("DATABASE_CHANGES", "The data changes faster than they can be read. Retry shortly.",
                           std::chrono::milliseconds(250));
}

/// Whether `curves` lack none that the database has.
base::Result<bool> AreNewest(PostgresStore& store, const CurveIndex& curves, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto state, RunRepeatable(store.primary(), scope, [&](Connection& connection) {
                              return ReadState(connection, scope);
                            }));
  if (state.curves_revision <= curves.curves_revision()) return true;
  LOADLINE_RETURN_IF_ERROR(store.Curves(state.curves_revision, scope));
  return false;
}

}  // namespace

base::Result<ClosestBenchmark> FindClosest(PostgresStore& store, const domain::BenchmarkFilter& filter,
                                           const domain::TrafficShape& asked, std::optional<double> rate,
                                           const CallScope& scope) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto curves = store.KnownCurves();
    const auto match = curves->FindNearest(filter, asked);
    if (!match) {
      LOADLINE_ASSIGN_OR_RETURN(const bool newest, AreNewest(store, *curves, scope));
      if (newest) return base::Fail(NoBenchmarkMatches(filter, curves->ModelNames(), curves->HardwareNames()));
      continue;
    }
    LOADLINE_ASSIGN_OR_RETURN(const auto found, CandidatesAnywhere(store, curves->curve(match->curve), rate, scope));
    const auto curves_revision = found.BigInteger(0, kCurvesRevision);
    if (curves_revision > curves->curves_revision()) {
      LOADLINE_RETURN_IF_ERROR(store.Curves(curves_revision, scope));
      continue;
    }
    if (HasNone(found)) return base::Fail(base::Internal("a curve has no benchmarks"));
    const BenchmarkRow row = {found, Nearer(found, rate), kFirstColumn};
    LOADLINE_ASSIGN_OR_RETURN(const auto provenance, store.ProvenanceOf(row.provenance_id(), scope));
    return ClosestBenchmark{
        .benchmark = row.Read(curves->configuration(match->curve), curves->curve(match->curve).shape, *provenance),
        .distance = match->distance,
        .revision = found.BigInteger(0, kRevision)};
  }
  return base::Fail(ChangesTooFast());
}

}  // namespace loadline::store::postgres
